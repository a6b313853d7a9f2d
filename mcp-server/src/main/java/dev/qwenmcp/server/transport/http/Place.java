package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.RpcError;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a client has read one of its session's streams, as {@link EventStream#place} writes it.
 *
 * @param stream its number
 * @param event number of the last event that the client has
 */
record Place(long stream, long event) {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /**
   * Reads a header {@code Last-Event-ID}.
   *
   * @param header null where it is absent
   * @return null then
   */
  static Place of(String header) throws HttpRefusal {
    if (header == null) {
      return null;
    }
    Matcher written = WRITTEN.matcher(header);
    if (!written.matches()) {
      throw new HttpRefusal(
          HttpServletResponse.SC_BAD_REQUEST,
          null,
          new RpcError(
              RpcError.INVALID_REQUEST, "Last-Event-ID is none that this server has given"));
    }
    return new Place(Long.parseLong(written.group(1)), Long.parseLong(written.group(2)));
  }
}
