package dev.qwenmcp.engine;

import dev.qwenmcp.engine.draft.Guesser;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * One mutable inference timeline: token ids and their keys and values; one thread at a time.
 *
 * <p>The last drawn token usually has no keys and values yet: they are computed with what comes
 * next, so what is computed may lag behind the tokens. What the engine's cache knows of a prompt is
 * not computed again, and full pages become known to other sessions of the same scope; the results
 * are the same bits either way.
 */
public final class Session implements AutoCloseable {
  private static final int[] NO_ROWS = {};

  private final Engine engine;
  private final ForwardLane lane;
  private final Timeline timeline;
  private boolean closed;

  Session(Engine engine, ForwardLane lane, Timeline timeline) {
    this.engine = engine;
    this.lane = lane;
    this.timeline = timeline;
  }

  /** Ids so far, generated ones included. */
  public List<Integer> tokens() {
    return timeline.tokens().toList();
  }

  /**
   * Appends the request's prompt and generates after it.
   *
   * @param listener hears of progress on this thread
   * @param cancellation looked at before every layer of the prompt and every token
   * @throws ContextOverflowException if the prompt does not fit the context; nothing has changed
   * @throws IllegalArgumentException if there is neither a prompt nor a token before it
   */
  public GenerationResult generate(
      GenerationRequest request, TokenListener listener, Cancellation cancellation) {
    append(request.prompt());
    Deadline deadline = new Deadline(request.timeBudget(), cancellation);
    Generation generation = new Generation(engine, request, timeline.tokens(), deadline, listener);
    generation.reuses(timeline.recall());
    float[] logits = new float[lane.vocabulary()];
    if (!prefill(logits, deadline, listener)) {
      return generation.finish(deadline.reason());
    }
    generation.promptDone();
    FinishReason reason = generation.step(logits);
    if (reason == null) {
      Guesser guesser = engine.guesser(request.constraint());
      reason = new Decoding(lane, timeline, generation, guesser, engine.contextTokens()).run();
    }
    return generation.finish(reason);
  }

  /**
   * Log-likelihoods of each continuation after the session's tokens and {@code prompt}; the session
   * afterwards holds its tokens and the prompt.
   *
   * @param continuations each of at least one token
   * @throws ContextOverflowException if prompt and longest continuation do not fit
   * @throws CancellationException if cancelled before the end
   */
  public Scores score(int[] prompt, List<int[]> continuations, Cancellation cancellation) {
    int longest = continuations.stream().mapToInt(c -> c.length).max().orElse(0);
    checkRoom((long) prompt.length + longest);
    append(prompt);
    long start = System.nanoTime();
    int promptTokens = timeline.size();
    Timeline.Reuse reuse = timeline.recall();
    float[] logits = new float[lane.vocabulary()];
    if (!prefill(logits, Deadline.none(cancellation), TokenListener.NONE)) {
      throw new CancellationException("cancelled while reading the prompt");
    }
    long promptDone = System.nanoTime();
    double[] sums =
        new ContinuationScorer(lane, timeline.pages(), promptTokens)
            .score(continuations, logits, cancellation);
    return new Scores(
        sums,
        new Usage(
            promptTokens,
            reuse.cachedTokens(),
            reuse.restoredTokens(),
            0,
            (promptDone - start) * 1e-9,
            (System.nanoTime() - promptDone) * 1e-9));
  }

  /**
   * Appends tokens and hands out the logits of every one of them.
   *
   * @param sink hears of each position in order; the array (vocabulary) is reused between calls
   * @throws ContextOverflowException if the tokens do not fit the context; nothing has changed
   */
  public void appendWithLogits(int[] tokens, LogitsSink sink) {
    checkOpen();
    checkRoom(tokens.length);
    float[] logits = new float[lane.vocabulary()];
    if (timeline.computed() < timeline.size()) {
      prefill(logits, Deadline.none(new Cancellation()), TokenListener.NONE);
    }
    timeline.tokens().add(tokens);
    while (timeline.computed() < timeline.size()) {
      int first = timeline.computed();
      int[] next = timeline.next(lane.batchTokens());
      lane.run(
          timeline.pass(next, IntStream.range(0, next.length).toArray()),
          (row, values) -> {
            Decoding.copy(values, logits);
            sink.accept(first + row, logits);
          });
      timeline.computed(next.length);
    }
  }

  /** A session with the same tokens that shares their pages. */
  public Session fork() {
    checkOpen();
    return new Session(engine, lane, timeline.fork());
  }

  /**
   * Continuations of this session that advance together; the session itself stays as it is.
   *
   * @param sequences how many
   * @throws IllegalStateException if a token's keys and values are still to be computed
   */
  public LockstepDecoding lockstep(int sequences) {
    checkOpen();
    if (timeline.computed() < timeline.size()) {
      throw new IllegalStateException(
          "the last token was drawn but not computed; generate nothing after the prompt");
    }
    return new LockstepDecoding(
        lane, timeline.pages(), timeline.computed(), sequences, engine.contextTokens());
  }

  /**
   * Forgets all tokens from {@code length} on.
   *
   * @throws IllegalArgumentException if there are fewer tokens
   */
  public void truncate(int length) {
    checkOpen();
    if (length < 0 || length > timeline.size()) {
      throw new IllegalArgumentException(
          "cannot keep " + length + " of " + timeline.size() + " tokens");
    }
    timeline.truncate(length);
  }

  /** Gives the session's pages back. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      timeline.close();
    }
  }

  private void append(int[] prompt) {
    checkOpen();
    checkRoom(prompt.length);
    if (timeline.size() + prompt.length == 0) {
      throw new IllegalArgumentException("a generation needs at least one token before it");
    }
    for (int id : prompt) {
      if (id < 0 || id >= lane.vocabulary()) {
        throw new IllegalArgumentException(
            "token " + id + " is outside the vocabulary of " + lane.vocabulary());
      }
    }
    timeline.append(prompt);
  }

  /** Computes what is missing, the logits of the last token included; false if stopped early. */
  private boolean prefill(float[] logits, Deadline deadline, TokenListener listener) {
    int start = timeline.computed();
    int end = timeline.size();
    while (timeline.computed() < end) {
      int[] next = timeline.next(lane.batchTokens());
      boolean last = timeline.computed() + next.length == end;
      int[] rows = last ? new int[] {next.length - 1} : NO_ROWS;
      if (!lane.run(
          timeline.pass(next, rows),
          deadline::passed,
          (_, values) -> Decoding.copy(values, logits))) {
        return false;
      }
      timeline.computed(next.length);
      listener.onPrompt(timeline.computed() - start, end - start);
    }
    timeline.persist();
    return true;
  }

  private void checkRoom(long more) {
    long wanted = timeline.size() + more;
    if (wanted > engine.contextTokens()) {
      throw new ContextOverflowException(
          (int) Math.min(wanted, Integer.MAX_VALUE), engine.contextTokens());
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
