package dev.qwenmcp.engine;

import dev.qwenmcp.engine.sample.SamplerChain;
import dev.qwenmcp.engine.sample.StopMatcher;
import dev.qwenmcp.engine.tokenizer.TokenStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The state of one running generation: from logits to tokens, text and the reason to stop. */
final class Generation {
  private final Engine engine;
  private final GenerationRequest request;
  private final TokenSequence tokens;
  private final int promptTokens;
  private final Deadline deadline;
  private final TokenListener listener;
  private final Set<Integer> stopTokens;
  private final SamplerChain sampler;
  private final TokenStream stream;
  private final StopMatcher stops;
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> drawn = new ArrayList<>();
  private int cachedTokens;
  private int restoredTokens;
  private double promptSeconds = -1; // until the first logits are there
  private int guessedTokens;
  private int rightTokens;
  private final JumpForward jumps;
  private int forcedTokens;

  /**
   * @param tokens the session's tokens, the prompt included; drawn ones are added
   */
  Generation(
      Engine engine,
      GenerationRequest request,
      TokenSequence tokens,
      Deadline deadline,
      TokenListener listener) {
    this.engine = engine;
    this.request = request;
    this.tokens = tokens;
    this.promptTokens = tokens.size();
    this.deadline = deadline;
    this.listener = listener;
    this.stopTokens = engine.stopTokens();
    this.sampler = new SamplerChain(request.sampling());
    this.stream = new TokenStream(engine.tokenizer());
    this.jumps = new JumpForward(engine.tokenizer());
    this.stops = new StopMatcher(request.stopStrings());
    int window = Math.min(tokens.size(), request.sampling().penaltyWindow());
    for (int i = tokens.size() - window; i < tokens.size(); i++) {
      sampler.accept(tokens.get(i));
    }
  }

  /**
   * The prompt is read, or reading was stopped.
   *
   * @param cached tokens of it that were not computed
   * @param restored of these, read back from disk
   */
  void promptDone(int cached, int restored) {
    promptSeconds = deadline.elapsedSeconds();
    cachedTokens = Math.min(cached, promptTokens); // forced tokens may have been cached too
    restoredTokens = Math.min(restored, cachedTokens);
  }

  /**
   * Takes the tokens that come first whatever the model thinks, before the prompt is read, so that
   * they are read with it.
   *
   * @return why the generation ends, or null if it goes on
   */
  FinishReason begin() {
    return jump();
  }

  /**
   * Draws the next token, and takes those that must come after it.
   *
   * @return why the generation ends, or null if it goes on
   */
  FinishReason step(TokenLogits logits) {
    if (!logits.few()) {
      return step(logits.all());
    }
    FinishReason bound = bound();
    return bound != null ? bound : drawn(sampler.sample(logits.leading()));
  }

  /** How many of the likeliest tokens the next draw depends on; 0 for all. */
  int leading() {
    return request.constraint() == null ? sampler.leading() : 0;
  }

  /** The same from all logits, one a vocabulary entry, which may be changed. */
  FinishReason step(float[] logits) {
    FinishReason bound = bound();
    if (bound != null) {
      return bound;
    }
    if (request.constraint() != null) {
      if (request.constraint().finished()) {
        return FinishReason.STOP;
      }
      request.constraint().mask(logits);
    }
    // Padding rows of the embedding that no token stands for.
    Arrays.fill(logits, engine.tokenizer().size(), logits.length, Float.NEGATIVE_INFINITY);
    return drawn(sampler.sample(logits));
  }

  private FinishReason drawn(int token) {
    FinishReason reason = take(token);
    return reason == null ? jump() : reason;
  }

  /** Takes the tokens that the constraint leaves no choice about. */
  private FinishReason jump() {
    if (request.constraint() == null) {
      return null;
    }
    FinishReason reason = null;
    for (int token : jumps.next(tokens, request.constraint())) {
      reason = bound();
      if (reason == null) {
        forcedTokens++;
        reason = take(token);
      }
      if (reason != null) {
        break;
      }
    }
    return reason;
  }

  private FinishReason take(int token) {
    sampler.accept(token);
    tokens.add(token);
    drawn.add(token);
    if (stopTokens.contains(token)) {
      return FinishReason.STOP;
    }
    if (request.constraint() != null) {
      request.constraint().accept(token);
    }
    emit(stops.push(stream.push(token)));
    return stops.stopped() ? FinishReason.STOP : bound();
  }

  /** Why no token may be drawn any more, or null. */
  private FinishReason bound() {
    if (deadline.now()) {
      return deadline.reason();
    }
    if (drawn.size() >= request.maxTokens()) {
      return FinishReason.LENGTH;
    }
    return tokens.size() >= engine.contextTokens() ? FinishReason.CONTEXT_FULL : null;
  }

  /** A pass has run. */
  void passDone(int guessed, int right) {
    guessedTokens += guessed;
    rightTokens += right;
  }

  GenerationResult finish(FinishReason reason) {
    if (!stops.stopped()) {
      emit(stops.push(stream.finish()) + stops.finish());
    }
    double seconds = deadline.elapsedSeconds();
    double untilPrompt = promptSeconds < 0 ? seconds : promptSeconds;
    return new GenerationResult(
        text.toString(),
        drawn,
        reason,
        new Usage(
            promptTokens,
            cachedTokens,
            restoredTokens,
            drawn.size(),
            untilPrompt,
            seconds - untilPrompt),
        new GenerationResult.Guesses(guessedTokens, rightTokens),
        forcedTokens);
  }

  private void emit(String more) {
    text.append(more);
    listener.onText(more, drawn.size());
  }
}
