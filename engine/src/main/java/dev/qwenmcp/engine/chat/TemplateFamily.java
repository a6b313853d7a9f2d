package dev.qwenmcp.engine.chat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The chat templates that {@link Qwen3Format} stands for. */
enum TemplateFamily {
  /** Qwen3 of April 2025, which thinks or not as asked. */
  HYBRID(EnumSet.allOf(ThinkingMode.class), true);

  /** SHA-256 of each known template's text. */
  private static final Map<String, TemplateFamily> BY_DIGEST =
      Map.of(
          // Qwen3-0.6B to 235B-A22B as first published
          "87a2728cb8dc9fe424d624542f6060ec05a1d285ebbec578bb078900e33396b5", HYBRID);

  private final Set<ThinkingMode> modes;
  private final boolean dropsThinking;

  TemplateFamily(Set<ThinkingMode> modes, boolean dropsThinking) {
    this.modes = modes;
    this.dropsThinking = dropsThinking;
  }

  /** The family of this template, empty for one that is not known word for word. */
  static Optional<TemplateFamily> of(String template) {
    return Optional.ofNullable(BY_DIGEST.get(digest(template)));
  }

  /** The modes that make a difference. */
  Set<ThinkingMode> modes() {
    return modes;
  }

  /** Whether thinking is told from the answer in the assistant's turns of the history. */
  boolean dropsThinking() {
    return dropsThinking;
  }

  /** What follows the header of the turn that the model is to write. */
  String replyOpening(ThinkingMode thinking) {
    return thinking == ThinkingMode.OFF ? "<think>\n\n</think>\n\n" : "";
  }

  private static String digest(String template) {
    try {
      byte[] text = template.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
