package dev.qwenmcp.engine.grammar.gbnf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A grammar in Backus-Naur form over bytes with Earley's recogniser ("An efficient context-free
 * parsing algorithm", 1970): what grammars are held to in tests.
 */
final class PlainGrammar {
  /** A symbol: 0 to 255 a byte, from 256 on a nonterminal. */
  private final List<List<int[]>> productions = new ArrayList<>(); // by nonterminal - 256

  private Set<Integer> productive;
  private Set<Integer> nullable;

  int nonterminal() {
    productions.add(new ArrayList<>());
    return 255 + productions.size();
  }

  void production(int nonterminal, int... symbols) {
    productions.get(nonterminal - 256).add(symbols);
  }

  List<int[]> productions(int nonterminal) {
    return productions.get(nonterminal - 256);
  }

  private record Item(int nonterminal, int[] symbols, int dot, int origin) {
    Item next() {
      return new Item(nonterminal, symbols, dot + 1, origin);
    }
  }

  /** What is known of a text: whether it is in the language, and whether it begins one. */
  record Verdict(boolean complete, boolean begins) {}

  /** Whether a nonterminal has texts. */
  boolean productive(int nonterminal) {
    analyse();
    return productive.contains(nonterminal);
  }

  private void analyse() {
    if (productive == null) {
      productive = fixpoint(true);
      nullable = fixpoint(false);
    }
  }

  private Set<Integer> fixpoint(boolean bytesCount) {
    Set<Integer> found = new HashSet<>();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int n = 0; n < productions.size(); n++) {
        for (int[] symbols : productions.get(n)) {
          boolean all = true;
          for (int symbol : symbols) {
            all &= symbol < 256 ? bytesCount : found.contains(symbol);
          }
          changed |= all && found.add(256 + n);
        }
      }
    }
    return found;
  }

  Verdict judge(int start, byte[] text) {
    analyse();
    List<Map<Integer, List<Item>>> waiting = new ArrayList<>(); // by position and next symbol
    Set<Item> set = new LinkedHashSet<>();
    predict(start, 0, set);
    boolean complete = false;
    for (int at = 0; at <= text.length; at++) {
      Map<Integer, List<Item>> here = new HashMap<>();
      waiting.add(here);
      complete = false;
      Set<Item> next = new LinkedHashSet<>();
      List<Item> work = new ArrayList<>(set);
      Set<Item> seen = new HashSet<>();
      for (int i = 0; i < work.size(); i++) {
        Item item = work.get(i);
        if (!seen.add(item)) {
          continue;
        }
        if (item.dot == item.symbols.length) {
          complete |= item.nonterminal == start && item.origin == 0;
          for (Item caller :
              List.copyOf(waiting.get(item.origin).getOrDefault(item.nonterminal, List.of()))) {
            work.add(caller.next());
          }
          continue;
        }
        int symbol = item.symbols[item.dot];
        if (symbol < 256) {
          if (at < text.length && (text[at] & 0xFF) == symbol) {
            next.add(item.next());
          }
          continue;
        }
        here.computeIfAbsent(symbol, s -> new ArrayList<>()).add(item);
        Set<Item> predicted = new LinkedHashSet<>();
        predict(symbol, at, predicted);
        work.addAll(predicted);
        if (nullable.contains(symbol)) {
          work.add(item.next());
        }
      }
      if (at < text.length) {
        if (next.isEmpty()) {
          return new Verdict(false, false);
        }
        set = next;
      }
    }
    return new Verdict(complete, true);
  }

  /** Only productions with texts: so whatever is in a set can be completed. */
  private void predict(int nonterminal, int at, Set<Item> into) {
    for (int[] symbols : productions(nonterminal)) {
      boolean useful = true;
      for (int symbol : symbols) {
        useful &= symbol < 256 || productive.contains(symbol);
      }
      if (useful) {
        into.add(new Item(nonterminal, symbols, 0, at));
      }
    }
  }
}
