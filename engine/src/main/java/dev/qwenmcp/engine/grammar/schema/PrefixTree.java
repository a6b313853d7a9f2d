package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.Guard;
import dev.qwenmcp.engine.grammar.RuleDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Writes the spellings of numbered members as a tree of states, so that what members have in common
 * is read once and each state knows by two numbers which members it leads to.
 */
final class PrefixTree {
  private final RuleWriter writer;

  PrefixTree(RuleWriter writer) {
    this.writer = writer;
  }

  /** A state that members from first to last lead through. */
  private record Node(int state, int first, int last, int depth) {}

  /**
   * Reads one of the members.
   *
   * @param from the state before it
   * @param spelled by number, code points; ascending, none the beginning of another
   * @param to by number, the state after it
   */
  void write(RuleDraft rule, int from, List<int[]> spelled, IntUnaryOperator to) {
    List<Node> work = new ArrayList<>();
    if (!spelled.isEmpty()) {
      work.add(new Node(from, 0, spelled.size() - 1, 0));
    }
    while (!work.isEmpty()) {
      Node node = work.removeLast();
      for (int first = node.first; first <= node.last; ) {
        int[] text = spelled.get(first);
        int last = first;
        while (last < node.last && spelled.get(last + 1)[node.depth] == text[node.depth]) {
          last++;
        }
        int depth = node.depth + 1;
        while (depth < text.length && shared(spelled.get(last), text, depth)) {
          depth++; // sorted, so what first and last share all between them do
        }
        String read = new String(text, node.depth, depth - node.depth);
        if (first == last) {
          rule.read(
              node.state, writer.literal(read), to.applyAsInt(first), new Guard.Member(first));
        } else {
          int state = rule.state();
          rule.read(node.state, writer.literal(read), state, new Guard.AnyOf(first, last));
          work.add(new Node(state, first, last, depth));
        }
        first = last + 1;
      }
    }
  }

  private static boolean shared(int[] a, int[] b, int depth) {
    return depth < a.length && a[depth] == b[depth];
  }
}
