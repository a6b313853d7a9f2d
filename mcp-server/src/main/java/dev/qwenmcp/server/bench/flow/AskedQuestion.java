package dev.qwenmcp.server.bench.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A question in a customer's words.
 *
 * @param id of the FAQ entry that answers it, empty if none does
 * @param question in English or Chinese
 */
public record AskedQuestion(String id, String question) {

  /**
   * Reads a JSON list of objects with {@code id} and {@code question}.
   *
   * @throws IOException if it is none
   */
  public static List<AskedQuestion> read(Path file) throws IOException {
    try {
      return JsonMapper.shared()
          .readValue(Files.readString(file), new TypeReference<List<AskedQuestion>>() {});
    } catch (JacksonException e) {
      throw new IOException(
          file + ": expected a list of {\"id\": …, \"question\": …}: " + e.getOriginalMessage(), e);
    }
  }

  /** Whether it is asked in Chinese. */
  boolean chinese() {
    return question.codePoints().anyMatch(Character::isIdeographic);
  }
}
