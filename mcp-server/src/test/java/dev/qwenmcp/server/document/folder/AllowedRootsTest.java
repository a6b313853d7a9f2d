package dev.qwenmcp.server.document.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.document.folder.PathException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedRootsTest {
  @TempDir Path folder;
  private Path docs;
  private AllowedRoots roots;

  @BeforeEach
  void make() throws IOException, PathException {
    folder = folder.toRealPath();
    docs = Files.createDirectory(folder.resolve("docs"));
    Files.writeString(docs.resolve("退货 a.md"), "x");
    Files.createDirectory(folder.resolve("docs-other"));
    Files.writeString(folder.resolve("docs-other/secret.txt"), "x");
    Files.createSymbolicLink(docs.resolve("out"), folder.resolve("docs-other"));
    Files.createSymbolicLink(docs.resolve("in"), docs.resolve("退货 a.md"));
    Files.createSymbolicLink(folder.resolve("alias"), docs);
    roots = AllowedRoots.of(List.of(docs));
  }

  private void assertFails(Kind kind, String given) {
    assertThatThrownBy(() -> roots.resolve(given))
        .as(given)
        .isInstanceOfSatisfying(PathException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void pathsUrisAndRelativePathsLeadToTheRealFile() throws PathException {
    Path file = docs.resolve("退货 a.md");
    assertThat(roots.resolve(file.toString())).isEqualTo(file);
    assertThat(roots.resolve(file.toUri().toString())).isEqualTo(file);
    assertThat(roots.resolve("退货 a.md")).isEqualTo(file);
    assertThat(roots.resolve(docs + "/in")).isEqualTo(file);
    assertThat(roots.resolve(docs.toString())).isEqualTo(docs);
    assertThat(AllowedRoots.of(List.of(folder.resolve("alias"))).resolve(folder + "/alias/in"))
        .isEqualTo(file);
  }

  @Test
  void nothingOutsideIsReached() {
    assertFails(Kind.NOT_ALLOWED, docs + "/../docs-other/secret.txt");
    assertFails(Kind.NOT_ALLOWED, "../docs-other/secret.txt");
    assertFails(Kind.NOT_ALLOWED, docs + "/out/secret.txt");
    assertFails(Kind.NOT_ALLOWED, "out");
    assertFails(Kind.NOT_ALLOWED, folder + "/docs-other");
    assertFails(Kind.NOT_ALLOWED, "/etc/passwd");
    assertFails(Kind.NOT_ALLOWED, "/no/such/place"); // and nobody learns that it is not there
    assertFails(Kind.NOT_ALLOWED, docs.toUri() + "%2e%2e/docs-other/secret.txt");
  }

  @Test
  void mistakesAreNamed() {
    assertFails(Kind.NOT_FOUND, docs + "/none.md");
    assertFails(Kind.NOT_FOUND, docs + "/退货 a.md/x");
    assertFails(Kind.INVALID, "http://example.org/a.md");
    assertFails(Kind.INVALID, "file://host/a b");
    assertFails(Kind.INVALID, "a\0b");
    assertThatThrownBy(() -> AllowedRoots.NONE.resolve("x")).hasMessageContaining("--allow-root");
    assertThatThrownBy(() -> roots.resolve("/etc")).hasMessageContaining(docs.toString());
    assertThatThrownBy(() -> AllowedRoots.of(List.of(Path.of("/no/such"))))
        .hasMessageContaining("/no/such");
  }

  private static void assertNotAllowed(AllowedRoots roots, Path path, String... words) {
    assertThatThrownBy(() -> roots.resolve(path.toString()))
        .isInstanceOfSatisfying(
            PathException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ALLOWED))
        .hasMessageContainingAll(words);
  }

  @Test
  void foldersOfAClientNarrowTheAllowedFoldersThatHoldThem() throws Exception {
    Path project = Files.createDirectory(docs.resolve("project"));
    Path notes = Files.writeString(project.resolve("notes.md"), "x");
    Path named = Files.createDirectory(folder.resolve("named"));
    AllowedRoots both = AllowedRoots.of(List.of(docs, named));

    AllowedRoots narrowed =
        both.narrowedTo(List.of(project.toUri().toString(), "file:///elsewhere/project"));

    assertThat(narrowed.folders()).containsExactly(project, named);
    assertThat(narrowed.resolve("notes.md")).isEqualTo(notes);
    assertThat(narrowed.resolve(named.toString())).isEqualTo(named);
    assertNotAllowed(narrowed, docs, project.toString(), "open it in the client");
    assertNotAllowed(narrowed, docs.resolve("退货 a.md"), project.toString());
  }

  @Test
  void foldersOfAClientNeverAllowAnything() throws Exception {
    Path other = folder.resolve("docs-other");
    List<String> asked =
        List.of(
            "file:///",
            folder.toUri().toString(),
            other.toUri().toString(),
            docs.resolve("out").toUri().toString(),
            docs.resolve("none").toUri().toString(),
            docs.resolve("退货 a.md").toUri().toString(),
            "https://example.org/",
            "\0");
    AllowedRoots narrowed = roots.narrowedTo(asked);

    assertThat(narrowed.folders()).containsExactly(docs);
    assertNotAllowed(narrowed, other.resolve("secret.txt"), "--allow-root");
    assertThat(AllowedRoots.NONE.narrowedTo(asked).folders()).isEmpty();
  }

  @Test
  void anAllowedFolderMayStillBeNamedByItsLinkWhereAnotherIsNarrowed() throws Exception {
    Path project = Files.createDirectory(folder.resolve("docs-other/project"));
    AllowedRoots narrowed =
        AllowedRoots.of(List.of(folder.resolve("alias"), folder.resolve("docs-other")))
            .narrowedTo(List.of(project.toUri().toString()));

    assertThat(narrowed.resolve(folder + "/alias/in")).isEqualTo(docs.resolve("退货 a.md"));
    assertNotAllowed(narrowed, folder.resolve("docs-other/secret.txt"), project.toString());
  }
}
