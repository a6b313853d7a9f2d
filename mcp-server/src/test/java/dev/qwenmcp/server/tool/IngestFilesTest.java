package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.folder.PathException;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.document.reader.SampleFiles;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class IngestFilesTest {
  private final Workbench bench = new Workbench();
  @TempDir Path temp;
  private Path docs;
  private DocumentFolders folders;
  private Ingest ingest;

  @BeforeEach
  void open() throws IOException, PathException {
    docs = Files.createDirectory(temp.toRealPath().resolve("docs"));
    folders =
        new DocumentFolders(
            bench.knowledge,
            AllowedRoots.of(List.of(docs)),
            new DocumentReader(ParserLimits.DEFAULT),
            InstantSource.system());
    ingest = new Ingest(bench.contexts, bench.knowledge, folders);
  }

  @AfterEach
  void close() {
    folders.close();
  }

  private static Ingest.Arguments path(String path, Boolean watch) {
    return new Ingest.Arguments(null, path, null, null, watch, Map.of("team", "shop"), null, null);
  }

  private List<PassageView> find(String query) throws Exception {
    return bench
        .retrieve
        .call(new Retrieve.Arguments(query, null, null, null, null, null, null), bench.call)
        .passages();
  }

  @Test
  void passagesOfFilesAreFoundAndCiteTheirText() throws Exception {
    Files.write(docs.resolve("manual.docx"), SampleFiles.docx());
    Files.write(docs.resolve("hours.pdf"), SampleFiles.pdf("Intro.", "The library opens at nine."));
    Files.write(docs.resolve("说明.txt"), "图书馆周末不开放。".getBytes(Charset.forName("GB18030")));
    Files.write(docs.resolve("broken.xlsx"), new byte[] {'P', 'K', 3, 4, 1, 2, 3});
    Files.write(docs.resolve("bad.pdf"), "%PDF-1.4 none".getBytes(Charset.forName("UTF-8")));
    Ingest.Result result = ingest.call(path(docs.toString(), null), bench.call);
    assertThat(result.added()).isEqualTo(3);
    assertThat(result.failures()).extracting(Ingest.FailureView::path).contains("bad.pdf");
    assertThat(result.failed()).isEqualTo(result.failures().size());
    assertThat(result.remaining()).isZero();
    assertThat(result.watching()).isFalse();
    assertThat(bench.call.progressed()).isNotEmpty();
    for (String query : List.of("thirty days shoes", "library opens", "图书馆 周末")) {
      PassageView passage = find(query).getFirst();
      String text =
          bench.knowledge.document("local", "default", passage.source()).orElseThrow().text();
      assertThat(text.substring(passage.start(), passage.end())).isEqualTo(passage.text());
    }
    assertThat(ingest.call(path("manual.docx", null), bench.call).unchanged()).isEqualTo(1);
  }

  @Test
  void aFolderThatIsGivenAgainIsBroughtIntoLine() throws Exception {
    Path file = Files.writeString(docs.resolve("a.md"), "# Giraffes\n\nThey live here.");
    ingest.call(path(docs.toUri().toString(), null), bench.call);
    assertThat(find("giraffes")).hasSize(1);
    Files.delete(file);
    Files.writeString(docs.resolve("b.md"), "Penguins live here.");
    Ingest.Result result = ingest.call(path(docs.toString(), null), bench.call);
    assertThat(result.removed()).isEqualTo(1);
    assertThat(result.added()).isEqualTo(1);
    assertThat(find("giraffes")).noneMatch(passage -> passage.text().contains("Giraffes"));
  }

  @Test
  void aSingleFileThatCannotBeReadIsAnError() throws Exception {
    Files.write(docs.resolve("secret.pdf"), SampleFiles.encryptedPdf());
    assertFails(
        "document_not_read",
        () -> ingest.call(path("secret.pdf", null), bench.call),
        "secret.pdf",
        "password");
  }

  @Test
  void aWatchIsBegunAndEnded() throws Exception {
    Files.writeString(docs.resolve("a.md"), "Giraffes live here.");
    assertThat(ingest.call(path(docs.toString(), true), bench.call).watching()).isTrue();
    assertThat(ingest.call(path(docs.toString(), null), bench.call).watching()).isTrue();
    assertThat(ingest.call(path(docs.toString(), false), bench.call).watching()).isFalse();
    assertFails("invalid_path", () -> ingest.call(path("a.md", true), bench.call), "only folders");
  }

  @Test
  void whatMayNotBeReadSaysHowToAllowIt() {
    assertFails(
        "path_not_allowed",
        () -> ingest.call(path("/etc/passwd", null), bench.call),
        "--allow-root",
        docs.toString());
    assertFails(
        "path_not_allowed",
        () -> bench.ingest.call(path("/etc/passwd", null), bench.call),
        "--allow-root");
    assertFails("path_not_found", () -> ingest.call(path("none.md", null), bench.call), "none.md");
    assertFails(
        "invalid_path",
        () -> ingest.call(path("https://example.org/x", null), bench.call),
        "file:");
    Ingest.Arguments pattern =
        new Ingest.Arguments(null, docs.toString(), List.of("["), null, null, null, null, null);
    assertFails("invalid_path", () -> ingest.call(pattern, bench.call), "*.md");
    Ingest.Arguments nothing = new Ingest.Arguments(null, null, null);
    assertFails("conflicting_arguments", () -> ingest.call(nothing, bench.call), "path");
    Ingest.Arguments mixed =
        new Ingest.Arguments(
            List.of(new Ingest.DocumentInput("a", null, "b", null)),
            null,
            null,
            null,
            true,
            null,
            null,
            null);
    assertFails("conflicting_arguments", () -> ingest.call(mixed, bench.call), "watch");
  }
}
