package dev.qwenmcp.server.knowledge;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chooses an embedding model by a text's language; safe for many threads.
 *
 * <p>The choice is made by script, since it has to be the same for a question of three words and
 * for the passage that answers it.
 *
 * @param general for texts in alphabetic scripts
 * @param eastAsian for texts in Chinese, Japanese or Korean script
 */
public record Embedders(Optional<Embedder> general, Optional<Embedder> eastAsian)
    implements AutoCloseable {

  /** No models: searches compare words alone and say so. */
  public static final Embedders NONE = new Embedders(Optional.empty(), Optional.empty());

  /** A character of these scripts says as much as about so many letters. */
  private static final int LETTERS_A_CHARACTER = 3;

  /** The model for a text, if there is one. */
  public Optional<Embedder> of(String text) {
    long eastAsianLetters = 0;
    long otherLetters = 0;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      switch (Character.UnicodeScript.of(c)) {
        case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> eastAsianLetters++;
        default -> otherLetters += Character.isLetter(c) ? 1 : 0;
      }
    }
    return eastAsianLetters * LETTERS_A_CHARACTER > otherLetters ? eastAsian : general;
  }

  /** All models, each once. */
  public List<Embedder> all() {
    return Stream.of(general, eastAsian).flatMap(Optional::stream).distinct().toList();
  }

  @Override
  public void close() {
    all().forEach(Embedder::close);
  }
}
