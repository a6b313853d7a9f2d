package dev.qwenmcp.server.flow.declaration;

/** What a flow may not exceed, so that no declaration can take the server with it. */
public final class FlowLimits {
  /** Characters of a declaration. */
  public static final int DECLARATION_CHARACTERS = 256 * 1024;

  /** Scalars, lists and objects of a declaration together. */
  public static final int DECLARATION_NODES = 20_000;

  /** Levels of lists and objects in a declaration. */
  public static final int DECLARATION_DEPTH = 32;

  /** Steps of a declaration, those inside of others included. */
  public static final int STEPS = 64;

  /** Levels of steps inside of steps. */
  public static final int STEP_DEPTH = 4;

  /** Branches of one parallel step, which run at the same time. */
  public static final int BRANCHES = 8;

  /** Rounds of a loop, at most, and where it does not say. */
  public static final int ROUNDS = 200;

  public static final int ROUNDS_UNLESS_SAID = 20;

  /** Tool calls of one run, attempts of the same step counted once. */
  public static final int CALLS = 1000;

  public static final int ATTEMPTS = 10;
  public static final int INPUTS = 32;

  /** Characters of all inputs of a run, as JSON. */
  public static final int INPUT_CHARACTERS = 2_000_000;

  /** Characters of one step's result, as JSON. */
  public static final int RESULT_CHARACTERS = 2_000_000;

  /** Characters of all results of a run together. */
  public static final int RUN_CHARACTERS = 16_000_000;

  /** Characters of a run's output, which clients take at once. */
  public static final int OUTPUT_CHARACTERS = 60_000;

  private FlowLimits() {}
}
