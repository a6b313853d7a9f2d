package dev.qwenmcp.server.document.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.document.reader.SampleFiles;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.SourceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DocumentFoldersTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path temp;
  private Path docs;
  private final KnowledgeBase knowledge =
      new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, Embedders.NONE);
  private DocumentFolders folders;

  @BeforeEach
  void open() throws IOException, PathException {
    docs = Files.createDirectories(temp.toRealPath().resolve("docs"));
    folders =
        new DocumentFolders(
            knowledge,
            AllowedRoots.of(List.of(docs)),
            new DocumentReader(ParserLimits.DEFAULT),
            InstantSource.system());
  }

  @AfterEach
  void close() {
    folders.close();
    knowledge.close();
  }

  private FolderRequest request(Path path, FileSelection selection) {
    return new FolderRequest(
        "me", "notes", path, folders.roots(), selection, Map.of("project", "x"));
  }

  private SyncReport sync() throws Exception {
    return folders.ingest(request(docs, FileSelection.ALL), LONG, SyncProgress.NONE);
  }

  private Path write(String name, String text) throws IOException {
    Path file = docs.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return file;
  }

  @Test
  void onePrincipalTakesNoWatchFromAnother() throws Exception {
    for (int i = 0; i < 100; i++) {
      Path own = Files.createDirectories(docs.resolve("f" + i));
      folders.watch(
          new FolderRequest("ann", "notes", own, folders.roots(), FileSelection.ALL, Map.of()));
    }
    FolderRequest oneMore =
        new FolderRequest("ann", "notes", docs, folders.roots(), FileSelection.ALL, Map.of());

    assertThatThrownBy(() -> folders.watch(oneMore))
        .isInstanceOf(PathException.class)
        .hasMessageContaining("100 folders are watched already")
        .hasMessageContaining("watch: false");
    assertThat(folders.watches(oneMore)).isFalse();
    FolderRequest others =
        new FolderRequest("ben", "notes", docs, folders.roots(), FileSelection.ALL, Map.of());
    folders.watch(others);
    assertThat(folders.watches(others)).isTrue();

    FolderRequest ended =
        new FolderRequest(
            "ann", "notes", docs.resolve("f7"), folders.roots(), FileSelection.ALL, Map.of());
    assertThat(folders.unwatch(ended)).isTrue();
    folders.watch(oneMore);
    assertThat(folders.watches(oneMore)).isTrue();
  }

  private Map<String, SourceInfo> sources() throws KnowledgeException {
    Map<String, SourceInfo> sources = new TreeMap<>();
    knowledge.sources("me", "notes").forEach(s -> sources.put(s.metadata().get("path"), s));
    return sources;
  }

  @Test
  void aFolderIsReadWithAllBelowIt() throws Exception {
    write("a.md", "---\nauthor: Ada\n---\n# Alpha\n\nThe giraffe.");
    write("sub/深/b.txt", "企鹅住在这里。");
    Files.write(docs.resolve("c.pdf"), SampleFiles.pdf("A zebra."));
    Files.write(docs.resolve("d.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 0});
    Files.write(docs.resolve("broken.pdf"), "%PDF-1.7 nothing".getBytes());
    write(".hidden/e.md", "hidden");
    write("node_modules/f.md", "hidden");
    SyncReport report = sync();
    assertThat(report.added()).isEqualTo(3);
    assertThat(report.skipped()).isEqualTo(1);
    assertThat(report.failures())
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.path()).isEqualTo("broken.pdf");
          assertThat(failure.reason()).isNotBlank();
        });
    SourceInfo alpha = sources().get("a.md");
    assertThat(alpha.id()).isEqualTo(docs.resolve("a.md").toString());
    assertThat(alpha.title()).isEqualTo("Alpha");
    assertThat(alpha.metadata())
        .containsEntry("author", "Ada")
        .containsEntry("project", "x")
        .containsEntry("media_type", "text/markdown")
        .containsEntry("folder", docs.toString())
        .containsEntry("uri", docs.resolve("a.md").toUri().toString())
        .containsKeys("modified", "size", "sha256");
    assertThat(sources().keySet()).containsExactly("a.md", "c.pdf", "sub/深/b.txt");
  }

  @Test
  void syncingAgainFollowsWhatHasChanged() throws Exception {
    write("same.md", "The same.");
    Path old = write("old.md", "An old one.");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
    Path changing = write("changing.md", "Before.");
    Path going = write("going.md", "Going.");
    assertThat(sync().added()).isEqualTo(4);
    SyncReport nothing = sync();
    assertThat(nothing.unchanged()).isEqualTo(4);
    assertThat(nothing.changed()).isFalse();

    FileTime time = Files.getLastModifiedTime(changing);
    Files.writeString(changing, "After..");
    Files.setLastModifiedTime(changing, time); // same size, same time, another text
    Files.delete(going);
    write("new.md", "New.");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(60))); // touched only
    SyncReport report = sync();
    assertThat(report.added()).isEqualTo(1);
    assertThat(report.replaced()).isEqualTo(1);
    assertThat(report.removed()).isEqualTo(1);
    assertThat(report.unchanged()).isEqualTo(2);
    assertThat(sources().keySet()).containsExactly("changing.md", "new.md", "old.md", "same.md");
    assertThat(knowledge.document("me", "notes", changing.toString()).orElseThrow().text())
        .isEqualTo("After..");
  }

  @Test
  void aFileThatBecomesUnreadableKeepsWhatWasReadBefore() throws Exception {
    Path file = docs.resolve("a.pdf");
    Files.write(file, SampleFiles.pdf("A zebra."));
    sync();
    Files.write(file, "%PDF-1.7 cut off".getBytes());
    SyncReport report = sync();
    assertThat(report.removed()).isZero();
    assertThat(report.failures())
        .singleElement()
        .extracting(FileFailure::reason)
        .asString()
        .contains("before stays");
    assertThat(sources()).containsKey("a.pdf");
  }

  @Test
  void patternsChoose() throws Exception {
    write("a.md", "A.");
    write("b.txt", "B.");
    write("drafts/c.md", "C.");
    write("deep/drafts/d.md", "D.");
    write("deep/e.md", "E.");
    folders.ingest(
        request(docs, new FileSelection(List.of("*.md"), List.of("drafts"))),
        LONG,
        SyncProgress.NONE);
    assertThat(sources().keySet()).containsExactly("a.md", "deep/e.md");
    folders.ingest(
        request(docs, new FileSelection(List.of("deep/**"), List.of())), LONG, SyncProgress.NONE);
    assertThat(sources().keySet()).containsExactly("deep/drafts/d.md", "deep/e.md");
    folders.ingest(
        request(docs, new FileSelection(List.of(), List.of("/drafts", "**/e.md"))),
        LONG,
        SyncProgress.NONE);
    assertThat(sources().keySet()).containsExactly("a.md", "b.txt", "deep/drafts/d.md");
  }

  @Test
  void documentsOfOtherPlacesStay() throws Exception {
    write("one/a.md", "A.");
    Path single = write("two/b.md", "B.");
    folders.ingest(request(docs.resolve("one"), FileSelection.ALL), LONG, SyncProgress.NONE);
    folders.ingest(request(single, FileSelection.ALL), LONG, SyncProgress.NONE);
    assertThat(sources()).hasSize(2);
    Files.delete(docs.resolve("one/a.md"));
    assertThat(
            folders
                .ingest(request(docs.resolve("one"), FileSelection.ALL), LONG, SyncProgress.NONE)
                .removed())
        .isEqualTo(1);
    assertThat(sources().keySet()).containsExactly("b.md");
  }

  @Test
  void linksAreFollowedWithinTheAllowedFolders() throws Exception {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret.md"), "secret");
    write("a/x.md", "X.");
    Files.createSymbolicLink(docs.resolve("loop"), docs);
    Files.createSymbolicLink(docs.resolve("again.md"), docs.resolve("a/x.md"));
    Files.createSymbolicLink(docs.resolve("out"), outside);
    Files.createSymbolicLink(docs.resolve("out.md"), outside.resolve("secret.md"));
    SyncReport report = sync();
    assertThat(report.added()).isEqualTo(1);
    assertThat(report.failures())
        .hasSize(2)
        .allMatch(failure -> failure.reason().contains("outside"));
    assertThat(sources().values()).allMatch(source -> source.id().endsWith("x.md"));
  }

  @Test
  void timeThatRunsOutLeavesTheRestForTheNextCall() throws Exception {
    for (int i = 0; i < 5; i++) {
      write(i + ".md", "Text " + i);
    }
    SyncReport report =
        folders.ingest(request(docs, FileSelection.ALL), Duration.ZERO, SyncProgress.NONE);
    assertThat(report.added()).isEqualTo(1);
    assertThat(report.remaining()).isEqualTo(4);
    assertThat(sync().added()).isEqualTo(4);
  }

  @Test
  void whatIsSavedInAWatchedFolderIsFoundWithinASecond() throws Exception {
    write("a.md", "A.");
    sync();
    folders.watch(request(docs, FileSelection.ALL));
    Thread.sleep(1000); // the first look, at what was saved before
    assertSeen(() -> write("b.md", "B."), "b.md", true);
    assertSeen(() -> write("new/deep/c.md", "C."), "new/deep/c.md", true);
    assertSeen(() -> write("new/deep/d.md", "D."), "new/deep/d.md", true);
    assertSeen(() -> Files.delete(docs.resolve("b.md")), "b.md", false);
    assertThat(folders.unwatch(request(docs, FileSelection.ALL))).isTrue();
    write("e.md", "E.");
    Thread.sleep(1200);
    assertThat(sources()).doesNotContainKey("e.md");
  }

  private interface Change {
    void make() throws Exception;
  }

  private void assertSeen(Change change, String path, boolean there) throws Exception {
    long start = System.nanoTime();
    change.make();
    while (sources().containsKey(path) != there) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as(path)
          .isLessThan(Duration.ofSeconds(1));
      Thread.sleep(10);
    }
  }
}
