package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.Arrays;

/**
 * How tokens lead through unrestricted text, from between two code points: what most states of most
 * strings share, found once a vocabulary.
 *
 * @param reach from the inside of unrestricted text
 * @param exitLengths for each exit, how many code points came before it
 * @param exitDepths for each exit, how many bytes lead to it
 * @param lengths by id: code points of the token, a begun one included; -1 where it does not stay
 *     within such text
 * @param byLength the ids that do, those with most code points first
 */
record TextIndex(
    Reach reach, int[] exitLengths, int[] exitDepths, short[] lengths, int[] byLength) {

  static TextIndex of(TokenTrie trie, TextTerminal.Encoding encoding) {
    // Counts code points without being restricted by their number.
    TextTerminal text =
        new TextTerminal(Dfa.ANYTHING, 0, LengthBounds.LIMIT - 1, encoding, new Effort());
    long inside =
        encoding == TextTerminal.Encoding.JSON ? text.step(text.start(), '"') : text.start();
    short[] lengths = new short[trie.size()];
    Arrays.fill(lengths, (short) -1);
    int[] exits = new int[64];
    int[] exitLengths = new int[64];
    int[] exitDepths = new int[64];
    int exitCount = 0;
    long[] bits = trie.newBits();
    long[] path = new long[trie.depth() + 1]; // by depth: the state of the terminal
    int[] pathEnds = new int[trie.depth() + 1];
    path[0] = inside;
    pathEnds[0] = trie.end(TokenTrie.ROOT);
    int depth = 0;
    for (int node = 1; node < trie.nodes(); ) {
      while (node >= pathEnds[depth]) {
        depth--;
      }
      long before = path[depth];
      long state = text.step(before, trie.symbol(node));
      if (state == Terminal.DEAD) {
        node = trie.end(node);
        continue;
      }
      trie.set(bits, node);
      boolean ended = text.accepting(state) && encoding == TextTerminal.Encoding.JSON;
      int codePoints =
          text.codePoints(ended ? before : state) + (text.withinCodePoint(state) ? 1 : 0);
      for (int rank = trie.firstRank(node); rank < trie.firstRank(node + 1); rank++) {
        lengths[trie.token(rank)] = (short) Math.min(codePoints, Short.MAX_VALUE);
      }
      if (ended) {
        if (exitCount == exits.length) {
          exits = Arrays.copyOf(exits, 2 * exitCount);
          exitLengths = Arrays.copyOf(exitLengths, 2 * exitCount);
          exitDepths = Arrays.copyOf(exitDepths, 2 * exitCount);
        }
        exits[exitCount] = node;
        exitDepths[exitCount] = depth + 1;
        exitLengths[exitCount++] = codePoints;
        node = trie.end(node);
        continue;
      }
      path[++depth] = state;
      pathEnds[depth] = trie.end(node);
      node++;
    }
    return new TextIndex(
        new Reach(bits, Arrays.copyOf(exits, exitCount)),
        Arrays.copyOf(exitLengths, exitCount),
        Arrays.copyOf(exitDepths, exitCount),
        lengths,
        byLength(lengths));
  }

  private static int[] byLength(short[] lengths) {
    long[] order = new long[lengths.length]; // descending length above id
    int n = 0;
    for (int id = 0; id < lengths.length; id++) {
      if (lengths[id] >= 0) {
        order[n++] = (long) -lengths[id] << 32 | id;
      }
    }
    Arrays.sort(order, 0, n);
    return Arrays.stream(order, 0, n).mapToInt(entry -> (int) entry).toArray();
  }
}
