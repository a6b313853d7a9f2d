package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.ops.AuditTrail;
import dev.qwenmcp.server.ops.AuditedResources;
import dev.qwenmcp.server.ops.CallMeters;
import dev.qwenmcp.server.ops.HealthServlet;
import dev.qwenmcp.server.ops.MetricsServlet;
import dev.qwenmcp.server.ops.Readiness;
import dev.qwenmcp.server.ops.ServerGauges;
import dev.qwenmcp.server.ops.Tracing;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.security.RefusalListener;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** What those who run a server see of it, opened as its flags say. */
final class ServedOperations implements AutoCloseable {
  private final Optional<AuditTrail> audit;
  private final Optional<Tracing> tracing;
  private final Optional<PrometheusMeterRegistry> registry;
  private final Optional<CallMeters> meters;
  private Optional<ServerGauges> gauges = Optional.empty();

  /**
   * @param metrics whether somebody can ask for metrics
   * @throws IOException if the audit log cannot be written
   */
  ServedOperations(OperationsFlags flags, boolean metrics) throws IOException {
    this.audit = flags.audit();
    this.tracing = flags.tracing();
    this.registry =
        metrics
            ? Optional.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
            : Optional.empty();
    this.meters = registry.map(CallMeters::new);
  }

  /** Sees every call. */
  CallObserver observer() {
    List<CallObserver> observers = new ArrayList<>();
    meters.ifPresent(observers::add);
    tracing.ifPresent(t -> observers.add(t.spans()));
    audit.ifPresent(observers::add);
    return CallObserver.all(observers);
  }

  /** Hears of requests that are refused. */
  RefusalListener refusals() {
    return (refusal, principal, address) -> {
      meters.ifPresent(m -> m.refused(refusal, principal, address));
      audit.ifPresent(a -> a.refused(refusal, principal, address));
    };
  }

  /** Resources whose reading is noted, if anything is. */
  Resources audited(Resources resources) {
    return audit.<Resources>map(trail -> new AuditedResources(resources, trail)).orElse(resources);
  }

  /** Health and metrics over HTTP. */
  List<HttpPart> parts(ServedTools tools, IntSupplier sessions) {
    Readiness readiness = tools.readiness();
    List<HttpPart> parts = new ArrayList<>();
    HealthServlet.PATHS.forEach(
        path -> parts.add(new HttpPart.Served(path, new HealthServlet(readiness))));
    registry.ifPresent(r -> {
      ServerGauges now = new ServerGauges(r, tools.models(), tools::openContexts, sessions);
      gauges = Optional.of(now);
      parts.add(new HttpPart.Served(MetricsServlet.PATH, new MetricsServlet(r, now)));
    });
    return parts;
  }

  /** Sends and writes what is left. */
  @Override
  public void close() {
    gauges.ifPresent(ServerGauges::close);
    tracing.ifPresent(Tracing::close);
    audit.ifPresent(AuditTrail::close);
    registry.ifPresent(PrometheusMeterRegistry::close);
  }
}
