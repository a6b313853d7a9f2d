package dev.qwenmcp.engine.grammar;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Finds and remembers how far tokens lead within text terminals; not for several threads. */
final class ReachFinder {
  /** Kept before all are forgotten: 19 KB each with a vocabulary of 151,936. */
  private static final int MAX_KEPT = 500;

  /** The same of nodes where text may end: 50 KB each with a vocabulary of 151,936. */
  private static final int MAX_ENDS = 100;

  private record Place(TextTerminal terminal, long state) {}

  private final TokenTrie trie;
  private final Map<Place, Reach> found = new HashMap<>();
  private final Map<Place, BitSet> ends = new HashMap<>();
  private final Map<TextTerminal, TextTerminal> unbounded = new HashMap<>();
  private final Map<TextTerminal, int[]> shortcuts = new HashMap<>();

  ReachFinder(TokenTrie trie) {
    this.trie = trie;
  }

  Reach find(TextTerminal terminal, long state) {
    if (terminal.all() != terminal && terminal.sameAsAll(state)) {
      return find(terminal.all(), state);
    }
    TextIndex index = trie.textIndex(terminal.encoding());
    if (terminal.betweenCodePoints(state) && terminal.unrestricted(state)) {
      return index.reach();
    }
    Place place = new Place(terminal, state);
    Reach reach = found.get(place);
    if (reach == null) {
      if (found.size() >= MAX_KEPT) {
        found.clear();
      }
      LengthBounds lengths = terminal.lengths();
      if (terminal.betweenCodePoints(state) && lengths.onlyMax() && !lengths.any()) {
        reach = bounded(terminal, state, index);
      } else if (terminal.restrictsOnlyTheEnd(state)
          && terminal.encoding() == TextTerminal.Encoding.JSON) {
        reach = ending(terminal, state, index);
      } else {
        reach = walk(terminal, state, index);
      }
      found.put(place, reach);
    }
    return reach;
  }

  /**
   * Where the number of code points is all that the bounds change: the tokens that are short
   * enough.
   */
  private Reach bounded(TextTerminal terminal, long state, TextIndex index) {
    TextTerminal free = unbounded.computeIfAbsent(terminal, TextTerminal::withoutBounds);
    Reach all = find(free, terminal.withoutCount(state));
    LengthBounds lengths = terminal.lengths();
    int count = terminal.codePoints(state);
    int most = lengths.max() - count;
    int[] byLength = index.byLength();
    if (count >= lengths.min() && (byLength.length == 0 || index.lengths()[byLength[0]] <= most)) {
      return all;
    }
    long[] tokens = all.tokens().clone();
    for (int i = 0; i < byLength.length && index.lengths()[byLength[i]] > most; i++) {
      tokens[byLength[i] >> 6] &= ~(1L << byLength[i]);
    }
    int[] exits = new int[all.exits().length];
    int n = 0;
    for (int exit : all.exits()) {
      int length = index.exitLengths()[Arrays.binarySearch(index.reach().exits(), exit)];
      if (lengths.mayEnd(count + length)) {
        exits[n++] = exit;
      } else {
        trie.clear(tokens, exit); // a closing quote that comes too soon or too late
      }
    }
    return new Reach(tokens, Arrays.copyOf(exits, n));
  }

  /** Where the closing quote is all that may not come everywhere. */
  private Reach ending(TextTerminal terminal, long state, TextIndex index) {
    long[] tokens = index.reach().tokens().clone();
    int[] indexExits = index.reach().exits();
    int[] exits = new int[indexExits.length];
    int n = 0;
    for (int i = 0; i < indexExits.length; i++) {
      byte[] path = trie.bytes(trie.token(trie.firstRank(indexExits[i])));
      long at = state;
      for (int j = 0; j < index.exitDepths()[i]; j++) {
        at = terminal.step(at, path[j] & 0xFF);
      }
      if (at == Terminal.DEAD) {
        trie.clear(tokens, indexExits[i]);
      } else {
        exits[n++] = indexExits[i];
      }
    }
    return new Reach(tokens, Arrays.copyOf(exits, n));
  }

  /** Walks the trie, but for the parts where the text is no longer restricted. */
  private Reach walk(TextTerminal terminal, long start, TextIndex index) {
    boolean fromIndex = terminal.betweenCodePoints(start) && terminal.becomesUnrestricted();
    long[] tokens = fromIndex ? index.reach().tokens().clone() : trie.newBits();
    int[] next = shortcuts.computeIfAbsent(terminal.all(), TextTerminal::shortcuts);
    int[] indexExits = index.reach().exits();
    int[] exits = new int[64];
    int exitCount = 0;
    long[] path = new long[trie.depth() + 1]; // by depth: the state of the terminal
    int[] pathEnds = new int[trie.depth() + 1];
    path[0] = start;
    pathEnds[0] = trie.end(TokenTrie.ROOT);
    int depth = 0;
    for (int node = 1; node < trie.nodes(); ) {
      while (node >= pathEnds[depth]) {
        depth--;
      }
      long state = terminal.step(path[depth], trie.symbol(node), next);
      int end = trie.end(node);
      if (state == Terminal.DEAD) {
        if (fromIndex) {
          trie.clearBelow(tokens, node);
        }
        node = end;
        continue;
      }
      if (fromIndex && terminal.unrestricted(state)) {
        int from = Arrays.binarySearch(indexExits, node);
        for (int i = from < 0 ? ~from : from; i < indexExits.length && indexExits[i] < end; i++) {
          exits = room(exits, exitCount);
          exits[exitCount++] = indexExits[i];
        }
        node = end;
        continue;
      }
      trie.set(tokens, node);
      if (terminal.accepting(state) && terminal.encoding() == TextTerminal.Encoding.JSON) {
        exits = room(exits, exitCount);
        exits[exitCount++] = node;
      }
      if (!terminal.open(state)) {
        node = end;
        continue;
      }
      path[++depth] = state;
      pathEnds[depth] = end;
      node++;
    }
    return new Reach(tokens, Arrays.copyOf(exits, exitCount));
  }

  /** The nodes at which raw text, begun in a state, may end; the root is not asked for. */
  BitSet ends(TextTerminal terminal, long start) {
    Place place = new Place(terminal, start);
    BitSet found = ends.get(place);
    if (found == null) {
      if (ends.size() >= MAX_ENDS) {
        ends.clear();
      }
      found = findEnds(terminal, start);
      ends.put(place, found);
    }
    return found;
  }

  private BitSet findEnds(TextTerminal terminal, long start) {
    BitSet accepting = new BitSet(trie.nodes());
    int[] next = shortcuts.computeIfAbsent(terminal, TextTerminal::shortcuts);
    long[] states = new long[trie.depth() + 1];
    int[] pathEnds = new int[trie.depth() + 1];
    states[0] = start;
    pathEnds[0] = trie.end(TokenTrie.ROOT);
    int depth = 0;
    for (int node = 1; node < trie.nodes(); ) {
      while (node >= pathEnds[depth]) {
        depth--;
      }
      long state = terminal.step(states[depth], trie.symbol(node), next);
      if (state == Terminal.DEAD) {
        node = trie.end(node);
        continue;
      }
      accepting.set(node, terminal.accepting(state));
      states[++depth] = state;
      pathEnds[depth] = trie.end(node);
      node++;
    }
    return accepting;
  }

  private static int[] room(int[] list, int used) {
    return used < list.length ? list : Arrays.copyOf(list, 2 * used);
  }
}
