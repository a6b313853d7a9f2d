package dev.qwenmcp.server.web;

import dev.qwenmcp.server.transport.Principals;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Answers GET requests of one path with JSON. */
final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final transient ApiAnswer answer;

  /**
   * An error as JSON.
   *
   * @param error what was wrong and what to do
   */
  record Problem(String error) {}

  ApiServlet(ApiAnswer answer) {
    this.answer = answer;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] body;
    try {
      body = JSON.writeValueAsBytes(answer.to(read(request)));
    } catch (ApiException e) {
      response.setStatus(e.status());
      body = JSON.writeValueAsBytes(new Problem(e.getMessage()));
    }
    PageHeaders.on(response);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static ApiRequest read(HttpServletRequest request) {
    Map<String, String> parameters = new HashMap<>();
    request.getParameterMap().forEach((name, values) -> parameters.put(name, values[0]));
    Object principal = request.getAttribute(Principals.ATTRIBUTE);
    return new ApiRequest(principal == null ? Principals.LOCAL : (String) principal, parameters);
  }
}
