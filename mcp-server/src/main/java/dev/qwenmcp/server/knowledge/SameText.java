package dev.qwenmcp.server.knowledge;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text as it is compared with others to find those that say the same.
 *
 * <p>Texts are the same if they differ in case, width or white space only. They are nearly the same
 * if they share nine tenths of their runs of {@link #RUN} characters (Jaccard, after Broder 1997)
 * and have the same numbers in the same order: two offers that differ in their price alone are two.
 */
final class SameText {
  private static final int RUN = 8;
  private static final double NEARLY = 0.9;

  /** Shorter texts differ in what they say if they differ at all. */
  private static final int SHORTEST = 80;

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+");

  private final String text;
  private final List<String> numbers = new ArrayList<>();
  private final Set<Integer> runs = new HashSet<>();

  private SameText(String text) {
    this.text = text;
    if (text.length() >= SHORTEST) {
      Matcher number = NUMBER.matcher(text);
      while (number.find()) {
        numbers.add(number.group());
      }
      for (int i = 0; i + RUN <= text.length(); i++) {
        runs.add(text.substring(i, i + RUN).hashCode());
      }
    }
  }

  static SameText of(String text) {
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return new SameText(SPACE.matcher(folded).replaceAll(" ").strip());
  }

  /** Whether both say the same but for case, width and white space. */
  boolean same(SameText other) {
    return text.equals(other.text);
  }

  /** Whether hardly anything differs. */
  boolean nearlySame(SameText other) {
    int smaller = Math.min(runs.size(), other.runs.size());
    int larger = Math.max(runs.size(), other.runs.size());
    if (smaller < NEARLY * larger || larger == 0 || !numbers.equals(other.numbers)) {
      return false;
    }
    int shared = 0;
    for (Integer run : runs) {
      shared += other.runs.contains(run) ? 1 : 0;
    }
    return shared >= NEARLY * (runs.size() + other.runs.size() - shared);
  }
}
