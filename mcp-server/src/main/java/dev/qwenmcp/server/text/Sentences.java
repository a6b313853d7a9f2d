package dev.qwenmcp.server.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Finds sentences by the Unicode rules, without stumbling over common abbreviations. */
public final class Sentences {
  /** What ends in a full stop and ends no sentence: titles, initials, Latin shorthand. */
  private static final Pattern ABBREVIATION =
      Pattern.compile(
          "(?:^|[\\s(\\[\"'“])(?:\\p{Lu}|Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs|cf|No|Nos|Fig|Figs|Eq|approx|etc|e\\.g|i\\.e"
              + "|(?:\\p{Lu}\\.)+\\p{Lu})\\.\\s*$");

  /** How far back an abbreviation is looked for. */
  private static final int REACH = 16;

  private Sentences() {}

  /** Sentences of the whole text, without the white space around them. */
  public static List<Span> of(String text) {
    return of(text, 0, text.length());
  }

  /** Sentences of a part of a text, as offsets in the text; white space belongs to none. */
  public static List<Span> of(String text, int start, int end) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    String part = text.substring(start, end);
    breaks.setText(part);
    List<Span> sentences = new ArrayList<>();
    int from = 0;
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      if (to < part.length()
          && ABBREVIATION.matcher(part.substring(Math.max(from, to - REACH), to)).find()) {
        continue;
      }
      add(part, from, to, start, sentences);
      from = to;
    }
    add(part, from, part.length(), start, sentences);
    return sentences;
  }

  private static void add(String part, int from, int to, int offset, List<Span> sentences) {
    int first = from;
    int last = to;
    while (first < last && Character.isWhitespace(part.charAt(first))) {
      first++;
    }
    while (last > first && Character.isWhitespace(part.charAt(last - 1))) {
      last--;
    }
    if (first < last) {
      sentences.add(new Span(offset + first, offset + last));
    }
  }
}
