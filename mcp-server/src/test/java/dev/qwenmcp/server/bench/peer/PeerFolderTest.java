package dev.qwenmcp.server.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.bench.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerFolderTest {
  @TempDir private Path folder;

  @Test
  void findsTheLibrariesOfTheKnownVersion() throws Exception {
    Files.createFile(folder.resolve("libllama.v0.5.0.so"));
    Files.createFile(folder.resolve("libggml.v0.5.0.so"));

    assertThat(PeerFolder.of(folder)).isInstanceOf(PeerFolder.Libraries.class);
  }

  @Test
  void refusesOtherVersions() throws Exception {
    Files.createFile(folder.resolve("libllama.v0.6.1.so"));

    assertThatThrownBy(() -> PeerFolder.of(folder))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("libllama.v0.6.1.so")
        .hasMessageContaining("v0.5.0")
        .hasMessageContaining("llama-bench");
  }

  @Test
  void refusesLibrariesWithoutAVersion() throws Exception {
    Files.createFile(folder.resolve("libllama.so"));

    assertThatThrownBy(() -> PeerFolder.of(folder)).hasMessageContaining("libllama.so is not");
  }

  @Test
  void saysWhatAFolderShouldHold() {
    assertThatThrownBy(() -> PeerFolder.of(folder)).hasMessageContaining("llama-bench");
    assertThatThrownBy(() -> PeerFolder.of(folder.resolve("none")))
        .hasMessageContaining("cannot list");
  }
}
