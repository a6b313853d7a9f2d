package dev.qwenmcp.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;

/**
 * Logs everything to standard error: standard output belongs to the protocol.
 *
 * <p>Set up by code, since reading a file for it, with the XML parser that this takes, would be a
 * tenth of the time until a server's first answer. {@code QWEN_MCP_LOG} sets the level, as a
 * property or in the environment: ERROR, WARN (default), INFO, DEBUG, TRACE.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class StandardErrorLog extends ContextAwareBase implements Configurator {
  /**
   * Libraries whose warnings are heard only by who asks for a level: the SDK warns of what clients
   * do, such as asking for a newer revision of the protocol; the pool shows every lost connection
   * with a stack trace, which the store says in a line; the validator warns of keywords that it
   * does not know, which JSON Schema lets anyone add.
   */
  private static final List<String> TALKATIVE =
      List.of("io.modelcontextprotocol", "com.zaxxer.hikari", "com.networknt");

  /** Called by logback, which finds this class as a service. */
  public StandardErrorLog() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogLines encoder = new LogLines();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();

    String asked = System.getProperty(Settings.LOG_VARIABLE, System.getenv(Settings.LOG_VARIABLE));
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(asked, Level.WARN));
    root.addAppender(appender);
    for (String name : TALKATIVE) {
      context.getLogger(name).setLevel(Level.toLevel(asked, Level.ERROR));
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
