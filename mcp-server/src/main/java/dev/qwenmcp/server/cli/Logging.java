package dev.qwenmcp.server.cli;

import picocli.CommandLine.IExecutionStrategy;

/** Sets how much is logged before anything logs; logback.xml reads it. */
final class Logging {
  private static final String LEVEL = "QWEN_MCP_LOG";

  /** The strategy, with the log level set by {@code --verbose} first. */
  IExecutionStrategy before(IExecutionStrategy strategy) {
    return parsed -> {
      if (((Main) parsed.commandSpec().userObject()).verbose()) {
        System.setProperty(LEVEL, "INFO");
      }
      return strategy.execute(parsed);
    };
  }
}
