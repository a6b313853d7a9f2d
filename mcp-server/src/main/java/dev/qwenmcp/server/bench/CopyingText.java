package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A prompt and what a good model would answer by copying from it.
 *
 * @param name for people
 * @param prompt token ids
 * @param copy token ids of the answer
 * @param schema that the answer is held to; empty for none
 */
record CopyingText(String name, int[] prompt, int[] copy, String schema) {
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

  private static final List<String> MEMBERS =
      List.of("delivery", "customer", "city", "goods", "date");

  /** Of a record, whose members may come in any order. */
  static final String SCHEMA =
      MEMBERS.stream()
          .map(name -> "\"%s\":{\"type\":\"string\"}".formatted(name))
          .collect(
              Collectors.joining(
                  ",",
                  "{\"type\":\"object\",\"properties\":{",
                  "},\"required\":[\"%s\"]}".formatted(String.join("\",\"", MEMBERS))));

  /** All texts in a model's tokens. */
  static List<CopyingText> all(BpeTokenizer tokenizer) {
    return List.of(passage(tokenizer), records(tokenizer), oneRecord(tokenizer));
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
        copy,
        "");
  }

  /** Deliveries told in prose, extracted to JSON. */
  static CopyingText records(BpeTokenizer tokenizer) {
    Deliveries all = deliveries(tokenizer);
    return new CopyingText(
        "records of " + all.prompt.length + " tokens to JSON",
        all.prompt,
        tokenizer.encode("[\n  " + String.join(",\n  ", all.json) + "\n]"),
        "");
  }

  /** The first delivery, extracted to an object of a schema: no other shows how it is written. */
  static CopyingText oneRecord(BpeTokenizer tokenizer) {
    Deliveries all = deliveries(tokenizer);
    return new CopyingText(
        "one of them, held to a schema", all.prompt, tokenizer.encode(all.json.getFirst()), SCHEMA);
  }

  /** Deliveries in prose with a task, as tokens, and each as JSON. */
  private record Deliveries(int[] prompt, List<String> json) {}

  private static Deliveries deliveries(BpeTokenizer tokenizer) {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder prose = new StringBuilder();
    List<String> json = new ArrayList<>();
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
      List<String> values = List.of(number, name, place, goods, date);
      json.add(
          IntStream.range(0, MEMBERS.size())
              .mapToObj(m -> "\"%s\": \"%s\"".formatted(MEMBERS.get(m), values.get(m)))
              .collect(Collectors.joining(", ", "{", "}")));
      prompt = tokenizer.encode(prose + "\n\nAll deliveries as JSON:\n\n");
    } while (prompt.length < RECORDS_TOKENS);
    return new Deliveries(prompt, json);
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
