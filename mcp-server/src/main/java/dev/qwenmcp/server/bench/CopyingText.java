package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A prompt and what a good model would answer by copying from it.
 *
 * @param name for people
 * @param prompt token ids
 * @param copy token ids of the answer
 */
record CopyingText(String name, int[] prompt, int[] copy) {
  private static final int PASSAGE_TOKENS = 300;

  /** Records until the prompt holds as many tokens as asked for. */
  private static final int RECORDS_TOKENS = 1000;

  private static final List<String> NAMES =
      List.of(
          "Ada Brandt", "Jonas Keller", "Mei Tanaka", "Lucía Ortega", "Omar Haddad", "Ruth Cole");
  private static final List<String> PLACES =
      List.of("Lisbon", "Rotterdam", "Gdańsk", "Marseille", "Bergen", "Trieste");
  private static final List<String> GOODS =
      List.of("copper wire", "roof tiles", "cork panels", "ball bearings", "oak planks");

  /** Both texts in a model's tokens. */
  static List<CopyingText> all(BpeTokenizer tokenizer) {
    return List.of(passage(tokenizer), records(tokenizer));
  }

  /** A passage restated word by word. */
  static CopyingText passage(BpeTokenizer tokenizer) {
    int[] ids = tokenizer.encode(resource("copying-passage.txt"));
    if (ids.length < PASSAGE_TOKENS) {
      throw new IllegalStateException("the passage has only " + ids.length + " tokens");
    }
    int[] copy = Arrays.copyOf(ids, PASSAGE_TOKENS);
    return new CopyingText(
        "a passage of " + PASSAGE_TOKENS + " tokens",
        join(copy, tokenizer.encode("\n\nRepeat the passage word by word:\n\n")),
        copy);
  }

  /** Deliveries told in prose, extracted to JSON. */
  static CopyingText records(BpeTokenizer tokenizer) {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder prose = new StringBuilder();
    StringBuilder json = new StringBuilder("[");
    int[] prompt;
    do {
      String number = "D-" + random.nextInt(10_000, 100_000);
      String name = NAMES.get(random.nextInt(NAMES.size()));
      String place = PLACES.get(random.nextInt(PLACES.size()));
      String goods =
          random.nextInt(2, 90) + " crates of " + GOODS.get(random.nextInt(GOODS.size()));
      String date = "2026-%02d-%02d".formatted(random.nextInt(1, 13), random.nextInt(1, 29));
      prose
          .append("Delivery %s went to %s in %s: ".formatted(number, name, place))
          .append("%s, which left the warehouse on %s. ".formatted(goods, date));
      json.append(json.length() > 1 ? "," : "")
          .append("\n  {\"delivery\": \"%s\", \"customer\": \"%s\", ".formatted(number, name))
          .append("\"city\": \"%s\", \"goods\": \"%s\", ".formatted(place, goods))
          .append("\"date\": \"%s\"}".formatted(date));
      prompt = tokenizer.encode(prose + "\n\nAll deliveries as JSON:\n\n");
    } while (prompt.length < RECORDS_TOKENS);
    return new CopyingText(
        "records of " + prompt.length + " tokens to JSON",
        prompt,
        tokenizer.encode(json.append("\n]").toString()));
  }

  private static int[] join(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static String resource(String name) {
    try (InputStream in = CopyingText.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
