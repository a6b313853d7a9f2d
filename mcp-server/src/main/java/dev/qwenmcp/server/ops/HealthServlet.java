package dev.qwenmcp.server.ops;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /health/live}: the process answers. {@code /health/ready}: it can be given calls, or why
 * not.
 */
public final class HealthServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** The process answers. */
  public static final String LIVE = "/health/live";

  /** It can be given calls. */
  public static final String READY = "/health/ready";

  /** Where it is served. */
  public static final Set<String> PATHS = Set.of(LIVE, READY);

  private final transient Readiness readiness;

  public HealthServlet(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<String> troubles =
        request.getServletPath().equals(READY) ? readiness.troubles() : List.of();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("status", troubles.isEmpty() ? "ok" : "not ready");
    if (!troubles.isEmpty()) {
      ArrayNode reasons = answer.putArray("reasons");
      troubles.forEach(reasons::add);
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(answer.toString().getBytes(StandardCharsets.UTF_8));
  }
}
