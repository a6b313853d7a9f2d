package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.engine.grammar.gbnf.GbnfGrammar;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.engine.tokenizer.TestTokenizers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Forced text gets the tokens that the whole text would have had. */
class JumpForwardTest {
  private static TokenTrie vocabulary;

  /** Asked for by each test, so that each is skipped where the data is absent. */
  private static BpeTokenizer tokenizer() {
    return TestTokenizers.qwen3();
  }

  private static synchronized TokenTrie vocabulary() {
    if (vocabulary == null) {
      vocabulary = TokenTrie.of(tokenizer());
    }
    return vocabulary;
  }

  private static TokenConstraint constraint(Grammar grammar) {
    return grammar.over(vocabulary()).constraint(tokenizer().eos());
  }

  private static int[] jump(TokenConstraint constraint, int... before) {
    TokenSequence tokens = new TokenSequence();
    tokens.add(before);
    return new JumpForward(tokenizer()).next(tokens, constraint);
  }

  @Test
  void aTokenThatWhatFollowsWouldHaveMergedWithIsLeftToTheModel() {
    int[] forced = jump(constraint(Grammar.regex("The answer is [a-z]+")));
    // " is" stands whole; the space belongs to the next word.
    assertThat(tokenizer().decode(forced)).isEqualTo("The answer is");
    assertThat(forced).isEqualTo(Arrays.copyOf(tokenizer().encode("The answer is yes"), 3));
    assertThat(tokenizer().decode(jump(constraint(Grammar.regex("un[a-z]+"))))).isEmpty();
    assertThat(tokenizer().decode(jump(constraint(Grammar.regex("x = \"[a-z]+\"")))))
        .isEqualTo("x =");
  }

  @Test
  void textThatNothingCanFollowIsTakenWhole() {
    for (String text : List.of("a \n ", "{\"k\": [1, 2]}", "中文和 English", "don't  stop")) {
      assertThat(jump(constraint(Grammar.choice(List.of(text)))))
          .as(text)
          .isEqualTo(tokenizer().encode(text));
    }
  }

  @Test
  void goesOnFromTheTokensBefore() {
    String schema =
        """
        {"type": "object", "properties": {"first_name": {"type": "string"}, "last_name": {"type": "string"}},
         "required": ["first_name", "last_name"], "additionalProperties": false}\
        """;
    int turn = tokenizer().special("<|im_start|>").orElseThrow();
    TokenConstraint constraint =
        constraint(JsonSchemaGrammar.compile(schema, MemberOrder.DECLARED));
    int[] begin =
        jump(constraint, turn, tokenizer().encode("assistant")[0], tokenizer().encode("\n")[0]);
    assertThat(tokenizer().decode(begin)).isEqualTo("{\"first_name");
    int[] whole = tokenizer().encode("{\"first_name\": \"Ann\", \"last_name\": \"Lee\"}");
    assertThat(begin).isEqualTo(Arrays.copyOf(whole, begin.length));
    int at = 0;
    int jumped = 0;
    while (at < whole.length) {
      int[] next = jump(constraint, Arrays.copyOf(whole, at));
      assertThat(next).isEqualTo(Arrays.copyOfRange(whole, at, at + next.length));
      jumped += next.length;
      int steps = Math.max(1, next.length);
      for (int i = 0; i < steps; i++) {
        constraint.accept(whole[at++]);
      }
    }
    assertThat(constraint.complete()).isTrue();
    assertThat(jumped).isGreaterThan(4);
  }

  @Test
  void doesNotGoOnFromTokensThatPlainTextWouldNotHave() {
    TokenConstraint constraint = constraint(Grammar.regex("information about [a-z]+"));
    int inf = tokenizer().encode("inf")[0];
    constraint.accept(inf);
    assertThat(jump(constraint, inf)).isEmpty();
  }

  /** Whatever stands before and follows: the forced tokens are those of the whole text. */
  @Test // not a property: jqwik counts one whose tries are all skipped as failed
  void forcedTokensAreThoseOfTheWholeText() {
    Random seeds = new Random();
    for (int i = 0; i < 300; i++) {
      forcedTokensAreThoseOfTheWholeText(seeds.nextLong());
    }
  }

  private static void forcedTokensAreThoseOfTheWholeText(long seed) {
    Random random = new Random(seed);
    String before = text(random);
    String forced = text(random) + "x";
    StringBuilder grammar = new StringBuilder("root ::= \"");
    (before + forced).codePoints().forEach(c -> grammar.append("\\U%08X".formatted(c)));
    TokenConstraint constraint = constraint(GbnfGrammar.compile(grammar + "\" .*"));
    int[] begun = before.isEmpty() ? new int[0] : tokenizer().encodeSettled(before + "x");
    for (int token : begun) {
      constraint.accept(token);
    }
    int[] next = jump(constraint, begun);
    for (int i = 0; i < 5; i++) {
      int[] whole = tokenizer().encode(before + forced + text(random));
      int end = begun.length + next.length;
      if (Arrays.equals(begun, Arrays.copyOf(whole, begun.length))) {
        assertThat(Arrays.copyOfRange(whole, begun.length, end))
            .as("seed %d: %s", seed, grammar)
            .isEqualTo(next);
      }
    }
  }

  private static final String[] PIECES = {
    "a", "information", " the", " ", "  ", "\n", "\r\n", "\t", "'", "ll", "'s", "1", "2024", "\"",
        "{\"",
    "\": ", ",", ".", "!!", "中", "文字", "é", "😀", "-", "_", "\u00a0", "x", "(", ")", "'t'"
  };

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(6); n > 0; n--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
