package dev.qwenmcp.server.bench;

/** What is timed. */
public sealed interface Workload {

  /** Tokens that count for the speed. */
  int tokens();

  /** Tokens that stand before, computed outside the timed part. */
  int depth();

  /** The same work after as many tokens. */
  Workload at(int depth);

  /** For people, such as {@code prompt 512 at 4096}. */
  String name();

  /** Most positions of one sequence. */
  default int positions() {
    return depth() + tokens() + 2; // a generation starts from one token and draws one ahead
  }

  /**
   * A prompt read after {@code depth} tokens; the logits of its last token are computed.
   *
   * @param tokens its length
   */
  record Prompt(int tokens, int depth) implements Workload {
    @Override
    public Workload at(int other) {
      return new Prompt(tokens, other);
    }

    @Override
    public String name() {
      return "prompt " + tokens + suffix(depth);
    }
  }

  /**
   * Token after token, each fed back, in some sequences that share a pass.
   *
   * @param steps passes
   * @param depth tokens before
   * @param sequences that advance together
   */
  record Generation(int steps, int depth, int sequences) implements Workload {
    @Override
    public Workload at(int other) {
      return new Generation(steps, other, sequences);
    }

    @Override
    public int tokens() {
      return steps * sequences;
    }

    @Override
    public int positions() {
      return depth + steps + 2;
    }

    @Override
    public String name() {
      return "generate " + steps + (sequences > 1 ? " x " + sequences : "") + suffix(depth);
    }
  }

  private static String suffix(int depth) {
    return depth > 0 ? " at " + depth : "";
  }
}
