package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.server.bench.Sample;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Calls that are reported together, over all repetitions.
 *
 * @param name what they have in common
 * @param phase what was known before
 * @param measured at least one
 */
record ReuseRow(String name, Call.Phase phase, List<Measured> measured) {
  /** A page may have to be computed again around what is new: the goal leaves room for one. */
  private static final int PAGE_TOKENS = 64;

  ReuseRow {
    measured = List.copyOf(measured);
  }

  /**
   * One call, measured.
   *
   * @param documentTokens of the prompt that its document's prompts have in common
   * @param own this program
   * @param ownCold seconds of the document's first call
   * @param peer the other program with prompts of the same lengths, if there is one
   * @param peerCold seconds of the document's first prompt there, NaN without one
   */
  record Measured(
      int documentTokens, Reading own, double ownCold, Optional<Reading> peer, double peerCold) {

    /** Tokens that no earlier prompt had. */
    int taskTokens() {
      return own.promptTokens() - documentTokens;
    }

    private int beyondTask() {
      return own.prefilledTokens() - taskTokens();
    }
  }

  /** Median tokens of the prompt. */
  double promptTokens() {
    return median(m -> m.own.promptTokens());
  }

  double cachedTokens() {
    return median(m -> m.own.cachedTokens());
  }

  double restoredTokens() {
    return median(m -> m.own.restoredTokens());
  }

  /** Tokens that were computed by the call that computed most beyond its task. */
  int prefilledTokens() {
    return worst().own.prefilledTokens();
  }

  /** Most tokens that this call may compute: its task and a page. */
  int prefilledGoal() {
    return worst().taskTokens() + PAGE_TOKENS;
  }

  private Measured worst() {
    return measured.stream().max(Comparator.comparingInt(Measured::beyondTask)).orElseThrow();
  }

  double seconds() {
    return median(m -> m.own.seconds());
  }

  double promptSeconds() {
    return median(m -> m.own.promptSeconds());
  }

  /** Of the cold call's time. */
  double share() {
    return median(m -> m.own.seconds() / m.ownCold);
  }

  /** The other program's seconds. */
  Optional<Double> peerSeconds() {
    return peer(m -> m.peer.orElseThrow().seconds());
  }

  /** Of the other program's cold time. */
  Optional<Double> peerShare() {
    return peer(m -> m.peer.orElseThrow().seconds() / m.peerCold);
  }

  /** The other program's seconds as a multiple of this one's. */
  Optional<Double> ratio() {
    return peer(m -> m.peer.orElseThrow().seconds() / m.own.seconds());
  }

  private Optional<Double> peer(ToDoubleFunction<Measured> value) {
    return measured.stream().allMatch(m -> m.peer.isPresent())
        ? Optional.of(median(value))
        : Optional.empty();
  }

  private double median(ToDoubleFunction<Measured> value) {
    return sample(value).median();
  }

  private Sample sample(ToDoubleFunction<Measured> value) {
    return new Sample(measured.stream().mapToDouble(value).boxed().toList());
  }
}
