package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.ops.AuditTrail;
import dev.qwenmcp.server.ops.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What those who run a server see of it. */
final class OperationsFlags {
  @Option(
      names = "--audit-log",
      paramLabel = "FILE",
      description =
          "Note who called what, when, and how it ended, as JSON lines; never the contents (default:"
              + " nowhere).")
  private Path auditLog;

  @Option(
      names = "--audit-log-size",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      defaultValue = "64M",
      description = "Size at which it is put aside as FILE.1 (default: ${DEFAULT-VALUE}).")
  private ByteSize auditSize;

  @Option(
      names = "--audit-log-files",
      paramLabel = "N",
      defaultValue = "8",
      description = "Files put aside that are kept (default: ${DEFAULT-VALUE}).")
  private int auditFiles;

  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "OpenTelemetry collector that gets a span of every call, such as http://127.0.0.1:4318"
              + " (default: $OTEL_EXPORTER_OTLP_ENDPOINT; none).")
  private String collector;

  /** The audit log, if there shall be one. */
  Optional<AuditTrail> audit() throws IOException {
    return auditLog == null
        ? Optional.empty()
        : Optional.of(
            new AuditTrail(auditLog, auditSize.bytes(), auditFiles, InstantSource.system()));
  }

  /** Spans, if there is a collector. */
  Optional<Tracing> tracing() {
    return Tracing.configured(collector, System.getenv());
  }
}
