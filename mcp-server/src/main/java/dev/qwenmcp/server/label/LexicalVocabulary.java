package dev.qwenmcp.server.label;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What words texts are made of, as vectors: words, pairs of words, and parts of three and four
 * letters; in East Asian scripts one to three characters in a row. Each counts once a text,
 * weighted by how rare it is, and the vector has length 1. Immutable.
 *
 * <p>It complements an embedding, for which "card" and "cash" may be nearly the same.
 */
final class LexicalVocabulary {
  /** The most frequent; the weights of the classifier grow with it, the time hardly. */
  private static final int MOST_GRAMS = 6000;

  private static final int MOST_WORD = 40;

  private static final Pattern RUN =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}]+"
              + "|(?:(?![\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}])[\\p{L}\\p{M}\\p{N}_])+");

  private final Map<String, Integer> index;
  private final float[] weights;

  private LexicalVocabulary(Map<String, Integer> index, float[] weights) {
    this.index = index;
    this.weights = weights;
  }

  /** The vocabulary of some texts: what occurs in at least two of them. */
  static LexicalVocabulary of(List<String> texts) {
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      grams(text).forEach(gram -> counts.merge(gram, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> frequent =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() > 1)
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST_GRAMS)
            .toList();
    Map<String, Integer> index = new LinkedHashMap<>();
    float[] weights = new float[frequent.size()];
    for (Map.Entry<String, Integer> entry : frequent) {
      weights[index.size()] = (float) Math.log((texts.size() + 1) / (entry.getValue() + 0.5));
      index.put(entry.getKey(), index.size());
    }
    return new LexicalVocabulary(index, weights);
  }

  int size() {
    return weights.length;
  }

  /**
   * A text as a vector.
   *
   * @param length of the vector, 0 if the vocabulary has nothing of the text
   */
  SparseVector vector(String text, double length) {
    TreeMap<Integer, Float> places = new TreeMap<>();
    double squares = 0;
    for (String gram : grams(text)) {
      Integer at = index.get(gram);
      if (at != null) {
        places.put(at, weights[at]);
        squares += (double) weights[at] * weights[at];
      }
    }
    double scale = squares == 0 ? 0 : length / Math.sqrt(squares);
    int[] indices = new int[places.size()];
    float[] values = new float[places.size()];
    int i = 0;
    for (Map.Entry<Integer, Float> place : places.entrySet()) {
      indices[i] = place.getKey();
      values[i++] = (float) (place.getValue() * scale);
    }
    return new SparseVector(indices, values);
  }

  private static Set<String> grams(String text) {
    Set<String> grams = new TreeSet<>();
    String before = "";
    List<MatchResult> runs = RUN.matcher(text.toLowerCase(Locale.ROOT)).results().toList();
    for (MatchResult match : runs) {
      String run = match.group();
      if (isEastAsian(run.codePointAt(0))) {
        addSlices(run, 1, 3, "", grams);
        before = "";
        continue;
      }
      String word = run.length() > MOST_WORD ? run.substring(0, MOST_WORD) : run;
      grams.add("w" + word);
      if (!before.isEmpty()) {
        grams.add("p" + before + " " + word);
      }
      addSlices("<" + word + ">", 3, 4, "c", grams);
      before = word;
    }
    return grams;
  }

  private static void addSlices(
      String run, int shortest, int longest, String mark, Set<String> grams) {
    int[] points = run.codePoints().toArray();
    for (int n = shortest; n <= longest; n++) {
      for (int i = 0; i + n <= points.length; i++) {
        grams.add(mark + new String(points, i, n));
      }
    }
  }

  private static boolean isEastAsian(int c) {
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
      default -> false;
    };
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(weights.length);
    for (Map.Entry<String, Integer> entry : index.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeFloat(weights[entry.getValue()]);
    }
  }

  static LexicalVocabulary read(DataInput in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MOST_GRAMS) {
      throw new IOException("a vocabulary of " + size);
    }
    Map<String, Integer> index = new LinkedHashMap<>();
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      index.put(in.readUTF(), i);
      weights[i] = in.readFloat();
    }
    return new LexicalVocabulary(index, weights);
  }

  /** The vocabulary's entries in their order, for tests. */
  List<String> entries() {
    return new ArrayList<>(index.keySet());
  }
}
