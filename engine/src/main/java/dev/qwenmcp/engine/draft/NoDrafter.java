package dev.qwenmcp.engine.draft;

/** Never guesses: one token a pass. */
public final class NoDrafter implements Drafter {
  private static final int[] NOTHING = {};

  @Override
  public void accept(int... tokens) {}

  @Override
  public int[] draft(int most) {
    return NOTHING;
  }
}
