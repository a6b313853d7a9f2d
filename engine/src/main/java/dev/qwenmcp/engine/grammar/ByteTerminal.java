package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** A terminal with its automaton over bytes: fixed texts, numbers, white space. */
public record ByteTerminal(Dfa bytes) implements Terminal {

  /** Exactly this text, in UTF-8. */
  public static ByteTerminal literal(String text) {
    return literals(List.of(text));
  }

  /** One of these texts, in UTF-8. */
  public static ByteTerminal literals(Collection<String> texts) {
    // An automaton of "code points" that are bytes: ISO 8859-1 maps these one to one.
    return new ByteTerminal(
        Dfa.literals(
            texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList()));
  }

  @Override
  public boolean isEmpty() {
    return bytes.isEmpty();
  }

  @Override
  public long start() {
    return Dfa.START;
  }

  @Override
  public long step(long state, int symbol) {
    return bytes.step((int) state, symbol);
  }

  @Override
  public boolean accepting(long state) {
    return bytes.accepting((int) state);
  }

  @Override
  public boolean open(long state) {
    return bytes.edges((int) state) > 0;
  }
}
