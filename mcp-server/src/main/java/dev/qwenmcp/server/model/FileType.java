package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufSummary;
import java.util.Comparator;
import java.util.Map;

/** How a file's weights are stored, as people name it. */
final class FileType {
  /** Names of {@code general.file_type}, after llama.cpp's {@code llama_ftype}. */
  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(0L, "F32"),
          Map.entry(1L, "F16"),
          Map.entry(2L, "Q4_0"),
          Map.entry(3L, "Q4_1"),
          Map.entry(7L, "Q8_0"),
          Map.entry(8L, "Q5_0"),
          Map.entry(9L, "Q5_1"),
          Map.entry(10L, "Q2_K"),
          Map.entry(11L, "Q3_K_S"),
          Map.entry(12L, "Q3_K_M"),
          Map.entry(13L, "Q3_K_L"),
          Map.entry(14L, "Q4_K_S"),
          Map.entry(15L, "Q4_K_M"),
          Map.entry(16L, "Q5_K_S"),
          Map.entry(17L, "Q5_K_M"),
          Map.entry(18L, "Q6_K"),
          Map.entry(32L, "BF16"));

  private FileType() {}

  /** What the file says of itself, else the type that most of its bytes have. */
  static String of(GgufFile file) {
    try {
      String named = NAMES.get(file.metadata().integer("general.file_type").orElse(-1L));
      if (named != null) {
        return named;
      }
    } catch (GgufFormatException _) {
      // A number that is none: the tensors tell.
    }
    return GgufSummary.of(file).totals().stream()
        .max(Comparator.comparingLong(GgufSummary.Total::bytes))
        .map(total -> total.type().name())
        .orElse("");
  }
}
