package dev.qwenmcp.server.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteModelsFileTest {
  private static final String ENTRY =
      """
      {"name": "far", "base_urls": ["http://a:8000/v1", "https://b/v1"], "context_tokens": 4096,
       "api_key_env": "KEY", "languages": ["zh"]}\
      """;

  @TempDir private Path folder;

  private List<RemoteSettings> read(String text) throws IOException {
    Path file = folder.resolve("remote.json");
    Files.writeString(file, text);
    return RemoteModelsFile.read(file, Map.of("KEY", "sk-1"));
  }

  @Test
  void namesModelsWithTheirAddressesAndKeys() throws IOException {
    RemoteSettings settings = read("{\"models\": [" + ENTRY + "]}").getFirst();
    assertThat(settings.servedName()).isEqualTo("far");
    assertThat(settings.addresses()).hasSize(2);
    assertThat(settings.apiKey().value()).isEqualTo("sk-1");
    assertThat(settings.toString()).doesNotContain("sk-1");
    assertThat(settings.about().languages()).containsExactly("zh");
    assertThat(settings.abilities().jsonSchema()).isTrue();
    assertThat(settings.abilities().samplingExtensions()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\": \"far\" | \"name\": \"\" | name",
        "\"name\": \"far\" | \"nom\": \"far\" | nom",
        "http://a:8000/v1 | ftp://a/v1 | base_urls",
        "http://a:8000/v1 | http://user@a/v1 | base_urls",
        "http://a:8000/v1 | file:///etc/passwd | base_urls",
        "4096 | 1 | context_tokens",
        "\"KEY\" | \"UNSET\" | UNSET"
      })
  void saysWhatIsWrong(String right, String wrong, String named) {
    assertThatThrownBy(() -> read("{\"models\": [" + ENTRY.replace(right, wrong) + "]}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(named);
  }

  @Test
  void refusesTwoOfOneName() {
    assertThatThrownBy(() -> read("{\"models\": [" + ENTRY + "," + ENTRY + "]}"))
        .hasMessageContaining("two models");
    assertThatThrownBy(() -> read("[]")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("{")).isInstanceOf(IOException.class);
  }
}
