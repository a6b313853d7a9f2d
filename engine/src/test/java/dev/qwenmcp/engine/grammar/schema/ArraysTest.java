package dev.qwenmcp.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.Vocabularies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Conditions on arrays as a whole: which items there must be, and that none comes twice. */
class ArraysTest {
  private static final JsonMapper JACKSON = new JsonMapper();

  /** All arrays of up to so many of these items. */
  private static List<String> arrays(int most, String... items) {
    List<List<String>> sequences = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < sequences.size() && sequences.get(i).size() < most; i++) {
      for (String item : items) {
        List<String> longer = new ArrayList<>(sequences.get(i));
        longer.add(item);
        sequences.add(longer);
      }
    }
    return sequences.stream().map(s -> "[" + String.join(", ", s) + "]").toList();
  }

  /** In each schema, all items but those that are given to the test are out of the question. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Items that come once: numbers that begin with one another, strings, both.
        "1;10;101;-1|{\"uniqueItems\":true,\"items\":{\"enum\":[1,10,101,-1]},\"minItems\":1}",
        "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18|{\"uniqueItems\":true,\"maxItems\":2,"
            + "\"items\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":18}}",
        "9;10;11|{\"uniqueItems\":true,\"items\":{\"type\":\"integer\",\"minimum\":9,\"maximum\":11}}",
        "0.5;1;1.5;2|{\"uniqueItems\":true,\"items\":{\"multipleOf\":0.5,\"minimum\":0.5,"
            + "\"maximum\":2,\"type\":\"number\"},\"minItems\":2}",
        "\"1\";\"2\";1;2;null|{\"uniqueItems\":true,\"minItems\":2,"
            + "\"items\":{\"enum\":[\"1\",\"2\",1,2,null]}}",
        "[1];[1, 2];{\"a\": 1};{\"a\": 2}|{\"uniqueItems\":true,"
            + "\"items\":{\"enum\":[[1],[1,2],{\"a\":1},{\"a\":2}]},\"minItems\":4}",
        // Items that are counted.
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"contains\":{\"minimum\":2},\"minContains\":2}",
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"contains\":{\"minimum\":2},\"maxContains\":1}",
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"contains\":{\"minimum\":2},\"minContains\":0,\"maxContains\":3}",
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"contains\":{\"const\":2},\"maxContains\":2,"
            + "\"allOf\":[{\"contains\":{\"const\":3}}],\"minItems\":2}",
        "1;2;3|{\"prefixItems\":[{\"const\":1}],\"items\":{\"enum\":[1,2,3]},"
            + "\"contains\":{\"minimum\":3},\"maxItems\":3}",
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"not\":{\"contains\":{\"const\":1}}}",
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"not\":{\"items\":{\"enum\":[1,2]}}}",
        "1;2;3|{\"items\":{\"enum\":[1,2,3]},\"not\":{\"prefixItems\":[{\"const\":1},{\"const\":2}]}}",
        "1;2|{\"items\":{\"enum\":[1,2]},\"oneOf\":[{\"contains\":{\"const\":1}},{\"maxItems\":1}]}",
        "1;2|{\"items\":{\"enum\":[1,2]},\"if\":{\"contains\":{\"const\":1}},"
            + "\"then\":{\"contains\":{\"const\":2}},\"else\":{\"maxItems\":1}}"
      })
  void textsGoOnIfAndOnlyIfTheyBeginAValidArray(String items, String schema) {
    String[] texts = items.split(";");
    int most = texts.length > 6 ? 2 : 4;
    String bounded =
        "{\"type\":\"array\",\"$ref\":\"#/$defs/short\",\"$defs\":{\"short\":{\"maxItems\":"
            + most
            + "}},"
            + schema.substring(1);
    Validator validator = Validator.of(JACKSON.readTree(bounded));
    TreeSet<String> valid = new TreeSet<>();
    List<String> all = arrays(most, texts);
    for (String text : all) {
      if (validator.valid(JACKSON.readTree(text))) {
        valid.add(text);
      }
    }
    assertThat(valid).isNotEmpty().hasSizeLessThan(all.size());
    Acceptor acceptor = Acceptor.of(bounded);
    for (String text : all) {
      assertThat(acceptor.accepts(text)).as(text).isEqualTo(valid.contains(text));
      for (int end = 1; end < text.length(); end++) {
        String begin = text.substring(0, end);
        String next = valid.ceiling(begin);
        assertThat(acceptor.begins(begin))
            .as(begin)
            .isEqualTo(next != null && next.startsWith(begin));
      }
    }
  }

  @Test
  void stringsThatComeOnceAreToldApartInAnySpelling() {
    Acceptor acceptor =
        Acceptor.of(
            "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":\"string\",\"pattern\":\"^[ab]$\"}}");
    assertThat(acceptor.accepts("[\"a\", \"b\"]")).isTrue();
    assertThat(acceptor.accepts("[\"a\", \"\\u0062\"]")).isTrue();
    assertThat(acceptor.begins("[\"a\", \"\\u0061")).isFalse();
    assertThat(acceptor.begins("[\"a\", \"\\u006")).isTrue();
    assertThat(acceptor.begins("[\"a\", \"b\",")).isFalse();
    Acceptor mixed =
        Acceptor.of("{\"uniqueItems\":true,\"items\":{\"type\":[\"string\",\"number\"]}}");
    assertThat(mixed.accepts("[\"1\", 1, \"x\", 12, 1.5, -1, 0]")).isTrue();
    assertThat(mixed.accepts("[\"1\", 1, \"1\"]")).isFalse();
    assertThat(mixed.accepts("[12, 1, 12]")).isFalse();
    assertThat(mixed.accepts("[12, 1, 123]")).isTrue();
    assertThat(mixed.accepts("[1.0]")).isFalse(); // one text for each number
  }

  @Test
  void masksWithinNumbersThatComeOnceAreThoseOfTheirText() {
    List<String> texts =
        List.of("[", "]", ",", ", ", "1", "2", "12", "1,", "2]", ",1", ",12,", "21", "12,2", "]]");
    byte[][] tokens =
        texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    TokenConstraint constraint =
        JsonSchemaGrammar.compile(
                "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":12}}")
            .over(Vocabularies.trie(tokens))
            .constraint();
    for (int token : new int[] {0, 6, 3}) { // "[12, "
      constraint.accept(token);
    }
    assertThat(allowed(constraint, texts)).containsExactly("1", "2", "1,", "2]");
    constraint.accept(4);
    assertThat(allowed(constraint, texts)).containsExactly("]", ",", ", ", "1", "1,", ",1");
  }

  private static List<String> allowed(TokenConstraint constraint, List<String> tokens) {
    float[] logits = new float[tokens.size()];
    constraint.mask(logits);
    return IntStream.range(0, logits.length)
        .filter(id -> logits[id] == 0)
        .mapToObj(tokens::get)
        .toList();
  }
}
