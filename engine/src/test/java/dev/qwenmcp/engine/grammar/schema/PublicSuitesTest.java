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
import java.util.Arrays;
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
 * Public schemas with instances, on every schema that compiles: no invalid one may be accepted, no
 * valid one rejected. Instances are values, so numbers are written in the grammar's spelling.
 */
class PublicSuitesTest {

  /** What was found for one instance. */
  private static final class Tally {
    int schemas;
    int passing; // schemas all of whose instances are judged rightly
    int valid;
    final List<String> refused = new ArrayList<>(); // with the reason
    final List<String> accepted = new ArrayList<>(); // though invalid
    final List<String> rejected = new ArrayList<>(); // though valid

    void run(String name, JsonValue schema, JsonValue tests) {
      schemas++;
      Acceptor acceptor;
      try {
        Grammar grammar = JsonSchemaGrammar.compile(schema, JsonLayout.ONE_LINE, MemberOrder.ANY);
        acceptor = new Acceptor(grammar);
      } catch (GrammarException e) {
        refused.add(name + ": " + e.getMessage());
        return;
      }
      boolean pass = true;
      for (JsonValue value : ((JsonValue.Array) tests).values()) {
        JsonValue.Obj test = (JsonValue.Obj) value;
        boolean accepted = acceptor.accepts(line(test.get("data")));
        if (test.get("valid").equals(JsonValue.TRUE)) {
          valid++;
          pass &= accepted;
          if (!accepted) {
            rejected.add(name + ": " + test.get("data"));
          }
        } else if (accepted) {
          this.accepted.add(name + ": " + test.get("data"));
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
      case JsonValue.Number number when number.integer() ->
          number.value().toBigIntegerExact().toString();
      case JsonValue.Number number -> number.value().stripTrailingZeros().toPlainString();
      default -> value.toString();
    };
  }

  /**
   * Valid instances that may be rejected, by file and instance. Formats may be validated to a
   * documented degree (JSON Schema Validation 2020-12, 7.2.1).
   */
  private enum Exemption {
    /** Valid on the days only that a table of past ones lists. */
    LEAP_SECOND("(date-time|time)\\.json .*:60.*"),
    /** More than regular. */
    PUNYCODE("hostname\\.json .*xn--.*"),
    /** Quoted names, and hosts without a domain. */
    UNUSUAL_MAIL("email\\.json .*(\\\\\"@|@\\[).*"),
    /** A host has a name here; in RFC 3986 it may be empty. */
    EMPTY_HOST("uri-reference\\.json .*: \"//\""),
    /** The standard lets a format be asserted or not; here it is. */
    ANNOTATION_ONLY("format\\.json .*"),
    /** A dialect whose metaschema is at an address, which is not fetched: read as 2020-12. */
    OTHER_DIALECT("vocabulary\\.json .*");

    private final String pattern;

    Exemption(String pattern) {
      this.pattern = pattern;
    }

    boolean covers(String rejected) {
      return rejected.matches("(?s)" + pattern);
    }
  }

  /** Why schemas may be refused, by what the error says. */
  private enum Refusal {
    NOTHING_IS_VALID("no value satisfies"),
    OTHER_DOCUMENTS("which is not in this document"),
    FORMAT("format (idn-email|idn-hostname|iri|iri-reference|regex) is not supported"),
    UNICODE_PROPERTY("property digit is not supported"),
    FINE_MULTIPLES("multiples of 0.123456789"),
    ITEMS_THAT_DIFFER("uniqueItems: cannot be enforced"),
    UNEVALUATED("beside contains|beside const or enum"),
    OPPOSITE("the opposite of (which further members|conditions on members that are not listed)"),
    SEVERAL_ANCHORS("may lead to several places");

    private final String pattern;

    Refusal(String pattern) {
      this.pattern = pattern;
    }

    boolean covers(String refused) {
      return refused.matches("(?s).*(" + pattern + ").*");
    }
  }

  @ParameterizedTest
  @CsvSource({"draft7,http://json-schema.org/draft-07/schema#", "draft2020-12,"})
  void theSuiteOfTheStandardIsJudgedRightly(String draft, String dialect) throws IOException {
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
    assertThat(tally.accepted).isEmpty();
    assertThat(tally.rejected)
        .filteredOn(rejected ->
            Arrays.stream(Exemption.values()).noneMatch(exemption -> exemption.covers(rejected)))
        .isEmpty();
    assertThat(tally.schemas).isGreaterThan(250);
    assertThat(tally.valid).isGreaterThan(500);
    assertThat(tally.refused)
        .filteredOn(refused -> Arrays.stream(Refusal.values()).noneMatch(r -> r.covers(refused)))
        .isEmpty();
    assertThat((double) tally.refused.size() / tally.schemas).isLessThan(0.17);
  }

  @Test
  void maskbenchIsJudgedRightlyAndMostSchemasPass(@TempDir Path folder)
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
    assertThat(tally.accepted).isEmpty();
    assertThat(tally.rejected).isEmpty();
    assertThat(tally.schemas).isGreaterThan(900);
    assertThat((double) tally.passing / tally.schemas).isGreaterThan(0.95);
  }
}
