package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataFolderTest {
  private static final Path HOME = Path.of("/home/ann");

  @Test
  void followsTheConventionsOfEachSystem() {
    assertThat(DataFolder.standard("Linux", Map.of(), HOME))
        .isEqualTo(Path.of("/home/ann/.local/share/qwen-mcp"));
    assertThat(DataFolder.standard("Linux", Map.of("XDG_DATA_HOME", "/data"), HOME))
        .isEqualTo(Path.of("/data/qwen-mcp"));
    assertThat(DataFolder.standard("Linux", Map.of("XDG_DATA_HOME", "relative"), HOME))
        .isEqualTo(Path.of("/home/ann/.local/share/qwen-mcp"));
    assertThat(DataFolder.standard("Mac OS X", Map.of("XDG_DATA_HOME", "/data"), HOME))
        .isEqualTo(Path.of("/home/ann/Library/Application Support/qwen-mcp"));
    assertThat(DataFolder.standard("Windows 11", Map.of(), HOME))
        .isEqualTo(Path.of("/home/ann/AppData/Local/qwen-mcp"));
  }
}
