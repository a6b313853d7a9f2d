package dev.qwenmcp.engine.grammar;

/**
 * Text that must come next.
 *
 * @param text in whole code points; empty if there is a choice at once
 * @param ends whether nothing can follow it
 */
public record ForcedText(String text, boolean ends) {
  public static final ForcedText NONE = new ForcedText("", false);
}
