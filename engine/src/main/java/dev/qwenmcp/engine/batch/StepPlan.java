package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.ExpertListener;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Short passes that are computed as one, so that the weights are read once for all of them.
 *
 * @param members the passes
 * @param first token of each in the whole
 * @param whole one after the other
 */
record StepPlan(List<Pass> members, int[] first, Pass whole) {

  /**
   * How many tokens are taken of each of some passes in the order of their coming: all of one that
   * fits and wants what the first does, else none; the first always goes.
   *
   * @param most tokens together
   * @return indices of those that go
   */
  static List<Integer> choose(List<Pass> waiting, int most) {
    List<Integer> chosen = new ArrayList<>();
    int tokens = 0;
    for (int i = 0; i < waiting.size(); i++) {
      int size = waiting.get(i).size();
      boolean alike = waiting.get(i).wanted() == waiting.getFirst().wanted();
      if (chosen.isEmpty() || (alike && tokens + size <= most)) {
        chosen.add(i);
        tokens += size;
      }
    }
    return chosen;
  }

  /** All of these as one. */
  static StepPlan of(List<Pass> members) {
    if (members.size() == 1) {
      return new StepPlan(members, new int[1], members.getFirst());
    }
    int n = members.stream().mapToInt(Pass::size).sum();
    int[] tokens = new int[n];
    int[] sequence = new int[n];
    int[] position = new int[n];
    int[] rows = new int[members.stream().mapToInt(m -> m.rows().length).sum()];
    int[] first = new int[members.size()];
    List<SequencePages> pages = new ArrayList<>();
    int at = 0;
    int row = 0;
    for (int m = 0; m < first.length; m++) {
      Pass member = members.get(m);
      first[m] = at;
      for (int wanted : member.rows()) {
        rows[row++] = at + wanted;
      }
      for (int t = 0; t < member.size(); t++) {
        tokens[at] = member.tokens()[t];
        sequence[at] = pages.size() + member.sequence()[t];
        position[at] = member.position()[t];
        at++;
      }
      pages.addAll(member.pages());
    }
    return new StepPlan(
        members,
        first,
        new Pass(tokens, sequence, position, pages, rows, members.getFirst().wanted()));
  }

  /**
   * What hears of the experts of the whole: each member's listener of those of its own tokens.
   *
   * @param listeners one a member
   */
  ExpertListener experts(List<ExpertListener> listeners) {
    if (listeners.size() == 1) {
      return listeners.getFirst();
    }
    if (listeners.stream().allMatch(listener -> listener == ExpertListener.NONE)) {
      return ExpertListener.NONE;
    }
    return (layer, chosen) -> {
      long bytes = chosen.byteSize() / whole.size(); // of a token
      for (int m = 0; m < first.length; m++) {
        MemorySegment own = chosen.asSlice(first[m] * bytes, members.get(m).size() * bytes);
        listeners.get(m).chose(layer, own);
      }
    };
  }

  /** Whose token this one of the whole is. */
  int member(int token) {
    int m = first.length - 1;
    while (first[m] > token) {
      m--;
    }
    return m;
  }
}
