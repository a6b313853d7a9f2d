package dev.qwenmcp.server.answer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts that try to be taken for instructions, in English and Chinese. */
public final class Injections {
  private Injections() {}

  public static List<String> all() {
    try (InputStream in = Injections.class.getResourceAsStream("injections.txt")) {
      return List.of(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n----\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
