package dev.qwenmcp.server.transport.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet that answers the methods it has, and does not send back what it was sent (TRACE). */
abstract class ProtocolServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected final void doTrace(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
  }
}
