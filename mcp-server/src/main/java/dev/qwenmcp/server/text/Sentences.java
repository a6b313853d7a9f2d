package dev.qwenmcp.server.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds sentences by the Unicode rules, without stumbling over common abbreviations.
 *
 * <p>No sentence goes on over a blank line, into or out of a Markdown heading, or into the next
 * item of a list or row of a table: those seldom end in a full stop.
 */
public final class Sentences {
  /** What ends in a full stop and ends no sentence: titles, initials, Latin shorthand. */
  private static final Pattern ABBREVIATION =
      Pattern.compile(
          "(?:^|[\\s(\\[\"'“])(?:\\p{Lu}|Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs|cf|No|Nos|Fig|Figs|Eq|approx|etc|e\\.g|i\\.e"
              + "|(?:\\p{Lu}\\.)+\\p{Lu})\\.\\s*$");

  /** Where a sentence ends whatever it ends in: a blank line, a heading, an item, a row. */
  private static final Pattern BLOCK_END =
      Pattern.compile(
          "\\R(?=\\h*\\R)" // before a blank line
              + "|(?m:^\\h*#{1,6}\\h.*$)\\R?" // after a heading
              + "|\\R(?=\\h*(?:#{1,6}\\h|[-*+•]\\h|\\d{1,3}[.)]\\h|\\|))");

  /** What is counted at the beginning of an item is none of its sentences. */
  private static final Pattern ITEM_NUMBER = Pattern.compile("\\s*\\d{1,3}\\.\\s*");

  /** How far back an abbreviation is looked for. */
  private static final int REACH = 16;

  private Sentences() {}

  /** Sentences of the whole text, without the white space around them. */
  public static List<Span> of(String text) {
    return of(text, 0, text.length());
  }

  /** Sentences of a part of a text, as offsets in the text; white space belongs to none. */
  public static List<Span> of(String text, int start, int end) {
    List<Span> sentences = new ArrayList<>();
    Matcher blockEnd = BLOCK_END.matcher(text).region(start, end).useTransparentBounds(true);
    int from = start;
    while (blockEnd.find()) {
      addBlock(text.substring(from, blockEnd.end()), from, sentences);
      from = blockEnd.end();
    }
    addBlock(text.substring(from, end), from, sentences);
    return sentences;
  }

  private static void addBlock(String block, int offset, List<Span> sentences) {
    if (block.isBlank()) {
      return;
    }
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(block);
    int from = 0;
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      if (to < block.length() && goesOn(block, from, to)) {
        continue;
      }
      add(block, from, to, offset, sentences);
      from = to;
    }
    add(block, from, block.length(), offset, sentences);
  }

  /** Whether what looks like a sentence's end is none. */
  private static boolean goesOn(String block, int from, int to) {
    return ABBREVIATION.matcher(block.substring(Math.max(from, to - REACH), to)).find()
        || (from == 0 && ITEM_NUMBER.matcher(block.substring(0, to)).matches());
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
