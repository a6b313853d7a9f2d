package dev.qwenmcp.server.document.reader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Formats of documents, told by their content; names only tell kinds of text apart. */
enum Format {
  TEXT("text/plain"),
  MARKDOWN("text/markdown"),
  HTML("text/html"),
  PDF("application/pdf"),
  RTF("application/rtf"),
  /** Word, Excel or PowerPoint before 2007, or an encrypted later one. */
  OLE2("application/x-tika-msoffice"),
  DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
  XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
  PPTX("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
  ODT("application/vnd.oasis.opendocument.text"),
  ODS("application/vnd.oasis.opendocument.spreadsheet"),
  ODP("application/vnd.oasis.opendocument.presentation"),
  EPUB("application/epub+zip");

  private static final int MOST_ENTRIES = 2000;
  private static final int MOST_MIMETYPE = 100;
  private static final int HTML_REACH = 1024;

  private static final List<String> OTHER_BINARIES =
      List.of("\u0089PNG", "\u00ff\u00d8\u00ff", "GIF8", "\u007fELF", "\u001f\u008b", "MZ", "BM");

  private final String mediaType;

  Format(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /** Whether it is read in the server's own process. */
  boolean plain() {
    return this == TEXT || this == MARKDOWN;
  }

  /**
   * The format of a file.
   *
   * @param name of the file
   * @return none if it is no document of a known format; text may still turn out to be none
   */
  static Optional<Format> of(byte[] content, String name) {
    String head = latin(content, HTML_REACH);
    if (head.startsWith("PK\u0003\u0004")) {
      return ofZip(content);
    }
    boolean named = name.toLowerCase(Locale.ROOT).endsWith(".pdf");
    if (head.startsWith("%PDF-") || named && head.contains("%PDF-")) { // some have junk before it
      return Optional.of(PDF);
    }
    if (head.startsWith("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1")) {
      return Optional.of(OLE2);
    }
    if (head.startsWith("{\\rtf")) {
      return Optional.of(RTF);
    }
    if (OTHER_BINARIES.stream().anyMatch(head::startsWith) && head.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    String lower = name.toLowerCase(Locale.ROOT);
    String start = head.replace("\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
    if (isMarked(name)) {
      return Optional.of(MARKDOWN);
    }
    boolean html = start.startsWith("<!doctype html") || start.startsWith("<html");
    if (html || lower.endsWith(".html") || lower.endsWith(".htm") || lower.endsWith(".xhtml")) {
      return Optional.of(HTML);
    }
    return Optional.of(TEXT);
  }

  private static boolean isMarked(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".md") || lower.endsWith(".markdown") || lower.endsWith(".mdx");
  }

  private static String latin(byte[] content, int most) {
    return new String(content, 0, Math.min(content.length, most), StandardCharsets.ISO_8859_1);
  }

  private static Optional<Format> ofZip(byte[] content) {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      for (int i = 0; i < MOST_ENTRIES; i++) {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null) {
          return Optional.empty();
        }
        String name = entry.getName();
        if (name.equals("mimetype")) {
          String type =
              new String(zip.readNBytes(MOST_MIMETYPE), StandardCharsets.US_ASCII).strip();
          return List.of(ODT, ODS, ODP, EPUB).stream()
              .filter(format -> type.startsWith(format.mediaType))
              .findFirst();
        }
        if (name.equals("word/document.xml")) {
          return Optional.of(DOCX);
        }
        if (name.equals("xl/workbook.xml") || name.equals("xl/workbook.bin")) {
          return Optional.of(XLSX);
        }
        if (name.equals("ppt/presentation.xml")) {
          return Optional.of(PPTX);
        }
      }
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
