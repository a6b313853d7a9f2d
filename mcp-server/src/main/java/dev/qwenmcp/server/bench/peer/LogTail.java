package dev.qwenmcp.server.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of what a process said, to tell why it failed. */
final class LogTail {
  private static final int LINES = 5;

  private LogTail() {}

  static String of(Path log) throws IOException {
    // Foreign programs print in any encoding, so that every byte must count as a character.
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }
}
