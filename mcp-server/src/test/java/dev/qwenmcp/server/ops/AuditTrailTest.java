package dev.qwenmcp.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditTrailTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z"));
  private static final String SECRET = "the patient's name is Ann";

  @TempDir private Path folder;

  private AuditTrail trail(Path file) throws IOException {
    return new AuditTrail(file, 1 << 20, 2, CLOCK);
  }

  private static List<JsonNode> entries(Path file) throws IOException {
    JsonMapper json = new JsonMapper();
    return Files.readAllLines(file).stream().map(json::readTree).toList();
  }

  @Test
  void saysWhoDidWhatAndNeverWhatWasInIt() throws IOException {
    Path file = folder.resolve("audit.jsonl");
    try (AuditTrail trail = trail(file)) {
      ObservedCalls.run(
          trail, "echo", ObservedCalls.arguments().put("text", SECRET).put("times", 2));
      ObservedCalls.run(trail, "echo", ObservedCalls.arguments().put("text", 5));
      trail
          .began(
              "generate",
              ObservedCalls.request(
                  ObservedCalls.arguments().put("context_id", "ctx_1").put("prompt", SECRET)))
          .ended(ObservedCalls.cancelled());
      trail.began("generate", ObservedCalls.request(ObservedCalls.arguments())).refused();
    }

    assertThat(Files.readString(file)).doesNotContain(SECRET, "ctx_1", "patient");
    List<JsonNode> entries = entries(file);
    assertThat(entries).hasSize(4);
    assertThat(entries.getFirst().toString())
        .isEqualTo(
            "{\"time\":\"2026-11-28T12:00:00Z\",\"event\":\"call\",\"principal\":\"token:ann\","
                + "\"tool\":\"echo\",\"outcome\":\"ok\",\"milliseconds\":0,"
                + "\"argument_characters\":25,\"result_characters\":50,\"prompt_tokens\":0,"
                + "\"generated_tokens\":0}");
    assertThat(entries.get(1).path("outcome").asString("")).isEqualTo("invalid_arguments");
    assertThat(entries.get(2).path("cancelled").asBoolean(false)).isTrue();
    assertThat(entries.get(2).path("context").asString(""))
        .isEqualTo(AuditTrail.digest("ctx_1"))
        .hasSize(16);
    assertThat(entries.get(2).path("generated_tokens").asInt(0)).isEqualTo(20);
    assertThat(entries.get(3).path("outcome").asString("")).isEqualTo("busy");
  }

  @Test
  void resourcesThatAreReadAreNotedToo() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    try (AuditTrail trail = trail(file)) {
      Resources resources = new AuditedResources(Resources.NONE, trail);
      assertThatThrownBy(() -> resources.read("token:ann", "context://ctx_secret"))
          .isInstanceOf(ToolException.class);
      assertThatThrownBy(() -> resources.requireWatchable("token:ann", "context://ctx_secret"))
          .isInstanceOf(ToolException.class);
    }

    assertThat(Files.readString(file)).doesNotContain("ctx_secret");
    assertThat(entries(file))
        .extracting(entry -> entry.path("method").asString(""))
        .containsExactly("resources/read", "resources/subscribe");
    assertThat(entries(file))
        .allMatch(entry -> entry.path("outcome").asString("").equals("resource_not_found"))
        .allMatch(entry -> entry.path("scheme").asString("").equals("context"));
  }

  @Test
  void theFileIsPutAsideWhenItIsFullAndTheLastOneGoes() throws IOException {
    Path file = folder.resolve("audit.jsonl");
    try (RotatingFile lines = new RotatingFile(file, 100, 2)) {
      for (int i = 0; i < 50; i++) {
        lines.line("line %04d of a file that holds few of them".formatted(i));
      }
    }

    try (var names = Files.list(folder)) {
      assertThat(names.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2");
    }
    assertThat(Files.readAllLines(file)).last().asString().contains("0049");
    assertThat(Files.readAllLines(folder.resolve("audit.jsonl.1")))
        .last()
        .asString()
        .contains("0047");
    for (String name : List.of("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2")) {
      assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void itGoesOnWhereItWasAndBelongsToItsOwner() throws IOException {
    Path file = folder.resolve("audit.jsonl");
    for (int i = 0; i < 2; i++) {
      try (RotatingFile lines = new RotatingFile(file, 1000, 1)) {
        lines.line("start " + i);
      }
    }

    assertThat(Files.readAllLines(file)).containsExactly("start 0", "start 1");
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void aFullDiskCostsEntriesAndNoCalls() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "a system without /dev/full");
    try (AuditTrail trail = trail(full)) {
      for (int i = 0; i < 3; i++) {
        assertThat(ObservedCalls.run(trail, "echo", ObservedCalls.arguments().put("text", "hello")))
            .asString()
            .contains("hello");
      }
    }
  }

  @Test
  void aFileThatCannotBeOpenedIsSaidAtTheStart() {
    assertThatThrownBy(() -> trail(folder.resolve("no/such/folder/audit.jsonl")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> trail(folder)).isInstanceOf(IOException.class);
  }
}
