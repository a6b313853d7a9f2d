package dev.qwenmcp.server.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Ends a call that needs answers of its client first; it is run again with them. */
public final class InputRequiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient SequencedMap<String, ClientRequest> requests;

  /**
   * @param requests what is missing, by key
   */
  public InputRequiredException(SequencedMap<String, ClientRequest> requests) {
    super("input required: " + String.join(", ", requests.keySet()), null, false, false);
    this.requests = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(requests));
  }

  public SequencedMap<String, ClientRequest> requests() {
    return requests;
  }
}
