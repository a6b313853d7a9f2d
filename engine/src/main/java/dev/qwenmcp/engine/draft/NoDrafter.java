package dev.qwenmcp.engine.draft;

import java.util.function.IntPredicate;

/** Never guesses: one token a pass. */
public final class NoDrafter implements Drafter {
  @Override
  public void accept(int... tokens) {}

  @Override
  public Draft draft(int most, IntPredicate allowed) {
    return Draft.NONE;
  }
}
