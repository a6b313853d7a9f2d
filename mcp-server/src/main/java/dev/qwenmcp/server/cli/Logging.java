package dev.qwenmcp.server.cli;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.IExecutionStrategy;

/** Sets how much is logged before anything logs; logback.xml reads it. */
final class Logging {
  private static final String LEVEL = "QWEN_MCP_LOG";

  /**
   * Lucene advises a JVM option for its vector search at every start; there is no vector search
   * here. Held because the JDK forgets the level of a logger that nobody holds.
   */
  private final Logger vectorAdvice =
      Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

  /** The strategy, with the log level set by {@code --verbose} first. */
  IExecutionStrategy before(IExecutionStrategy strategy) {
    return parsed -> {
      vectorAdvice.setLevel(Level.SEVERE);
      if (((Main) parsed.commandSpec().userObject()).verbose()) {
        System.setProperty(LEVEL, "INFO");
      }
      return strategy.execute(parsed);
    };
  }
}
