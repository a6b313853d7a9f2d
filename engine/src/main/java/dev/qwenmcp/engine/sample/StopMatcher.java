package dev.qwenmcp.engine.sample;

import java.util.List;

/**
 * Ends a streamed text at the first stop string; one per generation, one thread.
 *
 * <p>Text that may be the beginning of a stop string is held back until it is decided, so what was
 * given out is never cut later. The text ends where the first stop string is complete; of several
 * that are complete at the same character the longest is cut. So the outcome does not depend on how
 * the text is split into pieces.
 */
public final class StopMatcher {
  private final List<Automaton> stops;
  private final StringBuilder held = new StringBuilder();
  private String matched;

  /**
   * @param stopStrings possibly none, then all text passes
   * @throws IllegalArgumentException if one is empty or has half a surrogate pair
   */
  public StopMatcher(List<String> stopStrings) {
    stops = stopStrings.stream().map(Automaton::new).toList();
  }

  /**
   * Takes the next piece of text.
   *
   * @return text that is surely not part of a stop string, possibly empty; always empty once {@link
   *     #stopped()}
   */
  public String push(String piece) {
    if (stops.isEmpty() || piece.isEmpty()) {
      return stopped() ? "" : piece;
    }
    if (stopped()) {
      return "";
    }
    int undecided = 0;
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      held.append(c);
      undecided = 0;
      for (Automaton stop : stops) {
        int length = stop.step(c);
        undecided = Math.max(undecided, length);
        if (length == stop.text.length() && (matched == null || length > matched.length())) {
          matched = stop.text;
        }
      }
      if (matched != null) {
        return take(held.length() - matched.length());
      }
    }
    return take(held.length() - undecided);
  }

  /** The text still held back, when the generation ended without a stop string; else empty. */
  public String finish() {
    return stopped() ? "" : take(held.length());
  }

  /** Whether a stop string has appeared. */
  public boolean stopped() {
    return matched != null;
  }

  /** The stop string that appeared, or null. */
  public String matched() {
    return matched;
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** Knuth, Morris and Pratt's automaton of one stop string. */
  private static final class Automaton {
    private final String text;

    /** By matched length: the longest shorter beginning of the text that also ends there. */
    private final int[] fallback;

    private int length;

    Automaton(String text) {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("a stop string is empty; leave it out");
      }
      for (int i = 0; i < text.length(); i++) {
        if (Character.isSurrogate(text.charAt(i))) {
          if (i + 1 == text.length()
              || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
            throw new IllegalArgumentException(
                "a stop string has half a surrogate pair at index "
                    + i
                    + "; give whole characters");
          }
          i++;
        }
      }
      this.text = text;
      fallback = new int[text.length() + 1];
      for (int i = 1, matched = 0; i < text.length(); i++) {
        while (matched > 0 && text.charAt(i) != text.charAt(matched)) {
          matched = fallback[matched];
        }
        matched += text.charAt(i) == text.charAt(matched) ? 1 : 0;
        fallback[i + 1] = matched;
      }
    }

    /** How many of the last characters, this one included, are a beginning of the stop string. */
    int step(char c) {
      if (length == text.length()) {
        length = fallback[length];
      }
      while (length > 0 && text.charAt(length) != c) {
        length = fallback[length];
      }
      length += text.charAt(length) == c ? 1 : 0;
      return length;
    }
  }
}
