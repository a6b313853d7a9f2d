package dev.qwenmcp.engine.grammar.gbnf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.Vocabularies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random grammars, ambiguous and left recursive ones among them, against Earley's recogniser. */
class GbnfPropertyTest {

  @Property(tries = 150)
  void textsAndMasksAreThoseOfTheGrammar(@ForAll long seed) {
    Random random = new Random(seed);
    RandomGrammar written = new RandomGrammar(random);
    Grammar grammar;
    try {
      grammar = GbnfGrammar.compile(written.source());
    } catch (GrammarException e) {
      assertThat(e).as(written.source()).hasMessageContaining("no text");
      assertThat(written.plain().productive(written.root())).as(written.source()).isFalse();
      return;
    }
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      byte[] text = written.text();
      if (text != null) {
        texts.add(text);
        assertThat(written.plain().judge(written.root(), text).complete()).isTrue();
      }
    }
    texts.add("ab".getBytes(StandardCharsets.UTF_8));
    byte[][] tokens = vocabulary(texts, random);
    TokenGrammar over = grammar.over(Vocabularies.trie(tokens));
    for (byte[] text : List.copyOf(texts)) {
      for (int i = 0; i < 2; i++) {
        texts.add(written.mutated(text));
      }
    }
    for (byte[] text : texts) {
      follow(written, over, tokens, text, random);
    }
  }

  /** The bytes of the alphabet, one that is in no text, and pieces of texts. */
  private static byte[][] vocabulary(List<byte[]> texts, Random random) {
    TreeSet<byte[]> tokens = new TreeSet<>(Arrays::compareUnsigned);
    for (byte b : "ab(éz".getBytes(StandardCharsets.UTF_8)) {
      tokens.add(new byte[] {b});
    }
    for (int n = 0; n < 25; n++) {
      byte[] text = texts.get(random.nextInt(texts.size()));
      if (text.length > 0) {
        int from = random.nextInt(text.length);
        int to = Math.min(text.length, from + 1 + random.nextInt(5));
        tokens.add(Arrays.copyOfRange(text, from, to));
      }
    }
    return tokens.toArray(byte[][]::new);
  }

  /** Follows a text in random tokens as far as it goes, comparing what is said of it on the way. */
  private static void follow(
      RandomGrammar written, TokenGrammar over, byte[][] tokens, byte[] text, Random random) {
    TokenConstraint constraint = over.constraint();
    int at = 0;
    while (true) {
      byte[] prefix = Arrays.copyOf(text, at);
      PlainGrammar.Verdict verdict = written.plain().judge(written.root(), prefix);
      assertThat(constraint.complete())
          .as(() -> written.source() + "\n" + show(prefix) + " is complete")
          .isEqualTo(verdict.complete());
      if (random.nextInt(4) == 0) {
        compareMask(written, constraint, tokens, prefix);
      }
      if (at == text.length) {
        return;
      }
      int token = next(tokens, text, at, random);
      byte[] longer = Arrays.copyOf(text, at + tokens[token].length);
      boolean begins = written.plain().judge(written.root(), longer).begins();
      assertThat(constraint.fitting(new int[] {token}) == 1)
          .as(() -> written.source() + "\n" + show(longer) + " begins a text")
          .isEqualTo(begins);
      if (!begins) {
        return;
      }
      constraint.accept(token);
      at = longer.length;
    }
  }

  private static void compareMask(
      RandomGrammar written, TokenConstraint constraint, byte[][] tokens, byte[] prefix) {
    float[] logits = new float[tokens.length];
    try {
      constraint.mask(logits);
    } catch (IllegalStateException e) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY); // nothing follows
    }
    for (int id = 0; id < tokens.length; id++) {
      byte[] longer = Arrays.copyOf(prefix, prefix.length + tokens[id].length);
      System.arraycopy(tokens[id], 0, longer, prefix.length, tokens[id].length);
      boolean begins = written.plain().judge(written.root(), longer).begins();
      assertThat(logits[id] == 0)
          .as(() -> written.source() + "\n" + show(longer) + " begins a text")
          .isEqualTo(begins);
    }
  }

  /** A random token that the text goes on with. */
  private static int next(byte[][] tokens, byte[] text, int at, Random random) {
    List<Integer> fitting = new ArrayList<>();
    for (int id = 0; id < tokens.length; id++) {
      int end = at + tokens[id].length;
      if (end <= text.length && Arrays.equals(tokens[id], Arrays.copyOfRange(text, at, end))) {
        fitting.add(id);
      }
    }
    return fitting.get(random.nextInt(fitting.size()));
  }

  private static String show(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Whatever the source, there is a grammar or an error, soon. */
  @Property(tries = 300)
  void hostileSourcesEndInAnError(@ForAll long seed) {
    Random random = new Random(seed);
    String pieces =
        "root ::= | \" [ ] ( ) * + ? { } {2,3} a b \\x41 \\ \n # ^ - . < > ! é 9 , x::=";
    String[] symbols = pieces.split(" ");
    StringBuilder source = new StringBuilder(random.nextBoolean() ? "root ::= " : "");
    for (int n = random.nextInt(30); n > 0; n--) {
      source.append(symbols[random.nextInt(symbols.length)]);
      source.append(random.nextBoolean() ? " " : "");
    }
    try {
      GbnfGrammar.compile(source.toString());
    } catch (GrammarException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
