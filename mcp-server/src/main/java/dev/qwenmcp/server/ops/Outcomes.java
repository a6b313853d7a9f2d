package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.protocol.call.ToolOutcome;
import java.util.Locale;

/** How calls ended, in words that logs and metrics share. */
final class Outcomes {
  static final String OK = "ok";

  /** The server had as many calls as it takes. */
  static final String BUSY = "busy";

  private Outcomes() {}

  /** {@code ok}, or the failure's code. */
  static String word(ToolOutcome outcome) {
    return switch (outcome) {
      case ToolOutcome.Success _ -> OK;
      case ToolOutcome.Failure failure -> failure.code();
    };
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Length of the text that readers of text get. */
  static int characters(ToolOutcome outcome) {
    return switch (outcome) {
      case ToolOutcome.Success success -> success.text().length();
      case ToolOutcome.Failure failure -> failure.message().length();
    };
  }
}
