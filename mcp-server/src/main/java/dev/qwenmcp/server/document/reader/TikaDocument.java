package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.Property;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.epub.EpubParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** PDF and office documents by Apache Tika, without what is embedded in them. */
final class TikaDocument {
  /** What Word names documents that were never given a title. */
  private static final String NO_TITLE = "Microsoft ";

  private static final long MOST_ENTRY_BYTES = 256L << 20;

  private static final Map<String, Property> FIELDS =
      Map.of(
          "author", TikaCoreProperties.CREATOR,
          "created", TikaCoreProperties.CREATED,
          "language", TikaCoreProperties.LANGUAGE,
          "keywords", TikaCoreProperties.SUBJECT,
          "description", TikaCoreProperties.DESCRIPTION);

  private TikaDocument() {}

  static Document read(Format format, byte[] content, int mostCharacters)
      throws IOException, DocumentException {
    ZipSecureFile.setMaxEntrySize(MOST_ENTRY_BYTES);
    ZipSecureFile.setMaxTextSize(MOST_ENTRY_BYTES);
    Metadata metadata = new Metadata();
    metadata.set(Metadata.CONTENT_TYPE, format.mediaType());
    MarkupText text = new MarkupText(mostCharacters);
    try (TikaInputStream in = TikaInputStream.get(content)) {
      parser(format).parse(in, new XhtmlHandler(text), metadata, context());
    } catch (EncryptedDocumentException | org.apache.poi.EncryptedDocumentException e) {
      throw new DocumentException(
          Kind.ENCRYPTED, "is encrypted; save it without a password and try again", e);
    } catch (TikaException | SAXException | RuntimeException e) {
      throw failure(e);
    }
    Map<String, String> fields = new HashMap<>();
    FIELDS.forEach((name, property) ->
        Optional.ofNullable(metadata.get(property))
            .map(String::strip)
            .filter(value -> !value.isEmpty())
            .ifPresent(value -> fields.put(name, value)));
    String title =
        Optional.ofNullable(metadata.get(TikaCoreProperties.TITLE))
            .map(String::strip)
            .filter(given -> !given.isEmpty() && !given.startsWith(NO_TITLE))
            .or(text::topHeading)
            .orElse("");
    String type = metadata.get(Metadata.CONTENT_TYPE);
    return new Document(
        title,
        text.text(),
        text.blocks(),
        fields,
        type == null ? format.mediaType() : type.replaceFirst(";.*", ""));
  }

  private static DocumentException failure(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MarkupText.TooLongException tooLong) {
        throw tooLong;
      }
      if (cause instanceof EncryptedDocumentException
          || cause instanceof org.apache.poi.EncryptedDocumentException) {
        return new DocumentException(
            Kind.ENCRYPTED, "is encrypted; save it without a password and try again", e);
      }
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return new DocumentException(Kind.DAMAGED, "cannot be parsed, it may be damaged: " + reason, e);
  }

  private static Parser parser(Format format) {
    return switch (format) {
      case PDF -> {
        PDFParser pdf = new PDFParser();
        PDFParserConfig config = pdf.getPDFParserConfig();
        config.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        config.setExtractInlineImages(false);
        config.setSortByPosition(false);
        yield pdf;
      }
      case OLE2 -> new OfficeParser();
      case DOCX, XLSX, PPTX -> new OOXMLParser();
      case RTF -> new RTFParser();
      case ODT, ODS, ODP -> new OpenDocumentParser();
      case EPUB -> new EpubParser();
      case TEXT, MARKDOWN, HTML -> throw new IllegalArgumentException(format + " is not for Tika");
    };
  }

  private static ParseContext context() {
    ParseContext context = new ParseContext();
    context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
    OfficeParserConfig office = new OfficeParserConfig();
    office.setExtractMacros(false);
    office.setIncludeDeletedContent(false);
    office.setIncludeMoveFromContent(false);
    context.set(OfficeParserConfig.class, office);
    return context;
  }

  /** Files within files are not read. */
  private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
      return false;
    }

    @Override
    public void parseEmbedded(
        InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {}
  }
}
