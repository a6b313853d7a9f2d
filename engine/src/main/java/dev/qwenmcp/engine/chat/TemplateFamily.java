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
  HYBRID(EnumSet.allOf(ThinkingMode.class)),

  /** Qwen3 Instruct 2507, which does not think: an assistant's content is written as it is. */
  INSTRUCT_2507(EnumSet.of(ThinkingMode.OFF)),

  /** Qwen3 Thinking 2507, which always thinks: the prompt opens the thinking for it. */
  THINKING_2507(EnumSet.of(ThinkingMode.ON));

  /** SHA-256 of each known template in the form of {@link JinjaOutline}. */
  private static final Map<String, TemplateFamily> BY_DIGEST =
      Map.of(
          // the Qwen3 models as first published
          "d7a0087de01e12f1874928cb01d8edc880f4f0f9e7d10dd9db5ffb7667edc8ec", HYBRID,
          // their revision that takes messages without content
          "0b55a7edabe9cb138dd64fef10733574616be710378698b9936b38c7f4dca99f", HYBRID,
          // the first one in the words of smaller template engines, as GGUF files for llama.cpp
          // have it
          "0f76f4da17333819f9caaa083d498169940d9bf2385021dea9ae4ae962168648", HYBRID,
          "90a83594101757935976a0b8f523f4b4a2e16be8867e09a80c07c883b9088d4f", INSTRUCT_2507,
          "b09519624d3a42b23c28c352b6833fc7caab653f89be5975c5185fc2dac74fbe", THINKING_2507);

  private final Set<ThinkingMode> modes;

  TemplateFamily(Set<ThinkingMode> modes) {
    this.modes = modes;
  }

  /** The family of this template, empty for one that is not known tag for tag. */
  static Optional<TemplateFamily> of(String template) {
    return Optional.ofNullable(BY_DIGEST.get(digest(JinjaOutline.of(template))));
  }

  /** The thinking modes that the model has. */
  Set<ThinkingMode> modes() {
    return modes;
  }

  /** Whether thinking is told from the answer in the assistant's turns of the history. */
  boolean knowsThinking() {
    return this != INSTRUCT_2507;
  }

  /** What the template writes after the header of the turn that the model is to write. */
  String replyOpening(ThinkingMode thinking) {
    return switch (this) {
      case HYBRID -> thinking == ThinkingMode.OFF ? "<think>\n\n</think>\n\n" : "";
      case INSTRUCT_2507 -> "";
      case THINKING_2507 -> "<think>\n";
    };
  }

  private static String digest(String text) {
    try {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
