package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestCommandTest {
  @TempDir Path temp;

  private CommandRun ingest(Path path, String... more) {
    String[] words = new String[4 + more.length];
    words[0] = "ingest";
    words[1] = path.toString();
    words[2] = "--data-dir";
    words[3] = temp.resolve("data").toString();
    System.arraycopy(more, 0, words, 4, more.length);
    return CommandRun.of(words);
  }

  @Test
  void aFolderIsReadAndBroughtIntoLine() throws IOException {
    Path docs = Files.createDirectory(temp.resolve("docs"));
    Files.writeString(docs.resolve("a.md"), "# Returns\n\nShoes can be returned.");
    Files.writeString(docs.resolve("b.md"), "图书馆周末不开放。");
    Files.writeString(docs.resolve("c.log"), "noise");
    CommandRun first = ingest(docs, "--exclude", "*.log", "-c", "notes");
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).startsWith("2 added, 0 replaced, 0 removed");
    Files.delete(docs.resolve("b.md"));
    assertThat(ingest(docs, "--exclude", "*.log", "-c", "notes").out())
        .startsWith("0 added, 0 replaced, 1 removed, 1 unchanged");
  }

  @Test
  void whatCannotBeReadIsNamedAndFails() throws IOException {
    Path docs = Files.createDirectory(temp.resolve("docs"));
    Files.writeString(docs.resolve("bad.pdf"), "%PDF-1.7 none");
    CommandRun run = ingest(docs);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("bad.pdf");
    assertThat(ingest(temp.resolve("none")).err()).contains("there is no file or folder");
    assertThat(ingest(docs, "-c", "../x").status()).isEqualTo(2);
    assertThat(ingest(docs, "--collections", "memory").err()).contains("nothing would remain");
  }
}
