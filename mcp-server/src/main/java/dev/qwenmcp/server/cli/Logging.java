package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.settings.SettingsException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Sets how much is logged before anything logs; {@link StandardErrorLog} reads it. */
final class Logging {
  /**
   * Lucene advises a JVM option for its vector search at every start; there is no vector search
   * here. Held because the JDK forgets the level of a logger that nobody holds.
   */
  private final Logger vectorAdvice =
      Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

  private final Settings settings;

  Logging(Settings settings) {
    this.settings = settings;
  }

  /** The strategy, with the log level set first: by {@code --verbose}, else by the settings. */
  IExecutionStrategy before(IExecutionStrategy strategy) {
    return parsed -> {
      vectorAdvice.setLevel(Level.SEVERE);
      if (((Main) parsed.commandSpec().userObject()).verbose()) {
        System.setProperty(Settings.LOG_VARIABLE, "INFO");
      } else {
        level(parsed).ifPresent(level -> System.setProperty(Settings.LOG_VARIABLE, level));
      }
      // Now, while there is one thread: what several log meanwhile would be kept back and
      // announced.
      LoggerFactory.getILoggerFactory();
      return strategy.execute(parsed);
    };
  }

  private Optional<String> level(ParseResult parsed) {
    try {
      return settings.log().map(value -> value.texts().getFirst());
    } catch (SettingsException e) {
      throw new ParameterException(parsed.commandSpec().commandLine(), e.getMessage(), e);
    }
  }
}
