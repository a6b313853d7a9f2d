package dev.qwenmcp.engine.grammar;

import java.util.Arrays;

/**
 * What may follow once a rule or terminal ends, for all ways at once of having read the text: a
 * node of a graph-structured stack (Tomita, "Efficient Parsing for Natural Language", 1986).
 *
 * <p>Ways that call the same rule at the same place share one stack, so their number stays within
 * the size of the grammar however ambiguous it is. Stacks are interned by {@link Reader}.
 */
final class Stack {
  /**
   * One place to go on: a state of a called rule, its counter, the members that an object has so
   * far, and the stack below it.
   */
  record Entry(Rule rule, int state, int count, Members members, Stack below) {
    /** Where a rule begins. */
    static Entry start(Rule rule, Stack below) {
      return new Entry(rule, 0, 0, Members.NONE, below);
    }

    /** The same place after the name of an undeclared member. */
    Entry named(String name) {
      return new Entry(rule, state, count, members.with(name), below);
    }
  }

  final int id;

  /** Whether the whole text may end here. */
  final boolean bottom;

  final Entry[] entries; // in the order of Reader

  /** Where reading goes on from this stack; found when it is first asked for. */
  Configuration continuation;

  Stack(int id, boolean bottom, Entry[] entries) {
    this.id = id;
    this.bottom = bottom;
    this.entries = entries;
  }

  /** Interned stacks below make identity of these enough. */
  record Key(boolean bottom, Entry[] entries) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && bottom == key.bottom
          && entries.length == key.entries.length
          && same(entries, key.entries);
    }

    private static boolean same(Entry[] a, Entry[] b) {
      for (int i = 0; i < a.length; i++) {
        if (a[i].rule != b[i].rule
            || a[i].state != b[i].state
            || a[i].count != b[i].count
            || a[i].below != b[i].below
            || !a[i].members.equals(b[i].members)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      int hash = Boolean.hashCode(bottom);
      for (Entry entry : entries) {
        hash = 31 * hash + entry.rule.id;
        hash = 31 * hash + entry.state;
        hash = 31 * hash + entry.count;
        hash = 31 * hash + entry.members.hashCode();
        hash = 31 * hash + entry.below.id;
      }
      return hash;
    }

    @Override
    public String toString() {
      return Arrays.toString(entries);
    }
  }
}
