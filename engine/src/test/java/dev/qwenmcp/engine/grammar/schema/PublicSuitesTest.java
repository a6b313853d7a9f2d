package dev.qwenmcp.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.json.JsonException;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Public schemas with instances: no invalid one may be accepted by any schema that compiles. Valid
 * ones may be refused where they are spelled otherwise than the grammar says (order of members).
 */
class PublicSuitesTest {

  /** What was found for one instance. */
  private static final class Tally {
    int schemas;
    int refusedSchemas;
    int passing; // schemas all of whose instances are judged rightly
    int valid;
    int accepted;
    final List<String> wrong = new ArrayList<>();

    void run(String name, JsonValue schema, JsonValue tests) {
      schemas++;
      Acceptor acceptor;
      try {
        Grammar grammar = JsonSchemaGrammar.compile(schema, JsonLayout.ONE_LINE, MemberOrder.ANY);
        acceptor = new Acceptor(grammar);
      } catch (GrammarException e) {
        refusedSchemas++;
        return;
      }
      boolean pass = true;
      for (JsonValue value : ((JsonValue.Array) tests).values()) {
        JsonValue.Obj test = (JsonValue.Obj) value;
        boolean accepted = acceptor.accepts(line(test.get("data")));
        if (test.get("valid").equals(JsonValue.TRUE)) {
          valid++;
          this.accepted += accepted ? 1 : 0;
          pass &= accepted;
        } else if (accepted) {
          wrong.add(name + ": " + test.get("data"));
        }
      }
      passing += pass ? 1 : 0;
    }
  }

  /** JSON with a space after commas and colons. */
  private static String line(JsonValue value) {
    return switch (value) {
      case JsonValue.Array(var values) -> {
        StringJoiner out = new StringJoiner(", ", "[", "]");
        values.forEach(item -> out.add(line(item)));
        yield out.toString();
      }
      case JsonValue.Obj object -> {
        StringJoiner out = new StringJoiner(", ", "{", "}");
        object
            .members()
            .forEach((name, member) -> out.add(new JsonValue.Text(name) + ": " + line(member)));
        yield out.toString();
      }
      default -> value.toString();
    };
  }

  @ParameterizedTest
  @CsvSource({"draft7,http://json-schema.org/draft-07/schema#", "draft2020-12,"})
  void theSuiteOfTheStandardFindsNothingInvalidAccepted(String draft, String dialect)
      throws IOException {
    Tally tally = new Tally();
    Path tests = SharedData.require("data/json-schema-test-suite/tests/" + draft);
    List<Path> files;
    try (Stream<Path> all = Files.walk(tests)) {
      files = all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      if (file.getFileName().toString().equals("content.json")) {
        continue; // since draft 2019-09 for annotation only
      }
      JsonValue groups;
      try {
        groups = JsonReader.read(Files.readString(file));
      } catch (JsonException e) {
        assertThat(file.getFileName()).hasToString("float-overflow.json"); // 1e308 and the like
        continue;
      }
      for (JsonValue value : ((JsonValue.Array) groups).values()) {
        JsonValue.Obj group = (JsonValue.Obj) value;
        JsonValue schema = group.get("schema");
        if (dialect != null && schema instanceof JsonValue.Obj object) {
          Map<String, JsonValue> members = new LinkedHashMap<>();
          members.put("$schema", new JsonValue.Text(dialect));
          members.putAll(object.members());
          schema = new JsonValue.Obj(members);
        }
        tally.run(file.getFileName() + " " + group.get("description"), schema, group.get("tests"));
      }
    }
    assertThat(tally.wrong).isEmpty();
    assertThat(tally.schemas).isGreaterThan(250);
    assertThat((double) tally.refusedSchemas / tally.schemas).isLessThan(0.3);
    assertThat((double) tally.accepted / tally.valid).isGreaterThan(0.9);
  }

  @Test
  void maskbenchFindsNothingInvalidAcceptedAndMostSchemasPass(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path archive = SharedData.require("data/maskbench/maskbench-dev.tar.xz");
    Process tar =
        new ProcessBuilder("tar", "-xf", archive.toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor(2, TimeUnit.MINUTES) && tar.exitValue() == 0).as("tar and xz").isTrue();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
    Tally tally = new Tally();
    for (int i = 0; i < files.size(); i += 4) { // a quarter: a few seconds
      JsonValue.Obj file = (JsonValue.Obj) JsonReader.read(Files.readString(files.get(i)));
      tally.run(files.get(i).getFileName().toString(), file.get("schema"), file.get("tests"));
    }
    assertThat(tally.wrong).isEmpty();
    assertThat(tally.schemas).isGreaterThan(900);
    assertThat((double) tally.passing / tally.schemas).isGreaterThan(0.92);
  }
}
