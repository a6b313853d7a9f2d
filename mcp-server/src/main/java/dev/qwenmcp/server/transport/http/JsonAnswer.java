package dev.qwenmcp.server.transport.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An answer that is one JSON text. */
final class JsonAnswer {
  static final String TYPE = "application/json";

  private JsonAnswer() {}

  /** Writes the whole of it, with the status that the response has. */
  static void write(HttpServletResponse response, byte[] json) throws IOException {
    response.setContentType(TYPE);
    response.setHeader("Cache-Control", "no-store");
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }
}
