package dev.qwenmcp.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import dev.qwenmcp.engine.grammar.schema.JsonLayout;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds masks to their definition: a token is allowed if and only if a text begins so. */
class MaskTest {

  /** Compares the masks along all ways through a finite language with the language itself. */
  private static void assertExact(
      Grammar grammar, Collection<byte[]> language, Random random, int most) {
    byte[][] tokens = Vocabularies.piecesOf(language, 150, random);
    TokenGrammar over = grammar.over(Vocabularies.trie(tokens));
    TreeSet<byte[]> texts = new TreeSet<>(Arrays::compareUnsigned);
    texts.addAll(language);
    record At(byte[] prefix, Configuration configuration) {}
    ArrayDeque<At> work = new ArrayDeque<>();
    work.add(new At(new byte[0], over.start()));
    for (int n = 0; n < most && !work.isEmpty(); n++) {
      At at = work.remove();
      boolean complete = texts.contains(at.prefix);
      assertThat(at.configuration.complete)
          .as("completeness of " + show(at.prefix))
          .isEqualTo(complete);
      long[] mask = over.mask(at.configuration);
      for (int id = 0; id < tokens.length; id++) {
        byte[] longer = joined(at.prefix, tokens[id]);
        byte[] next = texts.ceiling(longer);
        boolean begins = next != null && startsWith(next, longer);
        boolean allowed = (mask[id >> 6] >> id & 1) == 1;
        assertThat(allowed).as(show(at.prefix) + " then " + show(tokens[id])).isEqualTo(begins);
        Configuration after = over.step(at.configuration, id);
        assertThat(after != Configuration.NOWHERE).as("step").isEqualTo(begins);
        if (begins && random.nextInt(4) == 0) {
          work.add(new At(longer, after));
        }
      }
    }
  }

  private static boolean startsWith(byte[] text, byte[] prefix) {
    return text.length >= prefix.length
        && Arrays.equals(text, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static String show(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static List<byte[]> utf8(Collection<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @Property(tries = 40)
  void choicesAreExact(@ForAll long seed) {
    Random random = new Random(seed);
    TreeSet<String> texts = new TreeSet<>();
    for (int n = 1 + random.nextInt(12); n > 0; n--) {
      StringBuilder text = new StringBuilder();
      for (int m = random.nextInt(8); m > 0; m--) {
        text.appendCodePoint("ab\u00e9\u4e2d".codePointAt(random.nextInt(4)));
      }
      texts.add(text.toString());
    }
    assertExact(Grammar.choice(texts), utf8(texts), random, 60);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[ab]{0,5}",
        "(a|bc)(d|e)?\u00e9{1,2}",
        "(\u4e2d|\u6587|\uD83D\uDE00){1,3}",
        "[\u00e8-\u00ea\u4e2c-\u4e2e]{2}",
        "(ab|a)(bc|c)(d{2,3}|$)"
      })
  void expressionsAreExact(String expression) {
    // The alphabet of all expressions above, and all texts over it that match.
    TreeSet<String> language = new TreeSet<>();
    int[] alphabet = "abcde\u00e8\u00e9\u00ea\u4e2c\u4e2d\u4e2e\u6587".codePoints().toArray();
    alphabet = Arrays.copyOf(alphabet, alphabet.length + 1);
    alphabet[alphabet.length - 1] = 0x1F600;
    collect("", 7, expression, alphabet, language); // none is longer
    assertThat(language).isNotEmpty();
    assertExact(Grammar.regex(expression), utf8(language), new Random(3), 150);
  }

  private static void collect(
      String prefix, int left, String expression, int[] alphabet, TreeSet<String> language) {
    Matcher matcher = Pattern.compile(expression).matcher(prefix);
    if (matcher.matches()) {
      language.add(prefix);
    }
    matcher.reset();
    if (left > 0 && (prefix.isEmpty() || partial(matcher))) {
      for (int c : alphabet) {
        collect(prefix + Character.toString(c), left - 1, expression, alphabet, language);
      }
    }
  }

  private static boolean partial(Matcher matcher) {
    return matcher.matches() || matcher.hitEnd();
  }

  /** Every way to write a string in JSON. */
  private static List<String> spellings(String text) {
    List<String> spellings = List.of("");
    for (int c : text.codePoints().toArray()) {
      TreeSet<String> one = new TreeSet<>();
      if (c >= ' ' && c != '"' && c != '\\') {
        one.add(Character.toString(c));
      }
      int shortEscape = "\"\\/\b\f\n\r\t".indexOf(c);
      if (shortEscape >= 0) {
        one.add("\\" + "\"\\/bfnrt".charAt(shortEscape));
      }
      List<String> escapes = List.of("");
      for (char unit : Character.toChars(c)) {
        String hex = String.format("\\u%04x", (int) unit);
        for (char digit : hex.toCharArray()) {
          escapes =
              escapes.stream()
                  .flatMap(e ->
                      digit >= 'a' && digit <= 'f'
                          ? List.of(e + digit, e + Character.toUpperCase(digit)).stream()
                          : List.of(e + digit).stream())
                  .toList();
        }
      }
      one.addAll(escapes);
      List<String> before = spellings;
      spellings = one.stream().flatMap(o -> before.stream().map(b -> b + o)).toList();
    }
    return spellings.stream().map(s -> "\"" + s + "\"").toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a\u00e9\n\"]{1,2}|0|9",
        "[b\uD83D\uDE00]{0,2}|1|1",
        "(\u4e2d\\\\|x/)|0|9",
        "(?:[ab]*\u00e9)?[ab]*|2|2",
        "[ab]*|0|3"
      })
  void stringsAreExactInEverySpelling(String test) {
    String[] parts = test.split("\\|(?=\\d)");
    int min = Integer.parseInt(parts[1]);
    int max = Integer.parseInt(parts[2]);
    Effort effort = new Effort();
    TextTerminal terminal =
        new TextTerminal(
            Regex.parse(parts[0]).matching(effort), min, max, TextTerminal.Encoding.JSON, effort);
    TreeSet<String> language = new TreeSet<>();
    int[] alphabet = {'a', 'b', 'x', '/', '\\', '\n', '"', 0xe9, 0x4e2d, 0x1F600};
    collect("", Math.min(max, 3), parts[0], alphabet, language);
    language.removeIf(text -> text.codePointCount(0, text.length()) < min);
    List<String> texts = language.stream().flatMap(text -> spellings(text).stream()).toList();
    GrammarBuilder builder = new GrammarBuilder();
    RuleDraft rule = builder.rule("string");
    int end = rule.state();
    rule.read(rule.start(), terminal, end);
    rule.end(end);
    assertExact(builder.build(rule), utf8(texts), new Random(5), 120);
  }

  @Test
  void rawTextThatSomethingFollowsIsExact() {
    Effort effort = new Effort();
    TextTerminal text =
        new TextTerminal(
            Regex.parse("[a\u00e9]*").matching(effort), 1, 3, TextTerminal.Encoding.RAW, effort);
    GrammarBuilder builder = new GrammarBuilder();
    RuleDraft rule = builder.rule("text");
    int between = rule.state();
    int end = rule.state();
    rule.end(end);
    rule.read(rule.start(), text, between);
    rule.read(between, ByteTerminal.literals(List.of("aa", "\u00e9.", "")), end);
    TreeSet<String> language = new TreeSet<>();
    for (String first : List.of("", "a", "\u00e9")) {
      for (String second : List.of("", "a", "\u00e9")) {
        for (String third : List.of("a", "\u00e9")) {
          for (String last : List.of("aa", "\u00e9.", "")) {
            language.add(first + second + third + last);
          }
        }
      }
    }
    assertExact(builder.build(rule), utf8(language), new Random(9), 200);
  }

  @Test
  void rulesThatCallThemselvesAreExact() {
    // S = "" | "(" S ")" S
    GrammarBuilder builder = new GrammarBuilder();
    RuleDraft s = builder.rule("S");
    int a = s.state();
    int b = s.state();
    int c = s.state();
    int end = s.state();
    s.end(s.start());
    s.end(end);
    s.read(s.start(), ByteTerminal.literal("("), a);
    s.call(a, s, b);
    s.read(b, ByteTerminal.literal(")"), c);
    s.call(c, s, end);
    Grammar grammar = builder.build(s);
    TokenGrammar over =
        grammar.over(
            Vocabularies.trie(new byte[][] {{'('}, {')'}, {'(', ')'}, {')', '('}, {')', ')'}}));
    Random random = new Random(11);
    for (int run = 0; run < 200; run++) {
      Configuration at = over.start();
      int depth = 0;
      for (int step = 0; step < 50; step++) {
        assertThat(at.complete).isEqualTo(depth == 0);
        long mask = over.mask(at)[0];
        assertThat(mask).isEqualTo(0b101 | (depth > 0 ? 0b1010 : 0) | (depth > 1 ? 0b10000 : 0));
        int token = random.nextInt(5);
        if ((mask >> token & 1) == 1) {
          at = over.step(at, token);
          depth += new int[] {1, -1, 0, 0, -2}[token];
        }
      }
    }
  }

  @Test
  void rulesThatCallEachOtherBeforeTheyReadAreExact() {
    // A = B | "x" | A "y", B = A
    GrammarBuilder builder = new GrammarBuilder();
    RuleDraft a = builder.rule("A");
    RuleDraft b = builder.rule("B");
    int aEnd = a.state();
    a.end(aEnd);
    a.call(a.start(), b, aEnd);
    a.read(a.start(), ByteTerminal.literal("x"), aEnd);
    int again = a.state();
    a.call(a.start(), a, again);
    a.read(again, ByteTerminal.literal("y"), aEnd);
    int bEnd = b.state();
    b.end(bEnd);
    b.call(b.start(), a, bEnd);
    TokenGrammar over =
        builder.build(a).over(Vocabularies.trie(new byte[][] {{'x'}, {'y'}, {'x', 'y', 'y'}}));
    assertThat(over.mask(over.start())[0]).isEqualTo(0b101);
    Configuration at = over.step(over.start(), 2);
    assertThat(at.complete).isTrue();
    assertThat(over.mask(at)[0]).isEqualTo(0b010);
  }

  @Test
  void refusesRulesThatCountBeforeTheyReadAndThoseWithoutTexts() {
    GrammarBuilder builder = new GrammarBuilder();
    RuleDraft a = builder.rule("A");
    a.countUpTo(2);
    int end = a.state();
    a.end(end);
    a.call(a.start(), a, end);
    a.read(a.start(), ByteTerminal.literal("x"), end);
    assertThatThrownBy(() -> builder.build(a))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("before anything is written");
    assertThatThrownBy(() -> Grammar.choice(List.of()))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("no text");
  }

  private static final String[] SCHEMAS = {
    "{\"type\":\"string\"}",
    "{\"type\":\"string\",\"maxLength\":5}",
    "{\"type\":\"string\",\"minLength\":3}",
    "{\"type\":\"string\",\"minLength\":2,\"maxLength\":40}",
    "{\"type\":\"string\",\"pattern\":\"^[a-z ]+$\"}",
    "{\"type\":\"string\",\"pattern\":\"^[a-z ]+$\",\"maxLength\":9}",
    "{\"type\":\"string\",\"pattern\":\"foo\"}",
    "{\"type\":\"string\",\"pattern\":\"[A-Z].*[0-9]\",\"maxLength\":12}",
    "{\"type\":\"string\",\"pattern\":\"^(ab?)*$\",\"minLength\":4,\"maxLength\":7}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"abc\":{\"type\":\"number\"}}}",
    "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"},\"maxProperties\":2}",
    "{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"},{\"type\":\"string\",\"maxLength\":3}]}}",
    "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"type\":\"object\",\"properties\":{\"l\":{\"$ref\":\"#/$defs/t\"},\"v\":{}},\"required\":[\"v\"]}}}",
    "true",
  };

  /** Masks are put together from what is known of strings; stepping through bytes is not. */
  private static void assertMasksAgreeWithSteps(
      byte[][] tokens, int schema, Random random, int steps) {
    JsonLayout layout = JsonLayout.values()[random.nextInt(JsonLayout.values().length)];
    TokenGrammar over =
        JsonSchemaGrammar.compile(JsonReader.read(SCHEMAS[schema]), layout, MemberOrder.ANY)
            .over(Vocabularies.trie(tokens));
    Configuration at = over.start();
    for (int step = 0; step < steps; step++) {
      long[] mask = over.mask(at);
      int[] allowed = new int[tokens.length];
      int n = 0;
      for (int id = 0; id < tokens.length; id++) {
        boolean steps1 = over.step(at, id) != Configuration.NOWHERE;
        boolean masked = (mask[id >> 6] >> id & 1) == 1;
        if (steps1 != masked) {
          assertThat(masked)
              .as(SCHEMAS[schema] + " step " + step + " token " + show(tokens[id]))
              .isEqualTo(steps1);
        }
        if (steps1) {
          allowed[n++] = id;
        }
      }
      if (n == 0) {
        assertThat(at.complete).isTrue();
        return;
      }
      at = over.step(at, allowed[random.nextInt(n)]);
    }
  }

  @Property(tries = 120)
  void masksAgreeWithStepsThroughBytes(@ForAll long seed) {
    Random random = new Random(seed);
    assertMasksAgreeWithSteps(Vocabularies.json(), random.nextInt(SCHEMAS.length), random, 25);
  }

  @Test
  void masksAgreeWithStepsThroughBytesOverTheVocabularyOfQwen3() {
    byte[][] tokens = Vocabularies.qwen3();
    for (int schema = 0; schema < SCHEMAS.length; schema++) {
      assertMasksAgreeWithSteps(tokens, schema, new Random(schema), 3);
    }
  }

  @Test
  void constraintsMaskLogitsAndFollowTokens() {
    byte[][] tokens = {{'a'}, {'b'}, {'a', 'b'}, null, {'c'}};
    TokenConstraint constraint =
        Grammar.regex("ab?|ac").over(Vocabularies.trie(tokens)).constraint(3);
    float[] logits = new float[80];
    constraint.mask(logits);
    assertThat(logits[0]).isZero();
    assertThat(logits[2]).isZero();
    for (int id : new int[] {1, 3, 4, 5, 79}) {
      assertThat(logits[id]).as("token " + id).isEqualTo(Float.NEGATIVE_INFINITY);
    }
    assertThat(constraint.complete()).isFalse();
    assertThatThrownBy(() -> constraint.accept(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 1");
    constraint.accept(0);
    assertThat(constraint.complete()).isTrue();
    assertThat(constraint.finished()).isFalse();
    float[] next = new float[5];
    next[3] = 0.5f;
    constraint.mask(next);
    assertThat(next).containsExactly(Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, 0.5f, 0);
    constraint.accept(4);
    assertThat(constraint.finished()).isTrue();
    assertThatThrownBy(() -> constraint.mask(next)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEndTokenEndsACompleteText() {
    TokenConstraint constraint =
        Grammar.regex("a*").over(Vocabularies.trie(new byte[][] {{'a'}, null})).constraint(1);
    constraint.accept(0);
    constraint.accept(1);
    assertThat(constraint.finished()).isTrue();
    assertThatThrownBy(() -> constraint.accept(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after the end");
  }

  @Test
  void saysSoWhenTheVocabularyCannotSpellTheText() {
    TokenConstraint constraint =
        Grammar.regex("ax").over(Vocabularies.trie(new byte[][] {{'a'}, {'b'}})).constraint();
    constraint.accept(0);
    assertThatThrownBy(() -> constraint.mask(new float[2]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no token of the vocabulary");
  }

  @Test
  void guessesAreToldWhatMayComeMustComeAndIsExpected() {
    byte[][] tokens =
        utf8(List.of("{", "\"", "name", "\":", " ", "a", "b", "}", "na", "me"))
            .toArray(byte[][]::new);
    TokenConstraint constraint =
        Grammar.regex("\\{\"name\": ?[ab]\\}").over(Vocabularies.trie(tokens)).constraint();
    assertThat(constraint.forced(5)).containsExactly(0, 1); // then name, or na and me
    assertThat(constraint.forced(1)).containsExactly(0);
    assertThat(constraint.expected()).isEqualTo("{\"name\": ");
    assertThat(constraint.fitting(new int[] {0, 1, 8, 9, 3, 5, 5, 7})).isEqualTo(6);
    assertThat(constraint.fitting(new int[] {1})).isZero();
    constraint.accept(0);
    assertThat(constraint.forced(5)).containsExactly(1);
    for (int id : new int[] {1, 2, 3, 4}) {
      constraint.accept(id);
    }
    assertThat(constraint.expected()).isEmpty();
    assertThat(constraint.forced(5)).isEmpty();
    constraint.accept(6);
    assertThat(constraint.expected()).isEqualTo("}");
  }
}
