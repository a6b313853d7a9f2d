package dev.qwenmcp.engine;

import dev.qwenmcp.engine.draft.Guesser;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.QwenModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * One mutable inference timeline: token ids and their keys and values; one thread at a time.
 *
 * <p>The last drawn token usually has no keys and values yet: they are computed with what comes
 * next, so {@link #computed} may lag behind the tokens.
 */
public final class Session implements AutoCloseable {
  private static final int[] NO_ROWS = {};

  private final Engine engine;
  private final ForwardLane lane;
  private final TokenSequence tokens;
  private final SequencePages pages;
  private int computed;
  private boolean closed;

  Session(Engine engine, ForwardLane lane) {
    this(engine, lane, new TokenSequence(), lane.newPages(), 0);
  }

  private Session(
      Engine engine, ForwardLane lane, TokenSequence tokens, SequencePages pages, int computed) {
    this.engine = engine;
    this.lane = lane;
    this.tokens = tokens;
    this.pages = pages;
    this.computed = computed;
  }

  /** Ids so far, generated ones included. */
  public List<Integer> tokens() {
    return tokens.toList();
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
    int cached = Math.min(computed, tokens.size() + request.prompt().length - 1);
    append(request.prompt());
    Deadline deadline = new Deadline(request.timeBudget(), cancellation);
    Generation generation = new Generation(engine, request, tokens, cached, deadline, listener);
    float[] logits = new float[lane.vocabulary()];
    if (!prefill(logits, deadline, listener)) {
      return generation.finish(deadline.reason());
    }
    generation.promptDone();
    FinishReason reason = generation.step(logits);
    if (reason == null) {
      reason = new Decoding(generation, engine.guesser(request.constraint())).run();
    }
    return generation.finish(reason);
  }

  /** Draws token after token, several a pass where guesses come true. */
  private final class Decoding {
    private final Generation generation;
    private final Guesser guesser;
    private final List<float[]> rows = new ArrayList<>(); // logits of each token of a pass
    private int known; // tokens that the guesser has heard of

    Decoding(Generation generation, Guesser guesser) {
      this.generation = generation;
      this.guesser = guesser;
    }

    FinishReason run() {
      while (true) {
        int[] more = tokens.range(known, tokens.size());
        known = tokens.size();
        int[] draft = guesser.next(more, engine.contextTokens() - known - 1);
        double seconds = verify(draft);
        FinishReason reason = null;
        int right = 0;
        while (reason == null) {
          // The logits are those of a pass without guesses, so the drawn tokens are the same too.
          reason = generation.step(rows.get(right));
          if (right == draft.length || tokens.get(tokens.size() - 1) != draft[right]) {
            break;
          }
          right++;
        }
        // Keys and values of the confirmed guesses are there; the rest is overwritten later.
        computed = Math.min(computed + 1 + right, tokens.size());
        guesser.learn(draft.length, right, seconds);
        generation.passDone(draft.length, right);
        if (reason != null) {
          return reason;
        }
      }
    }

    /**
     * One pass over the last token, which is drawn but not computed, and the guesses after it.
     *
     * @return seconds it took once it was its turn
     */
    private double verify(int[] draft) {
      int[] ids = new int[1 + draft.length];
      ids[0] = tokens.get(computed);
      System.arraycopy(draft, 0, ids, 1, draft.length);
      while (rows.size() < ids.length) {
        rows.add(new float[lane.vocabulary()]);
      }
      long[] start = {0};
      lane.run(
          place(ids, IntStream.range(0, ids.length).toArray()),
          () -> {
            start[0] = start[0] == 0 ? System.nanoTime() : start[0]; // before the first layer
            return false;
          },
          (row, values) -> copy(values, rows.get(row)));
      return (System.nanoTime() - start[0]) * 1e-9;
    }
  }

  /**
   * Log-likelihoods of each continuation after the session's tokens and {@code prompt}; the session
   * afterwards holds its tokens and the prompt.
   *
   * @param continuations each of at least one token
   * @return one sum of log-probabilities (natural logarithm) a continuation
   * @throws ContextOverflowException if prompt and longest continuation do not fit
   * @throws java.util.concurrent.CancellationException if cancelled before the end
   */
  public double[] score(int[] prompt, List<int[]> continuations, Cancellation cancellation) {
    int longest = continuations.stream().mapToInt(c -> c.length).max().orElse(0);
    checkRoom((long) prompt.length + longest);
    append(prompt);
    float[] logits = new float[lane.vocabulary()];
    if (!prefill(logits, Deadline.none(cancellation), TokenListener.NONE)) {
      throw new java.util.concurrent.CancellationException("cancelled while reading the prompt");
    }
    return new ContinuationScorer(lane, pages, computed).score(continuations, logits, cancellation);
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
    if (computed < this.tokens.size()) {
      prefill(logits, Deadline.none(new Cancellation()), TokenListener.NONE);
    }
    this.tokens.add(tokens);
    while (computed < this.tokens.size()) {
      int count = Math.min(lane.batchTokens(), this.tokens.size() - computed);
      int first = computed;
      pass(
          count,
          IntStream.range(0, count).toArray(),
          () -> false,
          (row, values) -> {
            copy(values, logits);
            sink.accept(first + row, logits);
          });
    }
  }

  /** A session with the same tokens that shares their pages. */
  public Session fork() {
    checkOpen();
    return new Session(engine, lane, tokens.copy(), pages.fork(), computed);
  }

  /**
   * Continuations of this session that advance together; the session itself stays as it is.
   *
   * @param sequences how many
   * @throws IllegalStateException if a token's keys and values are still to be computed
   */
  public LockstepDecoding lockstep(int sequences) {
    checkOpen();
    if (computed < tokens.size()) {
      throw new IllegalStateException(
          "the last token was drawn but not computed; generate nothing after the prompt");
    }
    return new LockstepDecoding(lane, pages, computed, sequences, engine.contextTokens());
  }

  /**
   * Forgets all tokens from {@code length} on.
   *
   * @throws IllegalArgumentException if there are fewer tokens
   */
  public void truncate(int length) {
    checkOpen();
    if (length < 0 || length > tokens.size()) {
      throw new IllegalArgumentException(
          "cannot keep " + length + " of " + tokens.size() + " tokens");
    }
    tokens.truncate(length);
    computed = Math.min(computed, length);
    pages.truncate(computed);
  }

  /** Gives the session's pages back. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      lane.release(pages);
    }
  }

  private void append(int[] prompt) {
    checkOpen();
    checkRoom(prompt.length);
    if (tokens.size() + prompt.length == 0) {
      throw new IllegalArgumentException("a generation needs at least one token before it");
    }
    for (int id : prompt) {
      if (id < 0 || id >= lane.vocabulary()) {
        throw new IllegalArgumentException(
            "token " + id + " is outside the vocabulary of " + lane.vocabulary());
      }
    }
    tokens.add(prompt);
    // The logits after the last token are wanted, so its pass must run (again).
    computed = Math.min(computed, tokens.size() - 1);
  }

  /** Computes what is missing, the logits of the last token included; false if stopped early. */
  private boolean prefill(float[] logits, Deadline deadline, TokenListener listener) {
    int start = computed;
    while (computed < tokens.size()) {
      int count = Math.min(lane.batchTokens(), tokens.size() - computed);
      boolean last = computed + count == tokens.size();
      int[] rows = last ? new int[] {count - 1} : NO_ROWS;
      if (!pass(count, rows, deadline::passed, (_, values) -> copy(values, logits))) {
        return false;
      }
      listener.onPrompt(computed - start, tokens.size() - start);
    }
    return true;
  }

  /** A pass over the next tokens, which are computed afterwards unless it was stopped. */
  private boolean pass(int count, int[] rows, BooleanSupplier stop, QwenModel.LogitsRow sink) {
    boolean done = lane.run(place(tokens.range(computed, computed + count), rows), stop, sink);
    computed += done ? count : 0;
    return done;
  }

  /** A pass of the ids at the next positions, whose pages it makes writable. */
  private ForwardLane.Pass place(int[] ids, int[] rows) {
    int end = computed + ids.length;
    pages.prepare(computed, end);
    return new ForwardLane.Pass(
        ids, new int[ids.length], IntStream.range(computed, end).toArray(), List.of(pages), rows);
  }

  private static void copy(MemorySegment values, float[] logits) {
    MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
  }

  private void checkRoom(long more) {
    long wanted = tokens.size() + more;
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
