package dev.qwenmcp.server.document.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was made to do harm costs a bounded time and an error, and the next file is read. */
@Timeout(120)
class HostileFilesTest {
  private static final ParserLimits TIGHT =
      new ParserLimits(200_000, 96, Duration.ofSeconds(10), Duration.ofSeconds(30));

  /** {@code -Dfuzzed.files=} for more. */
  private static final int FILES = Integer.getInteger("fuzzed.files", 400);

  @TempDir Path folder;

  private static DocumentException failure(DocumentReader reader, byte[] content, String name) {
    try {
      Document read = reader.read(content, name);
      throw new AssertionError(name + " was read: " + read.text().length() + " characters");
    } catch (DocumentException e) {
      assertThat(reader).satisfies(HostileFilesTest::stillReads);
      return e;
    }
  }

  private static void stillReads(DocumentReader reader) throws DocumentException {
    assertThat(reader.read(SampleFiles.pdf("still here"), "x.pdf").text()).isEqualTo("still here");
  }

  /** A Word document whose text part is mostly one paragraph again and again. */
  private static byte[] bomb(int megabytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part =
        "<w:p><w:r><w:t>bomb bomb bomb</w:t></w:r></w:p>"
            .repeat(1000)
            .getBytes(StandardCharsets.UTF_8);
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry :
          SampleFiles.wordParts(SampleFiles.wordXml("", "MARK")).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        String[] around = entry.getValue().split("MARK");
        zip.write(around[0].getBytes(StandardCharsets.UTF_8));
        if (around.length > 1) {
          for (long written = 0; written < ((long) megabytes << 20); written += part.length) {
            zip.write(part);
          }
          zip.write(around[1].getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return out.toByteArray();
  }

  @Test
  void decompressionBombsAreGivenUp() throws IOException {
    byte[] bomb = bomb(120);
    assertThat(bomb.length).isLessThan(2 << 20);
    try (DocumentReader reader = new DocumentReader(TIGHT)) {
      assertThat(failure(reader, bomb, "bomb.docx").kind())
          .isIn(Kind.TOO_LARGE, Kind.DAMAGED, Kind.TIME_EXCEEDED);
    }
  }

  @Test
  void entitiesAreNotExpandedAndFilesNotFetched() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "TOPSECRET");
    String laughs =
        "<!DOCTYPE w:document [<!ENTITY a0 \"ha\">"
            + String.join(
                "",
                IntStream.range(1, 40)
                    .mapToObj(i -> "<!ENTITY a%d \"&a%d;&a%d;\">".formatted(i, i - 1, i - 1))
                    .toList())
            + "]>";
    String fetch = "<!DOCTYPE w:document [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>";
    String body = "<w:p><w:r><w:t>before %s after</w:t></w:r></w:p>";
    try (DocumentReader reader = new DocumentReader(TIGHT)) {
      for (byte[] file :
          List.of(
              SampleFiles.docxOf(SampleFiles.wordXml(laughs, body.formatted("&a39;"))),
              SampleFiles.docxOf(SampleFiles.wordXml(fetch, body.formatted("&x;"))))) {
        try {
          Document read = reader.read(file, "x.docx");
          assertThat(read.text()).doesNotContain("TOPSECRET").hasSizeLessThan(100);
        } catch (DocumentException e) {
          assertThat(e.getMessage()).doesNotContain("TOPSECRET");
        }
        stillReads(reader);
      }
      String page =
          "<html><body><p>&x;</p><iframe src='" + secret.toUri() + "'></iframe></body></html>";
      assertThat(reader.read(page.getBytes(StandardCharsets.UTF_8), "x.html").text())
          .isEqualTo("&x;");
    }
  }

  @Test
  void deepNestingIsSurvived() throws Exception {
    try (DocumentReader reader = new DocumentReader(TIGHT)) {
      String deep = "<div>".repeat(20_000) + "<p>at the bottom</p>";
      assertThat(reader.read(("<html>" + deep).getBytes(StandardCharsets.UTF_8), "x.html").text())
          .contains("at the bottom");
      String xml = "<w:sdt><w:sdtContent>".repeat(20_000);
      failure(reader, SampleFiles.docxOf(SampleFiles.wordXml("", xml)), "x.docx");
      String quotes = "> ".repeat(20_000) + "deep";
      assertThat(reader.read(quotes.getBytes(StandardCharsets.UTF_8), "x.md").blocks())
          .isNotEmpty();
      failure(reader, ("{\\rtf1 " + "{".repeat(100_000)).getBytes(StandardCharsets.UTF_8), "x.rtf");
    }
  }

  @Test
  void tooMuchTextIsAnErrorAndNotCut() {
    try (DocumentReader reader = new DocumentReader(TIGHT)) {
      byte[] html = ("<p>" + "word ".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
      assertThat(failure(reader, html, "x.html").kind()).isEqualTo(Kind.TOO_LARGE);
      byte[] text = "word ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
      assertThat(failure(reader, text, "x.txt").getMessage()).contains("200,000");
    }
  }

  @Test
  void aFileThatTakesTooLongIsGivenUpAndAnotherProcessStarts() throws Exception {
    ParserLimits hasty =
        new ParserLimits(200_000, 96, Duration.ofMillis(5), Duration.ofSeconds(30));
    try (ParserProcess parser = new ParserProcess(hasty)) {
      assertThatThrownBy(() -> parser.parse(Format.PDF, SampleFiles.pdf("x")))
          .isInstanceOfSatisfying(
              DocumentException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIME_EXCEEDED));
      assertThatThrownBy(() -> parser.parse(Format.PDF, SampleFiles.pdf("x")))
          .isInstanceOf(DocumentException.class);
      assertThat(parser.started()).isEqualTo(2);
    }
  }

  @Test
  void theProcessServesManyFilesAndEndsWhenIdle() throws Exception {
    ParserLimits impatient =
        new ParserLimits(200_000, 96, Duration.ofSeconds(20), Duration.ofMillis(50));
    try (ParserProcess parser = new ParserProcess(TIGHT)) {
      for (int i = 0; i < 5; i++) {
        parser.parse(Format.PDF, SampleFiles.pdf("page " + i));
      }
      assertThat(parser.started()).isEqualTo(1);
    }
    try (ParserProcess parser = new ParserProcess(impatient)) {
      parser.parse(Format.PDF, SampleFiles.pdf("x"));
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (parser.isRunning() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(parser.isRunning()).isFalse();
      assertThat(parser.parse(Format.PDF, SampleFiles.pdf("again")).text()).isEqualTo("again");
    }
  }

  /** Many files: cut off, overwritten, or random bytes, under every name. */
  @Test
  void damagedFilesGiveATextOrAnErrorThatSaysWhy() throws Exception {
    Random random = new Random(42);
    Map<String, byte[]> samples =
        Map.of(
            "x.pdf", SampleFiles.pdf("A page of text.", "Another."),
            "x.docx", SampleFiles.docx(),
            "x.xlsx", SampleFiles.xlsx(),
            "x.xls", SampleFiles.xls(),
            "x.pptx", SampleFiles.pptx(),
            "x.odt", SampleFiles.odt(),
            "x.epub", SampleFiles.epub(),
            "x.rtf", SampleFiles.rtf(),
            "x.html",
                "<html><body><table><tr><td>x</table><p>text".getBytes(StandardCharsets.UTF_8),
            "x.md",
                "# Title\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
                    .getBytes(StandardCharsets.UTF_8));
    List<String> names = samples.keySet().stream().sorted().toList();
    int read = 0;
    try (DocumentReader reader =
        new DocumentReader(
            new ParserLimits(200_000, 128, Duration.ofSeconds(10), Duration.ofSeconds(30)))) {
      for (int i = 0; i < FILES; i++) {
        String name = names.get(i % names.size());
        byte[] content = damaged(samples.get(name), random);
        try {
          Document document = reader.read(content, name);
          assertThat(document.blocks()).isNotEmpty();
          read++;
        } catch (DocumentException e) {
          assertThat(e.kind()).as("%s %d: %s", name, i, e.getMessage()).isNotEqualTo(Kind.FAILED);
          assertThat(e.getMessage()).isNotBlank();
        }
      }
      stillReads(reader);
    }
    assertThat(read).isBetween(FILES / 20, FILES * 19 / 20);
  }

  private static byte[] damaged(byte[] sample, Random random) {
    byte[] content = sample.clone();
    switch (random.nextInt(4)) {
      case 0 -> content = Arrays.copyOf(content, 1 + random.nextInt(content.length));
      case 1 -> {
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
          content[random.nextInt(content.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> {
        int from = random.nextInt(content.length);
        int to = Math.min(content.length, from + 1 + random.nextInt(200));
        Arrays.fill(content, from, to, (byte) 0);
      }
      default -> {
        content = new byte[1 + random.nextInt(2000)];
        random.nextBytes(content);
      }
    }
    return content;
  }
}
