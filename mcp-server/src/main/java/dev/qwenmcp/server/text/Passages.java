package dev.qwenmcp.server.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts texts into passages along their own structure: paragraphs, then sentences.
 *
 * <p>Sizes are counted in weight: a word weighs 10, a Chinese or Japanese character 6 (a Chinese
 * word has 1.6 characters on average), so a passage has 120 to 200 words or 200 to 330 characters:
 * small enough that several fit a prompt and that an embedding model reads all of it (256 word
 * pieces are some 190 English words, 512 are some 500 Chinese characters), long enough to hold an
 * answer and its reason.
 */
public final class Passages {
  /** A passage is closed at the end of a paragraph once it weighs as much. */
  public static final int ENOUGH = 1200;

  /** No passage weighs more, save for a short rest of the document. */
  public static final int MOST = 2000;

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

  private Passages() {}

  /**
   * Puts units together to passages.
   *
   * @param units in the order of the text
   * @return ranges of indexes in {@code units}, each a passage; the first unit of one may be the
   *     last of the one before
   */
  public static List<Span> pack(List<PassageUnit> units) {
    List<Span> passages = new ArrayList<>();
    int first = 0;
    int weight = 0;
    boolean body = false; // headings alone are a passage only where there are very many
    for (int i = 0; i < units.size(); i++) {
      PassageUnit unit = units.get(i);
      boolean full = weight + unit.weight() > MOST;
      if ((body && (full || weight >= unit.cutFrom())) || weight > MOST) {
        int next = body ? headingsBefore(units, first, i) : i;
        passages.add(new Span(first, next));
        if (next == i && full && repeats(units.get(i - 1), unit)) {
          next = Math.max(first + 1, i - 1);
        }
        first = next;
        weight = 0;
        body = false;
        for (PassageUnit kept : units.subList(first, i)) {
          weight += kept.weight();
          body |= !kept.heading();
        }
      }
      weight += unit.weight();
      body |= !unit.heading();
    }
    if (first < units.size()) {
      if (weight < REST && !passages.isEmpty()) {
        passages.add(new Span(passages.removeLast().start(), units.size()));
      } else {
        passages.add(new Span(first, units.size()));
      }
    }
    return passages;
  }

  /**
   * Whether the passage that begins with {@code next} should begin one unit earlier; not before a
   * heading, which may move on to the passage after and leave the repeated unit alone.
   */
  private static boolean repeats(PassageUnit last, PassageUnit next) {
    return next.cutFrom() == PassageUnit.NO_CUT
        && !next.heading()
        && last.repeatable()
        && last.weight() <= OVERLAP;
  }

  /** The index of the first of the headings that end just before {@code i}: they go with it. */
  private static int headingsBefore(List<PassageUnit> units, int first, int i) {
    int cut = i;
    while (cut - 1 > first && units.get(cut - 1).heading()) {
      cut--;
    }
    return cut;
  }

  /**
   * Units of a part of a text whose structure is to be seen from blank lines and line beginnings.
   */
  public static List<PassageUnit> units(String text, int start, int end) {
    List<PassageUnit> units = new ArrayList<>();
    Matcher gap = PARAGRAPH_END.matcher(text).region(start, end);
    int from = start;
    while (gap.find()) {
      addParagraph(text, from, gap.start(), units);
      from = gap.end();
    }
    addParagraph(text, from, end, units);
    return units;
  }

  private static void addParagraph(String text, int start, int end, List<PassageUnit> units) {
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
          int cutFrom = first ? ENOUGH : PassageUnit.NO_CUT;
          units.add(
              new PassageUnit(
                  piece.start(), piece.end(), weight(text, piece), cutFrom, heading, true));
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
  public static List<Span> pieces(String text, Span span) {
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

  /** The size of a part of a text: 10 a word, 6 a Chinese or Japanese character. */
  public static int weight(String text, Span span) {
    int weight = 0;
    int word = 0;
    for (int i = span.start(), c; i < span.end(); i += Character.charCount(c)) {
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
