package dev.qwenmcp.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {
  private static final Set<String> KEYS = Set.of("threads", "model", "contexts");

  @TempDir private Path folder;

  @Test
  void readsTextsAndListsAsTheyAreWritten() throws Exception {
    assertThat(SettingsFile.read(file("threads: 08\nmodel: [a, \"b c\"] # two\n"), KEYS))
        .containsExactly(
            Map.entry("threads", List.of("08")), Map.entry("model", List.of("a", "b c")));
    assertThat(SettingsFile.read(file("# nothing yet\n"), KEYS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'thread: 4' | unknown key thread; did you mean threads?",
        "'colour: blue' | unknown key colour; qwen-mcp config lists the keys",
        "'threads:' | threads: expected a value",
        "'threads: {a: 1}' | threads: expected a value",
        "'- threads' | expected lines such as",
        "'threads: \"' | is not YAML",
        "'threads: 1\nthreads: 2' | is not YAML"
      })
  void saysWhatIsWrongWithAFile(String text, String problem) throws IOException {
    Path file = file(text);

    assertThatThrownBy(() -> SettingsFile.read(file, KEYS))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(file.toString(), problem);
  }

  @Test
  void saysThatAFileIsMissing() {
    assertThatThrownBy(() -> SettingsFile.read(folder.resolve("none.yaml"), KEYS))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("none.yaml: does not exist");
  }

  @Test
  void countsEdits() {
    assertThat(NearestName.edits("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.edits("", "abc")).isEqualTo(3);
    assertThat(NearestName.of("modle", KEYS)).contains("model");
    assertThat(NearestName.of("verbosity", KEYS)).isEmpty();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), text);
  }
}
