package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import dev.qwenmcp.server.transport.http.security.Refusal;
import dev.qwenmcp.server.transport.http.security.RefusalListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who did what, when, and how it ended: a JSON object a line, never the contents of a call.
 *
 * <p>Contexts are named by a digest, because their ids are what gives access to them: the log tells
 * which calls belong together, and opens nothing.
 */
public final class AuditTrail implements CallObserver, RefusalListener, AutoCloseable {
  private static final int DIGEST_BYTES = 8;
  private static final String CONTEXT = "context_id";

  private final RotatingFile file;
  private final InstantSource clock;

  /**
   * @param maxBytes after which a file is put aside
   * @param keptFiles that were put aside
   * @throws IOException if the file cannot be opened or written to
   */
  public AuditTrail(Path file, long maxBytes, int keptFiles, InstantSource clock)
      throws IOException {
    this.file = new RotatingFile(file, maxBytes, keptFiles);
    this.clock = clock;
  }

  @Override
  public Observed began(String tool, CallRequest request) {
    Instant begin = clock.instant();
    String given = request.arguments().path(CONTEXT).asString("");
    long size = characters(request.arguments());
    return new Observed() {
      @Override
      public void ended(CallReport report) {
        ObjectNode entry = entry("call", begin, request.principal()).put("tool", tool);
        putContext(entry, given, report.outcome());
        entry.put("outcome", Outcomes.word(report.outcome()));
        if (report.cancelled()) {
          entry.put("cancelled", true);
        }
        entry
            .put("milliseconds", clock.millis() - begin.toEpochMilli())
            .put("argument_characters", size)
            .put("result_characters", Outcomes.characters(report.outcome()))
            .put("prompt_tokens", report.usage().promptTokens())
            .put("generated_tokens", report.usage().generatedTokens());
        write(entry);
      }

      @Override
      public void refused() {
        ObjectNode entry = entry("call", begin, request.principal()).put("tool", tool);
        write(entry.put("outcome", Outcomes.BUSY).put("argument_characters", size));
      }
    };
  }

  @Override
  public void refused(Refusal refusal, String principal, String address) {
    write(
        entry("refused", clock.instant(), principal)
            .put("reason", Outcomes.word(refusal.kind()))
            .put("status", refusal.status())
            .put("address", address));
  }

  /** A principal reads or watches a resource, whose URI may hold a context's id. */
  void resource(String method, String principal, String uri, String outcome) {
    int scheme = uri.indexOf("://");
    write(
        entry("resource", clock.instant(), principal)
            .put("method", method)
            .put("scheme", scheme < 0 ? "" : uri.substring(0, Math.min(scheme, 32)))
            .put("uri", digest(uri))
            .put("outcome", outcome));
  }

  private static ObjectNode entry(String event, Instant time, String principal) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("time", time.toString())
        .put("event", event)
        .put("principal", principal);
  }

  private static void putContext(ObjectNode entry, String given, ToolOutcome outcome) {
    String id = given;
    if (id.isEmpty() && outcome instanceof ToolOutcome.Success success) {
      id = success.structured().path(CONTEXT).asString("");
    }
    if (!id.isEmpty()) {
      entry.put("context", digest(id));
    }
  }

  /** 64 bits of SHA-256: enough to tell ids apart, useless to get one back. */
  static String digest(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static long characters(JsonNode node) {
    if (node.isString()) {
      return node.stringValue().length();
    }
    long sum = 0;
    for (JsonNode child : node) {
      sum += characters(child);
    }
    return sum;
  }

  private void write(ObjectNode entry) {
    file.line(entry.toString());
  }

  @Override
  public void close() {
    file.close();
  }
}
