package dev.qwenmcp.engine.grammar;

import java.util.BitSet;

/**
 * Which members an object may have, and so which may come next after those that it has. Immutable.
 *
 * <p>Declared members have numbers from 0 on; each may come once. A member may come only if the
 * object can be completed afterwards within the bounds of its size.
 */
public final class MemberLimits {
  /** That many others: more than any text has. */
  public static final long ENDLESS = Long.MAX_VALUE;

  private final int declared;
  private final BitSet required;
  private final int min;
  private final int max;
  private final long others;
  private final int[] turns; // by number: the place in the schema's order; null for none
  private final boolean ordered; // whether no other order may be written

  /**
   * @param declared how many members are declared
   * @param required numbers of those that must come
   * @param min fewest members
   * @param max most members; {@link Integer#MAX_VALUE} for no bound
   * @param others how many members there may be that are not declared
   */
  public MemberLimits(int declared, BitSet required, int min, int max, long others) {
    this.declared = declared;
    this.required = (BitSet) required.clone();
    this.min = min;
    this.max = max;
    this.others = others;
    this.turns = null;
    this.ordered = false;
  }

  private MemberLimits(MemberLimits same, int[] turns, boolean ordered) {
    this.declared = same.declared;
    this.required = same.required;
    this.min = same.min;
    this.max = same.max;
    this.others = same.others;
    this.turns = turns.clone();
    this.ordered = ordered;
  }

  /**
   * The same members in one order: declared ones as given, then others.
   *
   * @param turns by number of a member, its place in the order
   */
  public MemberLimits inOrder(int[] turns) {
    return new MemberLimits(this, turns, true);
  }

  /**
   * The same members, still in any order, of which one is the likeliest.
   *
   * @param turns by number of a member, its place in that order
   */
  public MemberLimits mostlyInOrder(int[] turns) {
    return new MemberLimits(this, turns, false);
  }

  /**
   * How far a declared member is from being the next in the likeliest order: from the one that came
   * last of that order onwards, then from its beginning.
   *
   * @param members those before it; it may be among them itself
   */
  int distance(Members members, int number) {
    if (turns == null) {
      return number;
    }
    int done = -1;
    for (int i = 0; i < declared; i++) {
      done = members.has(i) && i != number ? Math.max(done, turns[i]) : done;
    }
    return turns[number] > done ? turns[number] - done : turns[number] + declared;
  }

  /** The least distance of the declared members from first to last that may come next. */
  int distance(Members members, int first, int last) {
    int least = Integer.MAX_VALUE;
    for (int i = members.nextMissing(first); i <= last; i = members.nextMissing(i + 1)) {
      if (mayCome(members, i, i)) {
        least = Math.min(least, distance(members, i));
      }
    }
    return least;
  }

  /** Whether one of the declared members from first to last may come next. */
  boolean mayCome(Members members, int first, int last) {
    return ordered ? inTurn(members, first, last) : anyTime(members, first, last);
  }

  private boolean anyTime(Members members, int first, int last) {
    boolean room = room(members) > 0;
    for (int i = members.nextMissing(first); i <= last; i = members.nextMissing(i + 1)) {
      if (room || required.get(i)) {
        return true;
      }
    }
    return false;
  }

  /** How many members may come beside those that are still required. */
  private long room(Members members) {
    return (long) max - members.size() - missing(members);
  }

  private int missing(Members members) {
    return required.cardinality() - members.common(required);
  }

  private boolean inTurn(Members members, int first, int last) {
    if (members.others().size() > 0) {
      return false;
    }
    int done = -1; // the turn of the member that came last
    int next = declared; // the first turn that must not be left out
    for (int i = 0; i < declared; i++) {
      if (members.has(i)) {
        done = Math.max(done, turns[i]);
      } else if (required.get(i)) {
        next = Math.min(next, turns[i]);
      }
    }
    long room = room(members);
    for (int i = first; i <= last; i++) {
      long later = others == ENDLESS ? ENDLESS - declared : others;
      later += declared - 1 - turns[i];
      if (turns[i] > done
          && turns[i] <= next
          && (room > 0 || required.get(i))
          && later >= min - members.size() - 1) {
        return true;
      }
    }
    return false;
  }

  /** Whether a member that is not declared may come next. */
  boolean mayComeOther(Members members) {
    long left = others - members.others().size();
    return left > 0
        && room(members) > 0
        && (!ordered || missing(members) == 0 && left >= min - members.size());
  }

  /** Whether any member may come next. */
  boolean more(Members members) {
    return mayCome(members, 0, declared - 1) || mayComeOther(members);
  }

  /** Whether the object may end. */
  boolean complete(Members members) {
    return members.size() >= min && missing(members) == 0;
  }
}
