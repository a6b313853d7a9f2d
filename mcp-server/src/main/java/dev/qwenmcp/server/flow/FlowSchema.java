package dev.qwenmcp.server.flow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of flows, for editors; the reader says more, by line and field. */
public final class FlowSchema {
  private FlowSchema() {}

  /** The schema as text. */
  public static String text() {
    try (InputStream in = FlowSchema.class.getResourceAsStream("flow.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("flow.schema.json is missing; build the program anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
