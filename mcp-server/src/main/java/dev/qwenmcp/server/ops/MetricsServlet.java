package dev.qwenmcp.server.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code /metrics}, as Prometheus reads it. */
public final class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Where it is served. */
  public static final String PATH = "/metrics";

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final transient PrometheusMeterRegistry registry;
  private final transient ServerGauges gauges;

  public MetricsServlet(PrometheusMeterRegistry registry, ServerGauges gauges) {
    this.registry = registry;
    this.gauges = gauges;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    gauges.refresh();
    byte[] text = registry.scrape(TEXT).getBytes(StandardCharsets.UTF_8);
    response.setContentType(TEXT);
    response.setContentLength(text.length);
    response.getOutputStream().write(text);
  }
}
