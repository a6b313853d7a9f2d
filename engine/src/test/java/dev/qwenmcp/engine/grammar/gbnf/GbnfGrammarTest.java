package dev.qwenmcp.engine.grammar.gbnf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.Vocabularies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GbnfGrammarTest {
  private static final byte[][] BYTES =
      IntStream.range(0, 256).mapToObj(b -> new byte[] {(byte) b}).toArray(byte[][]::new);

  private static final String JSON =
      """
      root   ::= object
      value  ::= object | array | string | number | ("true" | "false" | "null") ws

      object ::=
        "{" ws (
                  string ":" ws value
          ("," ws string ":" ws value)*
        )? "}" ws

      array  ::=
        "[" ws (
                  value
          ("," ws value)*
        )? "]" ws

      string ::=
        "\\"" (
          [^"\\\\\\x7F\\x00-\\x1F] |
          "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4}) # escapes
        )* "\\"" ws

      number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws

      # Optional space: by convention, applied in this grammar after literal chars when allowed
      ws ::= | " " | "\\n" [ \\t]{0,20}
      """;

  private static boolean accepts(String grammar, String text) {
    TokenGrammar over = GbnfGrammar.compile(grammar).over(Vocabularies.trie(BYTES));
    TokenConstraint constraint = over.constraint();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (constraint.fitting(new int[] {b & 0xFF}) == 0) {
        return false;
      }
      constraint.accept(b & 0xFF);
    }
    return constraint.complete();
  }

  @Test
  void readsJson() {
    for (String text :
        new String[] {
          "{}", "{\"a\": [1, -2.5e3, true, null]}", "{\"中\": \"\\u4e2d😀\"}", "{\n  \"x\":{}}"
        }) {
      assertThat(accepts(JSON, text)).as(text).isTrue();
    }
    for (String text :
        new String[] {"", "[]", "{\"a\":}", "{\"a\"  :1}", "{\"a\":\"\n\"}", "{}}"}) {
      assertThat(accepts(JSON, text)).as(text).isFalse();
    }
    int deep = 3_000;
    assertThat(accepts(JSON, "{\"a\":" + "[".repeat(deep) + "]".repeat(deep) + "}")).isTrue();
    assertThat(accepts(JSON, "{\"a\":" + "[".repeat(deep) + "]".repeat(deep - 1) + "}")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "expr op! 1+2*(3-4)/5",
        "expr op! 7",
        "expr op! ((((1))))+1",
      })
  void readsLeftRecursiveRules(String ignored, String text) {
    String grammar =
        """
        root ::= sum
        sum ::= sum [-+] product | product
        product ::= product ("*" | "/") atom | atom
        atom ::= [0-9]+ | "(" sum ")"
        """;
    assertThat(accepts(grammar, text)).isTrue();
    assertThat(accepts(grammar, text + "+")).isFalse();
    assertThat(accepts(grammar, "(" + text)).isFalse();
  }

  @Test
  void readsRulesThatAreLeftRecursiveByOthersAndByNothing() {
    String grammar =
        "root ::= a\na ::= b \"x\" | \"1\"\nb ::= nothing a \"y\" | a\nnothing ::= \"\" | a?";
    assertThat(accepts(grammar, "1")).isTrue();
    assertThat(accepts(grammar, "1x")).isTrue();
    assertThat(accepts(grammar, "1yxx")).isTrue();
    assertThat(accepts(grammar, "11yx")).isTrue();
    assertThat(accepts(grammar, "1y")).isFalse();
  }

  static Stream<String[]> languages() {
    return Stream.of(
        new String[] {"root ::= \"a\" | \"b\"\n | \"c\"", "a b c", "d ab"},
        new String[] {"root ::= [a-cx-]+ # end", "a-x b", "d ."},
        new String[] {"root ::= [^a-c\\]\\n]", "d 中 😀 -", "a ] dd"},
        new String[] {"root ::= \"\\u4e2d\\U0001F600\\x41\\t\\\"\\\\\"", "中😀A\t\"\\", "中"},
        new String[] {"root ::= .{2}", "ab 中😀", "a abc"},
        new String[] {"root ::= \"ab\"{2,3}", "abab ababab", "ab abb abababab"},
        new String[] {
          "root ::= (\"a\" root2?){,2}\nroot2 ::= \"(\" root2 \")\" | \"1\"",
          "a aa a((1))a",
          "aaa a("
        },
        new String[] {"root ::= x*\nx ::= \"(\" x \")\" | \"-\"", "- ((-))- --", "( ()"},
        new String[] {"root::=a_b \"!\"\na_b::=\"hi\"", "hi!", "hi"},
        new String[] {"\n# first\nroot ::=\n  \"a\" |\n  # or\n  \"b\"\n\n", "a b", "ab"},
        new String[] {"root ::= e \"b\"\ne ::= e \"a\" |", "b ab aab", "a"},
        new String[] {"root ::= s\ns ::= s s | \"a\"", "a aa aaaaa", "b ab"});
  }

  @ParameterizedTest
  @MethodSource("languages")
  void readsWhatTheNotationSays(String grammar, String yes, String no) {
    for (String text : yes.split(" ")) {
      assertThat(accepts(grammar, text)).as(text).isTrue();
    }
    for (String text : no.split(" ")) {
      assertThat(accepts(grammar, text)).as(text).isFalse();
    }
  }

  static Stream<String[]> errors() {
    return Stream.of(
        new String[] {"", "line 1, column 1", "there is no rule"},
        new String[] {"a ::= \"b\"", "grammar", "no rule root"},
        new String[] {"root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1", "there already"},
        new String[] {"root ::= a", "line 1, column 10", "no rule a"},
        new String[] {"root ::= \"a", "line 1, column 10", "must end with \""},
        new String[] {"root ::= [a", "line 1, column 10", "must end with ]"},
        new String[] {"root ::= [b-a]", "line 1", "reversed"},
        new String[] {"root ::= (\"a\"", "line 1, column 10", "unmatched '('"},
        new String[] {"root ::= \"a\")", "line 1", "unmatched ')'"},
        new String[] {"root ::= \"a\"{3,2}", "line 1", "reversed"},
        new String[] {"root ::= \"a\"{x}", "line 1", "{m,n}"},
        new String[] {"root ::= \"a\"{9999}", "line 1", "up to 2,000"},
        new String[] {"root ::= * ", "line 1, column 10", "must stand here"},
        new String[] {"root = \"a\"", "line 1", "::="},
        new String[] {"root ::= \"\\q\"", "line 1", "escape \\q"},
        new String[] {"root ::= \"\\uD800\"", "line 1", "surrogate"},
        new String[] {"root ::= \"\\U00110000\"", "line 1", "hexadecimal"},
        new String[] {"root ::= <[1000]>", "line 1, column 10", "a token (<...>) is not supported"},
        new String[] {"root ::= <think> \"a\"", "line 1", "a token (<...>) is not supported"},
        new String[] {"root ::= !<[7]>*", "line 1", "negated token (!) is not supported"},
        new String[] {"root ::= \"a\" root", "rule root", "no text"},
        new String[] {"root ::= root", "rule root", "no text"},
        new String[] {
          "root ::= " + "(".repeat(101) + "\"a\"" + ")".repeat(101), "line 1", "nested"
        });
  }

  @ParameterizedTest
  @MethodSource("errors")
  void saysWhatIsWrongAndWhere(String grammar, String where, String problem) {
    assertThatThrownBy(() -> GbnfGrammar.compile(grammar))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(problem);
  }

  static Stream<String> large() {
    StringBuilder chain = new StringBuilder("root ::= r0\n");
    for (int i = 0; i < 4_000; i++) {
      chain.append("r").append(i).append(" ::= r").append(i + 1).append(" \"x\"?\n");
    }
    StringBuilder doubling = new StringBuilder("root ::= r0\n");
    for (int i = 0; i < 60; i++) {
      doubling.append("r%d ::= r%d r%d\n".formatted(i, i + 1, i + 1));
    }
    StringBuilder cycle = new StringBuilder("root ::= r0\n");
    for (int i = 0; i < 3_000; i++) {
      cycle.append("r%d ::= r%d \"x\" | \"y\"\n".formatted(i, (i + 1) % 3_000));
    }
    return Stream.of(
        chain + "r4000 ::= \"y\"",
        doubling + "r60 ::= \"y\"",
        cycle.toString(),
        "root ::= [ab]* \"a\" [ab]{1000}",
        "root ::= ((((\"a\"{2000}){2000}){2000}){2000}){2000}",
        "root ::= (((x{2000}){2000}){2000}){2000}\nx ::= \"a\" x?",
        "root ::= ((((((\"a\"?)*)*)*)*)+)*",
        "root ::= x*\nx ::= x* | (x x)* \"a\"",
        "root ::= " + "\"a\" | ".repeat(30_000) + "\"b\"",
        "root ::= \"" + "a".repeat(300_000) + "\"",
        "root ::= \"" + "a".repeat(150_000) + "\"");
  }

  /** A grammar, or an error; in bounded time and memory. */
  @ParameterizedTest
  @MethodSource("large")
  void largeGrammarsEndSoon(String grammar) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          try {
            TokenGrammar over = GbnfGrammar.compile(grammar).over(Vocabularies.trie(BYTES));
            over.constraint().mask(new float[256]);
          } catch (GrammarException e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }
}
