package dev.qwenmcp.server.cli;

import java.util.Set;

/** Variables of the environment that are no options. */
final class OtherVariables {
  static final Set<String> NAMES =
      Set.of(
          "QWEN_MCP_CONFIG",
          "QWEN_MCP_CONTEXTS_PASSWORD",
          "QWEN_MCP_CONTEXTS_USER",
          "QWEN_MCP_HUB_URL",
          "QWEN_MCP_ISA",
          "QWEN_MCP_JAVA_HOME",
          "QWEN_MCP_JAVA_OPTS",
          "QWEN_MCP_LOG",
          "QWEN_MCP_TLS_PASSWORD");

  private OtherVariables() {}
}
