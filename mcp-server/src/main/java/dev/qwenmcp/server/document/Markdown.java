package dev.qwenmcp.server.document;

import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** Finds the structure of Markdown (CommonMark with tables) and of plain text. */
public final class Markdown {
  /** Deeper lists and quotes are text of the innermost one. */
  private static final int MOST_NESTED = 32;

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .maxOpenBlockParsers(MOST_NESTED)
          .build();

  private Markdown() {}

  /** A document of Markdown; front matter becomes metadata and its title the document's. */
  public static Document read(String text) {
    FrontMatter matter = FrontMatter.of(text);
    String body = text.substring(matter.end());
    List<Block> blocks = new ArrayList<>();
    addChildren(PARSER.parse(body), text, matter.end(), blocks);
    String title = matter.title().or(() -> topHeading(text, blocks)).orElse("");
    return new Document(title, text, blocks, matter.metadata(), "text/markdown");
  }

  /** A document of text without marks: one block, to be cut along its blank lines. */
  public static Document plain(String text, String mediaType) {
    List<Block> blocks = new ArrayList<>();
    block(Block.Kind.PARAGRAPH, text, new Span(0, text.length()), 0).ifPresent(blocks::add);
    return new Document("", text, blocks, Map.of(), mediaType);
  }

  /** The first heading of the first level, where no other text comes before it. */
  private static Optional<String> topHeading(String text, List<Block> blocks) {
    return blocks.stream()
        .limit(1)
        .filter(block -> block.kind() == Block.Kind.HEADING && block.level() == 1)
        .map(block -> DocumentChunker.headingText(block.span().of(text)))
        .filter(heading -> !heading.isEmpty())
        .findFirst();
  }

  private static void addChildren(Node parent, String text, int offset, List<Block> blocks) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
      List<SourceSpan> spans = node.getSourceSpans();
      boolean comment = node instanceof HtmlBlock html && html.getLiteral().startsWith("<!--");
      if (spans.isEmpty() || comment) {
        continue;
      }
      SourceSpan last = spans.getLast();
      Span span =
          new Span(
              offset + spans.getFirst().getInputIndex(),
              offset + last.getInputIndex() + last.getLength());
      switch (node) {
        case Heading heading ->
            block(Block.Kind.HEADING, text, span, heading.getLevel()).ifPresent(blocks::add);
        case FencedCodeBlock code -> block(Block.Kind.CODE, text, span, 0).ifPresent(blocks::add);
        case TableBlock table -> block(Block.Kind.TABLE, text, span, 0).ifPresent(blocks::add);
        default -> {
          if (holdsMoreThanText(node)) {
            addChildren(node, text, offset, blocks);
          } else {
            block(Block.Kind.PARAGRAPH, text, span, 0).ifPresent(blocks::add);
          }
        }
      }
    }
  }

  /** Whether a list or quote holds tables, code or headings. */
  private static boolean holdsMoreThanText(Node node) {
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      if (child instanceof FencedCodeBlock
          || child instanceof TableBlock
          || child instanceof Heading
          || holdsMoreThanText(child)) {
        return true;
      }
    }
    return false;
  }

  /** The block without the white space around it; none if it is nothing else. */
  private static Optional<Block> block(Block.Kind kind, String text, Span span, int level) {
    int start = span.start();
    int end = span.end();
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end > start ? Optional.of(new Block(kind, start, end, level, 0)) : Optional.empty();
  }
}
