package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Block;
import dev.qwenmcp.server.document.Block.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns elements of HTML, as they open and close, into plain text with blocks: headings, paragraphs
 * and items of lists, tables with a line a row and {@code |} between cells, preformatted code.
 */
final class MarkupText {
  private static final Set<String> SILENT =
      Set.of("script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object");
  private static final Set<String> PAGES = Set.of("page", "slide-content");
  private static final Set<String> PARTS =
      Set.of(
          "p",
          "div",
          "section",
          "article",
          "main",
          "header",
          "footer",
          "aside",
          "nav",
          "ul",
          "ol",
          "dl",
          "dt",
          "dd",
          "blockquote",
          "figure",
          "figcaption",
          "hr",
          "form",
          "fieldset",
          "address",
          "details",
          "summary",
          "body",
          "caption");

  private static final String ITEM = "- ";
  private static final String CELLS = " | ";

  private final int most;
  private final StringBuilder text = new StringBuilder();
  private final List<Block> blocks = new ArrayList<>();

  /** The block that is being written, and within a table its row. */
  private final StringBuilder block = new StringBuilder();

  private final StringBuilder row = new StringBuilder();
  private Kind kind = Kind.PARAGRAPH;
  private int level;
  private boolean item;
  private boolean lastWasItem;

  private int silent;
  private int tables;
  private int page;
  private boolean firstCell;

  /** Thrown when there is more text than wanted. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  MarkupText(int mostCharacters) {
    this.most = mostCharacters;
  }

  /**
   * @param name of the element in lower case
   * @param classes its {@code class} attribute, possibly empty
   */
  void open(String name, String classes) {
    if (SILENT.contains(name)) {
      silent++;
    } else if (silent > 0) {
      return;
    } else if (name.equals("table")) {
      if (tables++ == 0) {
        begin(Kind.TABLE);
      }
    } else if (tables > 0) {
      openInTable(name);
    } else if (isHeading(name)) {
      begin(Kind.HEADING);
      level = name.charAt(1) - '0';
    } else if (name.equals("pre")) {
      begin(Kind.CODE);
    } else if (name.equals("li")) {
      begin(Kind.PARAGRAPH);
      item = true;
    } else if (name.equals("br")) {
      block.append('\n');
    } else if (PARTS.contains(name)) {
      if (name.equals("div") && PAGES.contains(classes)) {
        page++;
      }
      if (!item || !block.toString().isBlank()) { // a paragraph that begins an item is the item
        begin(Kind.PARAGRAPH);
      }
    }
  }

  private void openInTable(String name) {
    if (tables == 1 && name.equals("tr")) {
      endRow();
    } else if (tables == 1 && (name.equals("td") || name.equals("th"))) {
      if (!firstCell) {
        row.setLength(row.toString().stripTrailing().length());
        row.append(CELLS);
      }
      firstCell = false;
    } else if (PARTS.contains(name) || name.equals("br") || name.equals("tr")) {
      space(row);
    }
  }

  private void endRow() {
    String cells = row.toString().strip();
    if (!cells.replace("|", "").isBlank()) {
      block.append(block.isEmpty() ? "" : "\n").append(cells);
    }
    row.setLength(0);
    firstCell = true;
  }

  void close(String name) {
    if (SILENT.contains(name)) {
      silent = Math.max(0, silent - 1);
    } else if (silent > 0) {
      return;
    } else if (name.equals("table")) {
      tables = Math.max(0, tables - 1);
      if (tables == 0) {
        endRow();
        begin(Kind.PARAGRAPH);
      }
    } else if (tables > 0) {
      if (tables == 1 && name.equals("tr")) {
        endRow();
      }
    } else if (PARTS.contains(name) || isHeading(name) || Set.of("pre", "li").contains(name)) {
      begin(Kind.PARAGRAPH);
    }
  }

  private static boolean isHeading(String name) {
    return name.length() == 2 && name.charAt(0) == 'h' && "123456".indexOf(name.charAt(1)) >= 0;
  }

  /** Text between elements; white space is one space, save in code. */
  void characters(CharSequence characters) {
    if (silent > 0) {
      return;
    }
    if (text.length() + block.length() + row.length() + characters.length() > most) {
      throw new TooLongException();
    }
    if (kind == Kind.CODE) {
      block.append(characters);
      return;
    }
    StringBuilder target = tables > 0 ? row : block;
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (Character.isWhitespace(c) || c == '\u00a0' || c == '\u3000' && target.isEmpty()) {
        boolean line = c == '\n' || c == '\r';
        if (!(line && endsInIdeograph(target) && nextIsIdeograph(characters, i))) {
          space(target);
        }
      } else if (c >= ' ' && c != '\u007f' && c != '\ufeff' && c != '\u00ad') {
        target.append(c);
      }
    }
  }

  private static void space(StringBuilder target) {
    if (!target.isEmpty() && !Character.isWhitespace(target.charAt(target.length() - 1))) {
      target.append(' ');
    }
  }

  /** Lines of Chinese are broken anywhere, and joined without a space. */
  private static boolean endsInIdeograph(StringBuilder target) {
    return !target.isEmpty() && Character.isIdeographic(target.charAt(target.length() - 1));
  }

  private static boolean nextIsIdeograph(CharSequence characters, int from) {
    int i = from;
    while (i < characters.length() && Character.isWhitespace(characters.charAt(i))) {
      i++;
    }
    return i < characters.length() && Character.isIdeographic(characters.charAt(i));
  }

  /** Ends the block and begins another. */
  private void begin(Kind next) {
    String content = kind == Kind.CODE ? stripLines(block.toString()) : block.toString().strip();
    if (!content.isBlank()) {
      if (!text.isEmpty()) {
        text.append(item && lastWasItem ? "\n" : "\n\n");
      }
      int start = text.length();
      text.append(item ? ITEM : "").append(content);
      blocks.add(new Block(kind, start, text.length(), kind == Kind.HEADING ? level : 0, page));
      lastWasItem = item;
    }
    block.setLength(0);
    row.setLength(0);
    firstCell = true;
    item = false;
    kind = next;
  }

  /** Code keeps the indentation of its first line. */
  private static String stripLines(String code) {
    return code.stripTrailing().replaceFirst("\\A(?:\\h*\\R)+", "");
  }

  /** The text so far. */
  String text() {
    begin(Kind.PARAGRAPH);
    return text.toString();
  }

  /** The blocks of {@link #text}. */
  List<Block> blocks() {
    begin(Kind.PARAGRAPH);
    return List.copyOf(blocks);
  }

  /** The first heading of the first level. */
  Optional<String> topHeading() {
    return blocks().stream()
        .filter(each -> each.kind() == Kind.HEADING && each.level() == 1)
        .map(each -> text.substring(each.start(), each.end()).replaceAll("\\s+", " "))
        .findFirst();
  }
}
