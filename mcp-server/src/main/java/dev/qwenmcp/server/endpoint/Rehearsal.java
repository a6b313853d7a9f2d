package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.transport.MalformedMessageException;
import dev.qwenmcp.server.transport.RpcCodec;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Answers first requests, and a call, to nobody while a server is being put together: the classes
 * that they need are loaded by one processor, and those of the tools by another.
 */
public final class Rehearsal {
  private static final String FIRST_REQUESTS =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"rehearsal","version":"1"}}}
      {"jsonrpc":"2.0","id":2,"method":"server/discover","params":{"_meta":{\
      "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":{}}}}
      {"jsonrpc":"2.0","method":"notifications/initialized"}
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"rehearse",\
      "arguments":{"text":"the first call","number":1}}}
      """;

  private Rehearsal() {}

  /** Reads and writes JSON as requests do; logs nothing, so it may come first of all. */
  public static void ofJson() {
    RpcCodec codec = new RpcCodec();
    try {
      for (String line : FIRST_REQUESTS.lines().toList()) {
        codec.bytes(codec.parse(line.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError("the requests that are rehearsed are well formed", e);
    }
  }

  /**
   * Begins on a thread of its own.
   *
   * @return completes at its end, however it went
   */
  public static CompletableFuture<Void> begin(EndpointSettings settings) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("rehearsal")
        .start(() -> {
          try {
            answer(settings, OutputStream.nullOutputStream());
          } finally {
            end.complete(null);
          }
        });
    return end;
  }

  /** Answers the requests to a stream. */
  static void answer(EndpointSettings settings, OutputStream out) {
    new McpEndpoint(
            new McpService(List.of(new RehearsedTool()), Resources.NONE, Prompts.NONE, settings))
        .serve(new ByteArrayInputStream(FIRST_REQUESTS.getBytes(StandardCharsets.UTF_8)), out);
  }
}
