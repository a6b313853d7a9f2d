package dev.qwenmcp.server.document;

import dev.qwenmcp.server.knowledge.Chunk;
import dev.qwenmcp.server.text.PassageUnit;
import dev.qwenmcp.server.text.Passages;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a document into passages along its headings, paragraphs and sentences.
 *
 * <p>Sizes are those of {@link Passages}. A section of at least 60 words ends a passage, shorter
 * ones share one. Tables and code that fit a passage are kept whole, longer ones are cut between
 * rows and lines.
 */
public final class DocumentChunker {
  /** The metadata of a passage that names the page it begins on. */
  public static final String PAGE = "page";

  /** A section of half the usual size stands for itself; shorter ones say too little alone. */
  private static final int SECTION = Passages.ENOUGH / 2;

  private static final int MOST_HEADING = 200;
  private static final int MOST_PATH = 500;
  private static final String BELOW = " > ";

  private static final Pattern LINE = Pattern.compile("[^\\r\\n]*\\S[^\\r\\n]*");

  private DocumentChunker() {}

  /** A heading and what stands above it. */
  private record Section(List<String> path) {
    static final Section NONE = new Section(List.of());
  }

  /** Units with where each of them stands. */
  private record Outline(List<PassageUnit> units, List<Section> sections, List<Integer> pages) {
    void add(PassageUnit unit, Section section, int page) {
      units.add(unit);
      sections.add(section);
      pages.add(page);
    }
  }

  /**
   * The passages in the order of the text. Each is {@code text.substring(start, end)} of the
   * document's text; its heading is the path of headings that it stands under, without the title of
   * the document.
   */
  public static List<Chunk> chunk(Document document) {
    Outline outline = outline(document);
    List<Chunk> chunks = new ArrayList<>();
    for (Span run : Passages.pack(outline.units)) {
      int page = outline.pages.get(run.start());
      chunks.add(
          new Chunk(
              outline.units.get(run.start()).start(),
              outline.units.get(run.end() - 1).end(),
              path(outline, run),
              page == 0 ? Map.of() : Map.of(PAGE, Integer.toString(page))));
    }
    return chunks;
  }

  private static Outline outline(Document document) {
    String text = document.text();
    Outline outline = new Outline(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Integer> levels = new ArrayList<>();
    List<String> path = new ArrayList<>();
    Section section = Section.NONE;
    for (Block block : document.blocks()) {
      if (block.kind() == Block.Kind.HEADING) {
        while (!levels.isEmpty() && levels.getLast() >= block.level()) {
          levels.removeLast();
          path.removeLast();
        }
        levels.add(block.level());
        path.add(headingText(block.span().of(text)));
        section = new Section(withoutTitle(path, document.title()));
      }
      for (PassageUnit unit : units(text, block)) {
        outline.add(unit, section, block.page());
      }
    }
    return outline;
  }

  private static List<String> withoutTitle(List<String> path, String title) {
    boolean repeats = !path.isEmpty() && path.getFirst().equals(title.strip());
    return path.subList(repeats ? 1 : 0, path.size()).stream().filter(h -> !h.isEmpty()).toList();
  }

  /** A heading without what Markdown marks it with. */
  static String headingText(String source) {
    String text =
        source
            .replaceFirst("^\\s*#{1,6}\\s+", "")
            .replaceFirst("\\s+#+\\s*$", "")
            .replaceFirst("\\R\\h*(?:=+|-+)\\s*$", "")
            .replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
            .replaceAll("[*`]+|(?<![\\p{L}\\p{N}])_+|_+(?![\\p{L}\\p{N}])", "")
            .replaceAll("\\s+", " ")
            .strip();
    return shortened(text, MOST_HEADING);
  }

  private static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
  }

  /** What stands above all of the passage; the sections it begins with where they are none. */
  private static String path(Outline outline, Span run) {
    List<String> path = null;
    if (outline.units.get(run.start()).heading()) {
      for (int i = run.start(); i < run.end(); i++) {
        if (!outline.units.get(i).heading()) {
          List<String> other = outline.sections.get(i).path;
          path = path == null ? other : common(path, other);
        }
      }
    }
    if (path == null || path.isEmpty()) {
      path = outline.sections.get(run.start()).path;
    }
    return shortened(String.join(BELOW, path), MOST_PATH);
  }

  private static List<String> common(List<String> one, List<String> other) {
    int same = 0;
    while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
      same++;
    }
    return one.subList(0, same);
  }

  private static List<PassageUnit> units(String text, Block block) {
    return switch (block.kind()) {
      case HEADING -> heading(text, block);
      case PARAGRAPH -> Passages.units(text, block.start(), block.end());
      case TABLE, CODE -> lines(text, block);
    };
  }

  private static List<PassageUnit> heading(String text, Block block) {
    List<PassageUnit> units = new ArrayList<>();
    for (Span piece : Passages.pieces(text, block.span())) {
      int cutFrom = units.isEmpty() ? SECTION : PassageUnit.NO_CUT;
      int weight = Passages.weight(text, piece);
      units.add(new PassageUnit(piece.start(), piece.end(), weight, cutFrom, true, false));
    }
    return units;
  }

  /** The block whole if it fits a passage, else its lines. */
  private static List<PassageUnit> lines(String text, Block block) {
    int weight = Passages.weight(text, block.span());
    if (weight <= Passages.MOST) {
      return List.of(
          new PassageUnit(block.start(), block.end(), weight, Passages.ENOUGH, false, false));
    }
    List<PassageUnit> units = new ArrayList<>();
    Matcher line = LINE.matcher(text).region(block.start(), block.end());
    int before = block.start();
    while (line.find()) {
      boolean gap = text.substring(before, line.start()).chars().filter(c -> c == '\n').count() > 1;
      for (Span piece : Passages.pieces(text, new Span(line.start(), line.end()))) {
        boolean mayCut = units.isEmpty() || gap;
        units.add(
            new PassageUnit(
                piece.start(),
                piece.end(),
                Passages.weight(text, piece),
                mayCut ? Passages.ENOUGH : PassageUnit.NO_CUT,
                false,
                false));
        gap = false;
      }
      before = line.end();
    }
    return units;
  }
}
