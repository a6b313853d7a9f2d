package dev.qwenmcp.server.document.reader;

import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;

/** Small files of each format, made with the libraries that other programs write them with. */
public final class SampleFiles {
  private SampleFiles() {}

  @FunctionalInterface
  private interface Writing {
    void to(ByteArrayOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A PDF with one line of text a page. */
  public static byte[] pdf(String... pages) {
    return bytes(out -> {
      try (PDDocument pdf = pdfDocument(pages)) {
        pdf.save(out);
      }
    });
  }

  private static PDDocument pdfDocument(String... pages) throws IOException {
    PDDocument pdf = new PDDocument();
    for (String text : pages) {
      PDPage page = new PDPage();
      pdf.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
        content.newLineAtOffset(72, 700);
        content.showText(text);
        content.endText();
      }
    }
    return pdf;
  }

  /** A PDF that opens with a password only. */
  public static byte[] encryptedPdf() {
    return bytes(out -> {
      try (PDDocument pdf = pdfDocument("secret")) {
        pdf.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
        pdf.save(out);
      }
    });
  }

  /** A Word document: a heading, a paragraph, a heading below, a Chinese paragraph, a table. */
  public static byte[] docx() {
    return bytes(out -> {
      try (XWPFDocument word = new XWPFDocument()) {
        for (int level = 1; level <= 2; level++) {
          CTStyle style = CTStyle.Factory.newInstance();
          style.setStyleId("Heading" + level);
          style.addNewName().setVal("heading " + level);
          word.createStyles().addStyle(new XWPFStyle(style));
        }
        paragraph(word, "Heading1", "Returns");
        paragraph(word, null, "Shoes can be returned for thirty days.");
        paragraph(word, "Heading2", "退货");
        paragraph(word, null, "鞋子可以在三十天内退货。");
        XWPFTable table = word.createTable(2, 2);
        table.getRow(0).getCell(0).setText("size");
        table.getRow(0).getCell(1).setText("price");
        table.getRow(1).getCell(0).setText("42");
        table.getRow(1).getCell(1).setText("80 euros");
        word.getProperties().getCoreProperties().setTitle("Shop manual");
        word.getProperties().getCoreProperties().setCreator("Ada");
        word.write(out);
      }
    });
  }

  private static void paragraph(XWPFDocument word, String style, String text) {
    var paragraph = word.createParagraph();
    if (style != null) {
      paragraph.setStyle(style);
    }
    paragraph.createRun().setText(text);
  }

  public static byte[] xlsx() {
    return workbook(new XSSFWorkbook());
  }

  public static byte[] xls() {
    return workbook(new HSSFWorkbook());
  }

  private static byte[] workbook(Workbook book) {
    return bytes(out -> {
      try (book) {
        Sheet sheet = book.createSheet("价格 Prices");
        Row head = sheet.createRow(0);
        head.createCell(0).setCellValue("product");
        head.createCell(1).setCellValue("euros");
        Row row = sheet.createRow(1);
        row.createCell(0).setCellValue("运动鞋 sneaker");
        row.createCell(1).setCellValue(79.5);
        book.write(out);
      }
    });
  }

  public static byte[] pptx() {
    return bytes(out -> {
      try (XMLSlideShow show = new XMLSlideShow()) {
        for (String text : new String[] {"Opening hours are nine to five.", "图书馆周末不开放。"}) {
          XSLFTextBox box = show.createSlide().createTextBox();
          box.setAnchor(new Rectangle(50, 50, 400, 100));
          box.setText(text);
        }
        show.write(out);
      }
    });
  }

  /** A Word document that opens with a password only. */
  public static byte[] encryptedDocx() {
    return bytes(out -> {
      try (POIFSFileSystem files = new POIFSFileSystem()) {
        Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
        encryptor.confirmPassword("secret");
        try (var stream = encryptor.getDataStream(files)) {
          stream.write(docx());
        }
        files.writeFilesystem(out);
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    });
  }

  public static byte[] odt() {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("mimetype", "application/vnd.oasis.opendocument.text");
    entries.put(
        "META-INF/manifest.xml",
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>");
    entries.put(
        "content.xml",
        """
        <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
          xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
          <text:h text:outline-level="1">Delivery 配送</text:h>
          <text:p>Orders arrive within three days.</text:p></office:text></office:body>
        </office:document-content>\
        """);
    return zip(entries);
  }

  public static byte[] epub() {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("mimetype", "application/epub+zip");
    entries.put(
        "META-INF/container.xml",
        """
        <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
        <rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\
        """);
    entries.put(
        "book.opf",
        """
        <package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
        xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A small book</dc:title></metadata>
        <manifest><item id="c1" href="c1.xhtml" media-type="application/xhtml+xml"/></manifest>
        <spine><itemref idref="c1"/></spine></package>\
        """);
    entries.put(
        "c1.xhtml",
        """
        <html xmlns="http://www.w3.org/1999/xhtml"><head><title>c1</title></head><body>
        <h1>Chapter one</h1><p>The lighthouse keeper slept.</p></body></html>\
        """);
    return zip(entries);
  }

  public static byte[] rtf() {
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0\\pard"
            + " Refunds are paid within a week. \\u36864?\\u27454?\\par}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A Word document whose main part is given. */
  public static byte[] docxOf(String documentXml) {
    return zip(wordParts(documentXml));
  }

  static Map<String, String> wordParts(String documentXml) {
    return Map.of(
        "[Content_Types].xml",
        """
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
        ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"
        ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>\
        """,
        "_rels/.rels",
        """
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
        Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        Target="word/document.xml"/></Relationships>\
        """,
        "word/document.xml",
        documentXml);
  }

  /** What a Word document's main part looks like around its paragraphs. */
  public static String wordXml(String before, String body) {
    return "<?xml version=\"1.0\"?>"
        + before
        + "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
        + body
        + "</w:body></w:document>";
  }

  static byte[] zip(Map<String, String> entries) {
    return bytes(out -> {
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
          byte[] content = entry.getValue().getBytes(StandardCharsets.UTF_8);
          ZipEntry named = new ZipEntry(entry.getKey());
          if (entry.getKey().equals("mimetype")) {
            CRC32 crc = new CRC32();
            crc.update(content);
            named.setMethod(ZipEntry.STORED);
            named.setSize(content.length);
            named.setCrc(crc.getValue());
          }
          zip.putNextEntry(named);
          zip.write(content);
        }
      }
    });
  }
}
