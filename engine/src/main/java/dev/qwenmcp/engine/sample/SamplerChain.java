package dev.qwenmcp.engine.sample;

/**
 * Draws tokens for one generation; not for several threads.
 *
 * <p>The stages, each narrowing what the one before left:
 *
 * <ol>
 *   <li>penalties on the logits: repetition, then presence and frequency;
 *   <li>temperature; 0 takes the likeliest token, ties going to the lowest id, and ends here;
 *   <li>top-k;
 *   <li>top-p, on the probabilities that top-k left, renormalised;
 *   <li>min-p, relative to the likeliest token;
 *   <li>one draw, with one random number a token.
 * </ol>
 *
 * <p>This is the order of Hugging Face transformers, which the values recommended by the makers of
 * Qwen3 assume. llama.cpp by default applies temperature last, so that its top-p and min-p see the
 * model's own distribution: the same numbers then keep more tokens when temperature is below 1.
 *
 * <p>The same logits and seed give the same tokens on every platform: exponentials, sums and random
 * numbers are strict IEEE arithmetic in a fixed order. After the first call nothing is allocated.
 */
public final class SamplerChain {
  private final SamplerSettings settings;
  private final Penalties penalties;
  private final TopK topK;
  private final Temperature temperature;
  private final TopP topP;
  private final MinP minP;
  private final SplitMix64 random;
  private final Candidates candidates = new Candidates();

  public SamplerChain(SamplerSettings settings) {
    this.settings = settings;
    this.penalties = new Penalties(settings);
    this.topK = new TopK(settings.topK());
    this.temperature = new Temperature(settings.temperature());
    this.topP = new TopP(settings.topP());
    this.minP = new MinP(settings.minP());
    this.random = new SplitMix64(settings.seed());
  }

  /**
   * Draws the next token.
   *
   * @param logits one a vocabulary entry; may be changed; -inf entries are never drawn
   * @return the token id
   * @throws IllegalStateException if no entry is finite, or one is NaN or positive infinity
   */
  public int sample(float[] logits) {
    penalties.apply(logits);
    return draw(logits, logits.length);
  }

  /**
   * How many of the likeliest tokens the next draw depends on; 0 where it depends on all, as
   * penalties may make any token the likeliest.
   */
  public int leading() {
    if (penalties.active()) {
      return 0;
    }
    return settings.temperature() == 0 ? 1 : settings.topK();
  }

  /**
   * Draws the next token, the same one as from all logits, from the {@link #leading()} likeliest.
   *
   * @throws IllegalStateException if all logits are needed
   */
  public int sample(LeadingLogits leading) {
    if (leading() == 0) {
      throw new IllegalStateException("this draw depends on all logits");
    }
    return leading.id(draw(leading.logits(), leading.size()));
  }

  /** Index of the drawn one among the first {@code count} logits. */
  private int draw(float[] logits, int count) {
    if (settings.temperature() == 0) {
      return Candidates.likeliest(logits, count);
    }
    // Temperature keeps the order of the logits, so top-k may go first: the same tokens are kept,
    // and exponentials are computed for these alone.
    topK.gather(logits, count, candidates);
    temperature.apply(candidates);
    topP.apply(candidates);
    minP.apply(candidates);
    return candidates.draw(random.nextDouble());
  }

  /** Makes a token count as seen for the penalties: each prompt and each drawn token. */
  public void accept(int token) {
    penalties.accept(token);
  }
}
