package dev.qwenmcp.engine.grammar.gbnf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A random grammar, written in GBNF and, symbol by symbol, in Backus-Naur form. */
final class RandomGrammar {
  private static final String ALPHABET = "ab(é";

  private final Random random;
  private final PlainGrammar plain = new PlainGrammar();
  private final int[] rules;
  private final StringBuilder source = new StringBuilder();

  RandomGrammar(Random random) {
    this.random = random;
    rules = new int[1 + random.nextInt(4)];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = plain.nonterminal();
    }
    for (int i = 0; i < rules.length; i++) {
      source.append(name(i)).append(" ::= ");
      choice(rules[i], 2);
      source.append(random.nextBoolean() ? "\n" : " # a rule\r\n\n");
    }
  }

  String source() {
    return source.toString();
  }

  PlainGrammar plain() {
    return plain;
  }

  int root() {
    return rules[0];
  }

  private static String name(int rule) {
    return rule == 0 ? "root" : "r-" + rule;
  }

  private void choice(int into, int depth) {
    int options = 1 + random.nextInt(3);
    for (int i = 0; i < options; i++) {
      source.append(i == 0 ? "" : " | ");
      int parts = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3);
      int[] symbols = new int[parts];
      source.append(parts == 0 ? "\"\"" : ""); // what ends with | goes on in the next line
      for (int j = 0; j < parts; j++) {
        source.append(j == 0 ? "" : " ");
        symbols[j] = repeated(depth);
      }
      plain.production(into, symbols);
    }
  }

  private int repeated(int depth) {
    int symbol = symbol(depth);
    int min;
    int max;
    switch (random.nextInt(9)) {
      case 0 -> {
        source.append('*');
        min = 0;
        max = -1;
      }
      case 1 -> {
        source.append('+');
        min = 1;
        max = -1;
      }
      case 2 -> {
        source.append('?');
        min = 0;
        max = 1;
      }
      case 3 -> {
        min = random.nextInt(3);
        max = min + random.nextInt(3);
        source.append('{').append(min).append(',').append(max).append('}');
      }
      case 4 -> {
        min = random.nextInt(3);
        max = -1;
        source.append('{').append(min).append(",}");
      }
      default -> {
        return symbol;
      }
    }
    int whole = plain.nonterminal();
    if (max < 0) {
      int more = plain.nonterminal();
      plain.production(more);
      plain.production(more, more, symbol);
      plain.production(whole, times(symbol, min, more));
    } else {
      for (int n = min; n <= max; n++) {
        plain.production(whole, times(symbol, n));
      }
    }
    return whole;
  }

  private static int[] times(int symbol, int n, int... after) {
    int[] symbols = new int[n + after.length];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = i < n ? symbol : after[i - n];
    }
    return symbols;
  }

  private int symbol(int depth) {
    switch (random.nextInt(depth > 0 ? 6 : 5)) {
      case 0, 1 -> {
        int rule = random.nextInt(rules.length);
        source.append(name(rule));
        return rules[rule];
      }
      case 2 -> {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(3); n >= 0; n--) {
          text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        int symbol = plain.nonterminal();
        plain.production(symbol, bytes(text.toString()));
        source.append('"').append(text.toString().replace("é", "\\u00e9")).append('"');
        return symbol;
      }
      case 3 -> {
        source.append("[a-bé]");
        return oneOf("abé");
      }
      case 4 -> {
        // With nothing of the alphabet but one left, negation can be told in bytes.
        char only = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        source.append("[\\x").append(String.format("%02X", (int) only)).append(']');
        return oneOf(Character.toString(only));
      }
      default -> {
        source.append(random.nextBoolean() ? "(" : "(\n  ");
        int symbol = plain.nonterminal();
        choice(symbol, depth - 1);
        source.append(random.nextBoolean() ? ")" : "\n)");
        return symbol;
      }
    }
  }

  private int oneOf(String characters) {
    int symbol = plain.nonterminal();
    characters.chars().forEach(c -> plain.production(symbol, bytes(Character.toString(c))));
    return symbol;
  }

  private static int[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] symbols = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = bytes[i] & 0xFF;
    }
    return symbols;
  }

  /** A text of the language, or null where the derivation that was tried does not end soon. */
  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int[] steps = {400};
    return derive(root(), out, steps) ? out.toByteArray() : null;
  }

  private boolean derive(int symbol, ByteArrayOutputStream out, int[] steps) {
    if (symbol < 256) {
      out.write(symbol);
      return out.size() < 40;
    }
    if (--steps[0] < 0) {
      return false;
    }
    List<int[]> options = plain.productions(symbol);
    List<int[]> useful = new ArrayList<>();
    for (int[] option : options) {
      boolean all = true;
      for (int part : option) {
        all &= part < 256 || plain.productive(part);
      }
      if (all) {
        useful.add(option);
      }
    }
    if (useful.isEmpty()) {
      return false;
    }
    int[] option = useful.get(random.nextInt(useful.size()));
    for (int part : option) {
      if (!derive(part, out, steps)) {
        return false;
      }
    }
    return true;
  }

  /** A text with some bytes changed, left out, put in or said twice. */
  byte[] mutated(byte[] text) {
    byte[] alphabet = ALPHABET.getBytes(StandardCharsets.UTF_8);
    StringBuilder bytes = new StringBuilder(new String(text, StandardCharsets.ISO_8859_1));
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      int at = random.nextInt(bytes.length() + 1);
      char some = (char) (alphabet[random.nextInt(alphabet.length)] & 0xFF);
      switch (random.nextInt(3)) {
        case 0 -> bytes.insert(at, some);
        case 1 -> {
          if (at < bytes.length()) {
            bytes.deleteCharAt(at);
          }
        }
        default -> {
          if (at < bytes.length()) {
            bytes.setCharAt(at, some);
          }
        }
      }
    }
    return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
