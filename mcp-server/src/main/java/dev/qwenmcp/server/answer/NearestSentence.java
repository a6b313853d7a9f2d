package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How near the nearest sentence of a passage is to one question.
 *
 * <p>A passage of a lease or a manual holds several short sections, one sentence of which answers:
 * a vector of the whole is about all of them. So each sentence gets a vector of its own, together
 * with the heading that it stands under, without which "It is returned within six weeks" is about
 * nothing. Embedding takes time, so only a few passages are {@link #worthComparing worth it}. For
 * one thread.
 */
public final class NearestSentence {
  /** A passage with more sentences is compared by several together, which bounds the time. */
  private static final int MOST = 16;

  /** Passages of a search that are compared. */
  private static final int MOST_PASSAGES = 2;

  private static final String PATH = " > ";

  private final String question;
  private final Embedders models;
  private final Optional<Embedder> model;

  /** Made when it is first needed; null until then. */
  private float[] asked;

  /**
   * Prepares the comparison; nothing is embedded yet.
   *
   * @param models compare texts of the same script
   */
  public NearestSentence(String question, Embedders models) {
    this.question = question;
    this.models = models;
    this.model = models.of(question);
  }

  /**
   * Which passages of a search to compare: those that late interaction puts first, which reads each
   * token of all of them; where it did not, the first ones.
   *
   * @param tokens late interaction of each passage in the search's order, if compared
   * @return places in that order
   */
  public static Set<Integer> worthComparing(List<OptionalDouble> tokens) {
    return IntStream.range(0, tokens.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -tokens.get(i).orElse(-1)))
        .limit(MOST_PASSAGES)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The largest cosine of the question and a sentence of a passage.
   *
   * @param heading what the passage stands under, such as {@code Guide > Install}; possibly empty
   * @return empty if no model compares texts of both scripts
   * @throws EmbeddingException if the model cannot be loaded or run
   */
  public OptionalDouble cosine(String heading, String passage) throws EmbeddingException {
    if (model.isEmpty() || !models.of(passage).equals(model)) {
      return OptionalDouble.empty();
    }
    if (asked == null) {
      asked = model.get().embedQuery(question).vector();
    }
    double nearest = -1;
    for (String piece : pieces(heading, passage)) {
      nearest = Math.max(nearest, product(asked, model.get().embed(piece).vector()));
    }
    return OptionalDouble.of(nearest);
  }

  /** Sentences with their headings, or the passage itself if it is nothing but headings. */
  static List<String> pieces(String heading, String passage) {
    List<Span> sentences = Sentences.of(passage);
    long bodies = sentences.stream().filter(s -> passage.charAt(s.start()) != '#').count();
    int together = (int) ((bodies + MOST - 1) / MOST);
    List<String> pieces = new ArrayList<>();
    int last = heading.lastIndexOf(PATH);
    String under = last < 0 ? heading : heading.substring(last + PATH.length());
    int start = -1;
    int end = -1;
    int held = 0;
    for (Span sentence : sentences) {
      boolean isHeading = passage.charAt(sentence.start()) == '#';
      if (held > 0 && (isHeading || held == together)) {
        pieces.add(piece(under, passage.substring(start, end)));
        held = 0;
      }
      if (isHeading) {
        under = sentence.of(passage).replaceFirst("^#+", "").strip();
        continue;
      }
      start = held == 0 ? sentence.start() : start;
      end = sentence.end();
      held++;
    }
    if (held > 0) {
      pieces.add(piece(under, passage.substring(start, end)));
    }
    return pieces.isEmpty() ? List.of(passage) : pieces;
  }

  private static String piece(String heading, String text) {
    return heading.isEmpty() ? text : heading + "\n" + text;
  }

  /** Cosine of vectors of length 1. */
  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
