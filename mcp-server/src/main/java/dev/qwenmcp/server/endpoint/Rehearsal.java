package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Answers first requests to nobody while a server is being put together: the classes that they need
 * are loaded by one processor, and those of the tools by another.
 */
public final class Rehearsal {
  private static final String FIRST_REQUESTS =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"rehearsal","version":"1"}}}
      {"jsonrpc":"2.0","id":2,"method":"server/discover","params":{"_meta":{\
      "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":{}}}}
      """;

  private Rehearsal() {}

  /** Begins on a thread of its own; nothing waits for its end. */
  public static void begin(EndpointSettings settings) {
    Thread.ofPlatform()
        .daemon()
        .name("rehearsal")
        .start(() ->
            new McpEndpoint(new McpService(List.of(), Resources.NONE, Prompts.NONE, settings))
                .serve(
                    new ByteArrayInputStream(FIRST_REQUESTS.getBytes(StandardCharsets.UTF_8)),
                    OutputStream.nullOutputStream()));
  }
}
