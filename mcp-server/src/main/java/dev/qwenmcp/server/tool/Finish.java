package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import java.util.Locale;

/** Reasons for the end of an answer as results name them. */
final class Finish {
  private Finish() {}

  static String name(FinishReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /** Whether the answer could be continued. */
  static boolean cut(FinishReason reason) {
    return reason == FinishReason.LENGTH || reason == FinishReason.TIME;
  }
}
