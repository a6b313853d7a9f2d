package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a document into passages along its own structure: paragraphs, then sentences.
 *
 * <p>Sizes are counted in weight: a word weighs 10, a Chinese or Japanese character 6 (a Chinese
 * word has 1.6 characters on average), so a passage has 120 to 200 words or 200 to 330 characters:
 * small enough that several fit a prompt, long enough to hold an answer and its reason.
 */
final class Chunker {
  /** A passage is closed at the end of a paragraph once it weighs as much. */
  private static final int ENOUGH = 1200;

  /** No passage weighs more, save for a short rest of the document. */
  private static final int MOST = 2000;

  /** A sentence that cuts a paragraph in two is repeated in the next passage up to this weight. */
  private static final int OVERLAP = 400;

  /** A last passage that weighs less joins the one before. */
  private static final int REST = 400;

  private static final int WORD = 10;
  private static final int IDEOGRAPH = 6;

  /** Longer runs without a space (addresses, encoded data) count as several words. */
  private static final int WORD_CHARACTERS = 12;

  private static final int MOST_HEADING = 120;

  private static final Pattern PARAGRAPH_END = Pattern.compile("\\R[\\h]*(?:\\R[\\h]*)+");
  private static final Pattern LINE_OF_ITS_OWN =
      Pattern.compile("(?m)^\\h*(?:#{1,6}\\h|[-*+•]\\h|\\d{1,3}[.)]\\h|\\|)");

  private Chunker() {}

  /** What is never cut: a sentence, a heading, an item of a list, or a piece of one too long. */
  private record Unit(int start, int end, int weight, boolean paragraphStart, boolean heading) {}

  /** Passages in the order of the text; empty if the text has nothing but white space. */
  static List<Span> chunk(String text) {
    List<Unit> units = units(text);
    List<Span> chunks = new ArrayList<>();
    int first = 0;
    int weight = 0;
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i);
      boolean full = weight + unit.weight > MOST;
      if (i > first && (full || (unit.paragraphStart && weight >= ENOUGH))) {
        int next = headingsBefore(units, first, i);
        chunks.add(new Span(units.get(first).start, units.get(next - 1).end));
        if (next == i && full && !unit.paragraphStart && units.get(i - 1).weight <= OVERLAP) {
          next = Math.max(first + 1, i - 1);
        }
        first = next;
        weight = 0;
        for (Unit kept : units.subList(first, i)) {
          weight += kept.weight;
        }
      }
      weight += unit.weight;
    }
    if (first < units.size()) {
      Span rest = new Span(units.get(first).start, units.getLast().end);
      if (weight < REST && !chunks.isEmpty()) {
        chunks.add(new Span(chunks.removeLast().start(), rest.end()));
      } else {
        chunks.add(rest);
      }
    }
    return chunks;
  }

  /** The index of the first of the headings that end just before {@code i}: they go with it. */
  private static int headingsBefore(List<Unit> units, int first, int i) {
    int cut = i;
    while (cut - 1 > first && units.get(cut - 1).heading) {
      cut--;
    }
    return cut;
  }

  private static List<Unit> units(String text) {
    List<Unit> units = new ArrayList<>();
    Matcher gap = PARAGRAPH_END.matcher(text);
    int start = 0;
    while (gap.find()) {
      addParagraph(text, start, gap.start(), units);
      start = gap.end();
    }
    addParagraph(text, start, text.length(), units);
    return units;
  }

  private static void addParagraph(String text, int start, int end, List<Unit> units) {
    Matcher line = LINE_OF_ITS_OWN.matcher(text).region(start, end).useAnchoringBounds(true);
    boolean first = true;
    int from = start;
    while (from < end) {
      int to = line.find() ? line.start() : end;
      for (Span sentence : Sentences.of(text, from, to)) {
        boolean heading =
            text.charAt(sentence.start()) == '#'
                || (first
                    && sentence.end() == lastVisible(text, start, end)
                    && isTitle(text, sentence));
        for (Span piece : pieces(text, sentence)) {
          units.add(
              new Unit(
                  piece.start(),
                  piece.end(),
                  weight(text, piece.start(), piece.end()),
                  first,
                  heading));
          first = false;
        }
      }
      from = to;
    }
  }

  private static int lastVisible(String text, int start, int end) {
    int last = end;
    while (last > start && Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    return last;
  }

  /** A short paragraph of one line that ends in no full stop. */
  private static boolean isTitle(String text, Span span) {
    int last = text.codePointBefore(span.end());
    return span.length() <= MOST_HEADING
        && (Character.isLetterOrDigit(last) || last == ':' || last == '：')
        && text.indexOf('\n', span.start(), span.end()) < 0;
  }

  /** The span itself, or pieces of at most {@link #MOST} if it weighs more. */
  private static List<Span> pieces(String text, Span span) {
    List<Span> pieces = new ArrayList<>();
    int start = span.start();
    int weight = 0;
    int breakAt = -1;
    int i = start;
    int word = 0;
    while (i < span.end()) {
      int c = text.codePointAt(i);
      word = isWordPart(c) ? word + 1 : 0;
      weight += isIdeograph(c) ? IDEOGRAPH : word % WORD_CHARACTERS == 1 ? WORD : 0;
      if (weight > MOST) {
        int cut = breakAt > start ? breakAt : i;
        pieces.add(new Span(start, lastVisible(text, start, cut)));
        start = cut;
        while (start < span.end() && Character.isWhitespace(text.charAt(start))) {
          start++;
        }
        i = start;
        weight = 0;
        word = 0;
        breakAt = -1;
        continue;
      }
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || isPunctuation(c)) {
        breakAt = i;
      }
    }
    if (start < span.end()) {
      pieces.add(new Span(start, span.end()));
    }
    return pieces;
  }

  private static int weight(String text, int start, int end) {
    int weight = 0;
    int word = 0;
    for (int i = start, c; i < end; i += Character.charCount(c)) {
      c = text.codePointAt(i);
      word = isWordPart(c) ? word + 1 : 0;
      weight += isIdeograph(c) ? IDEOGRAPH : word % WORD_CHARACTERS == 1 ? WORD : 0;
    }
    return weight;
  }

  private static boolean isWordPart(int c) {
    return !Character.isWhitespace(c) && !isIdeograph(c);
  }

  private static boolean isPunctuation(int c) {
    return switch (Character.getType(c)) {
      case Character.OTHER_PUNCTUATION, Character.END_PUNCTUATION -> c > 0x7f;
      default -> false;
    };
  }

  private static boolean isIdeograph(int c) {
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA -> true;
      default -> false;
    };
  }
}
