package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import dev.qwenmcp.server.document.Markdown;
import dev.qwenmcp.server.document.TextDecoder;

/**
 * Reads documents: plain text and Markdown itself, HTML, PDF, office documents and EPUB in a
 * process of their own with limits on memory and time. Safe for many threads.
 */
public final class DocumentReader implements AutoCloseable {
  private final ParserLimits limits;
  private final ParserProcess parser;

  /** Starts nothing; the process starts with the first document that needs it. */
  public DocumentReader(ParserLimits limits) {
    this.limits = limits;
    this.parser = new ParserProcess(limits);
  }

  /**
   * Reads a document. Its format is told by its content; the name only tells Markdown, HTML and
   * plain text apart.
   *
   * @param content the file's bytes
   * @param name of the file
   * @throws DocumentException if it has no text or cannot be read; the message says why and goes on
   *     after the file's name, such as "is encrypted"
   */
  public Document read(byte[] content, String name) throws DocumentException {
    if (content.length == 0) {
      throw new DocumentException(Kind.EMPTY, "is empty");
    }
    Format format =
        Format.of(content, name)
            .orElseThrow(() ->
                new DocumentException(
                    Kind.UNSUPPORTED,
                    "is no document of a known format (text, Markdown, HTML, PDF, Word, Excel,"
                        + " PowerPoint, OpenDocument, RTF, EPUB)"));
    Document document = format.plain() ? plain(format, content) : parser.parse(format, content);
    if (document.blocks().isEmpty()) {
      throw new DocumentException(
          Kind.EMPTY,
          format == Format.PDF
              ? "has no text; its pages may be pictures, which are not read"
              : "has no text");
    }
    return document;
  }

  private Document plain(Format format, byte[] content) throws DocumentException {
    if (content.length > 4L * limits.characters()) {
      throw tooLong();
    }
    String text = TextDecoder.decode(content);
    if (text.length() > limits.characters()) {
      throw tooLong();
    }
    return format == Format.MARKDOWN
        ? Markdown.read(text)
        : Markdown.plain(text, format.mediaType());
  }

  private DocumentException tooLong() {
    return new DocumentException(
        Kind.TOO_LARGE,
        "has more than %,d characters of text; split it".formatted(limits.characters()));
  }

  /** Ends the process that parses. */
  @Override
  public void close() {
    parser.close();
  }
}
