package dev.qwenmcp.server.document.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.document.Block;
import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentChunker;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import dev.qwenmcp.server.knowledge.Chunk;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DocumentReaderTest {
  private static DocumentReader reader;

  @BeforeAll
  static void open() {
    reader = new DocumentReader(ParserLimits.DEFAULT);
  }

  @AfterAll
  static void close() {
    reader.close();
  }

  private static Document read(byte[] content, String name) throws DocumentException {
    return reader.read(content, name);
  }

  private static List<String> headings(Document document) {
    return document.blocks().stream()
        .filter(block -> block.kind() == Block.Kind.HEADING)
        .map(block -> document.text().substring(block.start(), block.end()))
        .toList();
  }

  @Test
  void pdfHasItsTextByPages() throws Exception {
    Document pdf =
        read(SampleFiles.pdf("Shoes are on the first floor.", "Hats are upstairs."), "a");
    assertThat(pdf.mediaType()).isEqualTo("application/pdf");
    assertThat(pdf.text()).contains("Shoes are on the first floor.").contains("Hats are upstairs.");
    assertThat(pdf.blocks()).extracting(Block::page).containsExactly(1, 2);
  }

  @Test
  void wordHasHeadingsTablesAndWhatItSaysOfItself() throws Exception {
    Document word = read(SampleFiles.docx(), "manual.docx");
    assertThat(word.title()).isEqualTo("Shop manual");
    assertThat(word.metadata()).containsEntry("author", "Ada");
    assertThat(headings(word)).containsExactly("Returns", "退货");
    assertThat(word.text()).contains("size | price\n42 | 80 euros");
    assertThat(word.blocks()).anyMatch(block -> block.kind() == Block.Kind.TABLE);
    Chunk chunk = DocumentChunker.chunk(word).getFirst();
    assertThat(word.text().substring(chunk.start(), chunk.end())).contains("鞋子可以在三十天内退货。");
  }

  @Test
  void spreadsheetsHaveARowALine() throws Exception {
    for (byte[] book : List.of(SampleFiles.xlsx(), SampleFiles.xls())) {
      Document sheet = read(book, "prices");
      assertThat(sheet.text())
          .contains("product | euros\n运动鞋 sneaker | 79.5")
          .contains("价格 Prices");
    }
  }

  @Test
  void slidesAreRead() throws Exception {
    Document slides = read(SampleFiles.pptx(), "x.pptx");
    assertThat(slides.text()).contains("Opening hours are nine to five.", "图书馆周末不开放。");
    assertThat(slides.blocks()).extracting(Block::page).contains(1, 2);
  }

  @Test
  void openDocumentRtfAndEpubAreRead() throws Exception {
    Document odt = read(SampleFiles.odt(), "x.odt");
    assertThat(odt.text()).contains("Orders arrive within three days.");
    assertThat(headings(odt)).containsExactly("Delivery 配送");
    assertThat(read(SampleFiles.rtf(), "x.rtf").text())
        .contains("Refunds are paid within a week. 退款");
    Document epub = read(SampleFiles.epub(), "x.epub");
    assertThat(epub.title()).isEqualTo("A small book");
    assertThat(headings(epub)).containsExactly("Chapter one");
    assertThat(epub.text()).contains("The lighthouse keeper slept.");
  }

  @Test
  void theContentTellsTheFormatNotTheName() throws Exception {
    assertThat(read(SampleFiles.pdf("Really a PDF."), "notes.txt").text())
        .contains("Really a PDF.");
    assertThat(read(SampleFiles.docx(), "picture.png").text()).contains("Shoes can be returned");
    assertThat(read("only words".getBytes(StandardCharsets.UTF_8), "x.pdf").text())
        .isEqualTo("only words");
  }

  @Test
  void htmlIsItsMainText() throws Exception {
    String page =
        """
        <!DOCTYPE html><html lang="en"><head><title>Returns – Shop</title><style>p{color:red}</style>
        <meta name="author" content="Ada"><script>var x = "hidden";</script></head><body>
        <nav><a href="/">Home</a> <a href="/cart">Cart</a></nav>
        <main><h1>Returns</h1><p>Send shoes back
          within <b>thirty</b> days.</p><ul><li><p>unworn</p></li><li>in the box</li></ul>
        <pre>
          line one
            line two
        </pre><table><tr><th>size</th><th>price</th></tr><tr><td>42</td><td>80</td></tr></table></main>
        <footer>All rights reserved</footer></body></html>
        """;
    Document html = read(page.getBytes(StandardCharsets.UTF_8), "index.html");
    assertThat(html.title()).isEqualTo("Returns – Shop");
    assertThat(html.metadata()).containsEntry("author", "Ada").containsEntry("language", "en");
    assertThat(html.text())
        .isEqualTo(
            """
            Returns

            Send shoes back within thirty days.

            - unworn
            - in the box

              line one
                line two

            size | price
            42 | 80\
            """);
    assertThat(html.blocks())
        .extracting(Block::kind)
        .containsExactly(
            Block.Kind.HEADING,
            Block.Kind.PARAGRAPH,
            Block.Kind.PARAGRAPH,
            Block.Kind.PARAGRAPH,
            Block.Kind.CODE,
            Block.Kind.TABLE);
  }

  @Test
  void htmlInAChineseEncodingIsRead() throws Exception {
    String text =
        "<html><head>META<title>退货</title></head><body><p>鞋子可以在三十天内\n退货。</p></body></html>";
    Charset gbk = Charset.forName("GB18030");
    String named = text.replace("META", "<meta charset=\"gb2312\">");
    for (byte[] page : List.of(named.getBytes(gbk), text.replace("META", "").getBytes(gbk))) {
      Document html = read(page, "x.htm");
      assertThat(html.title()).isEqualTo("退货");
      assertThat(html.text()).isEqualTo("鞋子可以在三十天内退货。");
    }
  }

  @Test
  void textWithoutTextIsAnError() {
    assertFails(new byte[0], "x.txt", Kind.EMPTY, "empty");
    assertFails(" \n\t ".getBytes(StandardCharsets.UTF_8), "x.txt", Kind.EMPTY, "no text");
    assertFails(SampleFiles.pdf(""), "x.pdf", Kind.EMPTY, "pictures");
    assertFails(new byte[] {1, 2, 3, 0, 0, 5, 9, 0}, "x.txt", Kind.UNSUPPORTED, "binary");
  }

  @Test
  void encryptedFilesAreNamedAsSuch() {
    assertFails(SampleFiles.encryptedPdf(), "x.pdf", Kind.ENCRYPTED, "password");
    assertFails(SampleFiles.encryptedDocx(), "x.docx", Kind.ENCRYPTED, "password");
  }

  static void assertFails(byte[] content, String name, Kind kind, String part) {
    assertThatThrownBy(() -> reader.read(content, name))
        .isInstanceOfSatisfying(
            DocumentException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e.getMessage()).contains(part);
            });
  }
}
