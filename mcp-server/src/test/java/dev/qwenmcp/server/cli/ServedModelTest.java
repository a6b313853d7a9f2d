package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A server process with a model: what it has read outlives it, and it takes so many calls. */
@Timeout(120)
class ServedModelTest {
  private static final String TEXT =
      "My luggage did not arrive with the flight from Lisbon yesterday evening. ".repeat(12);

  @TempDir private Path folder;

  private List<String> server(String... more) {
    List<String> command = new ArrayList<>(ServerCommandLine.words());
    command.addAll(List.of("--data-dir", folder.toString()));
    command.addAll(List.of(more));
    return command;
  }

  private static JsonNode classify(LineClient client) throws IOException, CliException {
    ObjectNode arguments =
        JsonNodeFactory.instance.objectNode().put("task", "classify").put("text", TEXT);
    arguments.putArray("labels").add("lost_luggage").add("car_rental");
    return client.call("understand", arguments).result().get("usage");
  }

  @Test
  void aRestartedServerHasReadThePromptAlready() throws Exception {
    int prompt;
    try (LineClient client = new LineClient(server())) {
      JsonNode cold = classify(client);
      prompt = cold.get("prompt_tokens").asInt();
      assertThat(cold.get("cached_tokens").asInt()).isZero();
      JsonNode warm = classify(client);
      assertThat(warm.get("cached_tokens").asInt()).isGreaterThan(prompt - 65);
      assertThat(warm.get("restored_tokens").asInt()).isZero();
    }
    try (LineClient client = new LineClient(server())) {
      JsonNode restored = classify(client);
      assertThat(restored.get("cached_tokens").asInt()).isGreaterThan(prompt - 65);
      assertThat(restored.get("restored_tokens").asInt())
          .isEqualTo(restored.get("cached_tokens").asInt());
    }
  }

  @Test
  void withoutDiskNothingIsWritten() throws Exception {
    try (LineClient client = new LineClient(server("--cache-disk", "0"))) {
      classify(client);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.endsWith("kv"));
    }
  }

  @Test
  void callsBeyondSlotsAndQueueHearWhenToComeAgain() throws Exception {
    StringBuilder input =
        new StringBuilder(
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
            "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized","params":{}}
            """);
    int calls = 16;
    for (int i = 1; i <= calls; i++) {
      input.append(
          """
          {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"generate",\
          "arguments":{"prompt":"Tell me about your hotel.","max_tokens":200}}}
          """
              .formatted(i));
    }
    Path lines = Files.writeString(folder.resolve("in"), input);
    Path answers = folder.resolve("out");
    Process server =
        new ProcessBuilder(server("--slots", "1", "--queue", "0"))
            .redirectInput(lines.toFile())
            .redirectOutput(answers.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(server.waitFor()).isZero();
    List<String> results = Files.readAllLines(answers);
    assertThat(results).hasSize(1 + calls);
    assertThat(results)
        .filteredOn(line -> line.contains("busy: the model nano is busy"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).containsPattern("retry after \\d+ s"));
    assertThat(results).filteredOn(line -> line.contains("finish_reason")).isNotEmpty();
  }

  @Test
  void wrongSizesAreRefusedWithWhatIsExpected() {
    assertThat(CommandRun.of("serve", "--cache-disk", "much").err())
        .contains("--cache-disk", "such as 0, 512M or 16G");
    assertThat(CommandRun.of("serve", "--slots", "0").err()).contains("--slots");
  }

  @Test
  void sizesAreReadAsPeopleWriteThem() {
    ByteSize.Converter converter = new ByteSize.Converter();
    assertThat(converter.convert("0").bytes()).isZero();
    assertThat(converter.convert("512").bytes()).isEqualTo(512);
    assertThat(converter.convert("3k").bytes()).isEqualTo(3072);
    assertThat(converter.convert("16G").bytes()).isEqualTo(16L << 30);
    assertThat(converter.convert("2GiB").bytes()).isEqualTo(2L << 30);
  }
}
