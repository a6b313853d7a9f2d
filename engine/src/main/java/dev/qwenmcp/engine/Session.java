package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.BusyException;
import dev.qwenmcp.engine.batch.Caller;
import dev.qwenmcp.engine.batch.Pass;
import dev.qwenmcp.engine.batch.Sequence;
import dev.qwenmcp.engine.batch.Stop;
import dev.qwenmcp.engine.draft.Guesser;
import dev.qwenmcp.engine.kv.KvMemoryException;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.ExpertListener;
import java.util.List;
import java.util.Optional;
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
  private final Engine engine;
  private final Caller caller;
  private final ExpertListener experts;
  private final Timeline timeline;
  private boolean closed;

  Session(Engine engine, Caller caller, ExpertListener experts, Timeline timeline) {
    this.engine = engine;
    this.caller = caller;
    this.experts = experts;
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
   * @param cancellation looked at while waiting, before every layer of the prompt and every token
   * @throws ContextOverflowException if the prompt does not fit the context; nothing has changed
   * @throws BusyException if as many sequences run and wait as may; nothing has changed
   * @throws KvMemoryException if prompt and answer may need more memory for keys and values than
   *     there is; nothing has changed
   * @throws IllegalArgumentException if there is neither a prompt nor a token before it
   */
  public GenerationResult generate(
      GenerationRequest request, TokenListener listener, Cancellation cancellation) {
    check(request.prompt());
    Deadline deadline = new Deadline(request.timeBudget(), cancellation);
    long most = (long) timeline.size() + request.prompt().length + request.maxTokens();
    Optional<Sequence> admitted = admit(pages(most), deadline);
    timeline.append(request.prompt());
    Generation generation = new Generation(engine, request, timeline.tokens(), deadline, listener);
    if (admitted.isEmpty()) {
      return generation.finish(deadline.reason());
    }
    try (Sequence sequence = admitted.get();
        Timeline.Awake _ = timeline.awake()) {
      return generation.finish(generate(sequence, request, generation, deadline, listener));
    }
  }

  private FinishReason generate(
      Sequence sequence,
      GenerationRequest request,
      Generation generation,
      Deadline deadline,
      TokenListener listener) {
    FinishReason early = generation.begin();
    if (early != null) {
      return early;
    }
    float[] logits = new float[engine.vocabulary()];
    Prefill prefill = new Prefill(engine, sequence, timeline);
    boolean read = prefill.run(logits, deadline, listener);
    generation.promptDone(prefill.cachedTokens(), prefill.restoredTokens());
    if (!read) {
      return deadline.reason();
    }
    FinishReason reason = generation.step(logits);
    if (reason != null) {
      return reason;
    }
    Guesser guesser = engine.guesser(request.constraint());
    return new Decoding(engine, sequence, timeline, generation, guesser).run();
  }

  /**
   * Log-likelihoods of each continuation after the session's tokens and {@code prompt}; the session
   * afterwards holds its tokens and the prompt.
   *
   * @param continuations each of at least one token
   * @throws ContextOverflowException if prompt and longest continuation do not fit
   * @throws BusyException if as many sequences run and wait as may; nothing has changed
   * @throws KvMemoryException if they may need more memory for keys and values than there is;
   *     nothing has changed
   * @throws CancellationException if cancelled before the end
   */
  public Scores score(int[] prompt, List<int[]> continuations, Cancellation cancellation) {
    int longest = continuations.stream().mapToInt(c -> c.length).max().orElse(0);
    checkRoom((long) prompt.length + longest);
    check(prompt);
    Deadline deadline = Deadline.none(cancellation);
    ContinuationPages room =
        ContinuationPages.of(timeline.size() + prompt.length, continuations, engine.mostPages());
    long pages = Timeline.mostPages((long) timeline.size() + prompt.length) + room.together();
    try (Sequence sequence =
            admit(pages, deadline)
                .orElseThrow(() -> new CancellationException("cancelled while waiting"));
        Timeline.Awake _ = timeline.awake()) {
      timeline.append(prompt);
      float[] logits = new float[engine.vocabulary()];
      Prefill prefill = new Prefill(engine, sequence, timeline);
      if (!prefill.run(logits, deadline, TokenListener.NONE)) {
        throw new CancellationException("cancelled while reading the prompt");
      }
      double promptSeconds = deadline.elapsedSeconds();
      double[] sums =
          new ContinuationScorer(engine, sequence, timeline.pages(), room)
              .score(continuations, logits, cancellation);
      return new Scores(
          sums,
          new Usage(
              timeline.size(),
              prefill.cachedTokens(),
              prefill.restoredTokens(),
              0,
              promptSeconds,
              deadline.elapsedSeconds() - promptSeconds));
    }
  }

  /**
   * Appends a prompt and gives the state after its last token, such as embedding models make
   * vectors of.
   *
   * @throws ContextOverflowException if the prompt does not fit the context; nothing has changed
   * @throws BusyException if as many sequences run and wait as may; nothing has changed
   * @throws CancellationException if cancelled before the end
   */
  public FinalState state(int[] prompt, Cancellation cancellation) {
    check(prompt);
    Deadline deadline = Deadline.none(cancellation);
    long pages = Timeline.mostPages((long) timeline.size() + prompt.length);
    try (Sequence sequence =
            admit(pages, deadline)
                .orElseThrow(() -> new CancellationException("cancelled while waiting"));
        Timeline.Awake _ = timeline.awake()) {
      timeline.append(prompt);
      float[] state = new float[engine.width()];
      Prefill prefill = new Prefill(engine, sequence, timeline);
      if (!prefill.run(Pass.Wanted.STATES, state, deadline, TokenListener.NONE)) {
        throw new CancellationException("cancelled while reading the prompt");
      }
      return new FinalState(
          state,
          new Usage(
              timeline.size(),
              prefill.cachedTokens(),
              prefill.restoredTokens(),
              0,
              deadline.elapsedSeconds(),
              0));
    }
  }

  /**
   * Appends tokens and hands out the logits of every one of them, all of which are computed.
   *
   * @param sink hears of each position in order; the array (vocabulary) is reused between calls
   * @throws ContextOverflowException if the tokens do not fit the context; nothing has changed
   * @throws BusyException if as many sequences run and wait as may; nothing has changed
   * @throws KvMemoryException if the tokens need more memory for keys and values than there is;
   *     nothing has changed
   */
  public void appendWithLogits(int[] tokens, LogitsSink sink) {
    checkOpen();
    checkRoom(tokens.length);
    float[] logits = new float[engine.vocabulary()];
    long most = (long) timeline.size() + tokens.length;
    try (Sequence sequence = admit(pages(most), Stop.NEVER).orElseThrow();
        Timeline.Awake _ = timeline.awake()) {
      if (timeline.computed() < timeline.size()) {
        new Prefill(engine, sequence, timeline)
            .run(logits, Deadline.none(new Cancellation()), TokenListener.NONE);
      }
      timeline.tokens().add(tokens);
      while (timeline.computed() < timeline.size()) {
        int first = timeline.computed();
        int[] next = timeline.next(engine.batchTokens());
        sequence.run(
            timeline.pass(next, IntStream.range(0, next.length).toArray()),
            Stop.NEVER,
            (row, output) -> {
              TokenLogits.copy(output.values(), logits);
              sink.accept(first + row, logits);
            });
        timeline.computed(next.length);
      }
    }
  }

  /** A session with the same tokens that shares their pages. */
  public Session fork() {
    checkOpen();
    return new Session(engine, caller, experts, timeline.fork());
  }

  /**
   * Continuations of this session that advance together; the session itself stays as it is.
   *
   * @param sequences how many
   * @throws IllegalStateException if a token's keys and values are still to be computed, or are no
   *     longer there because others needed the memory
   */
  public LockstepDecoding lockstep(int sequences) {
    checkOpen();
    try (Timeline.Awake _ = timeline.awake()) {
      if (timeline.computed() < timeline.size()) {
        throw new IllegalStateException(
            "the last tokens are not computed; generate nothing after the prompt, and leave room for it");
      }
      return new LockstepDecoding(engine, caller, timeline.pages(), timeline.computed(), sequences);
    }
  }

  /** A place among the sequences that compute; empty if it was stopped while it waited. */
  private Optional<Sequence> admit(long pages, Stop stop) {
    Optional<Sequence> admitted = engine.scheduler().admit(caller, pages, stop);
    admitted.ifPresent(sequence -> sequence.heardBy(experts));
    return admitted;
  }

  /** Pages of so many tokens, or of the longest sequence, and of the guesses behind its last. */
  private long pages(long tokens) {
    return Timeline.mostPages(
        Math.min(tokens + engine.scheduler().mostGuesses(), engine.contextTokens()));
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

  /** Whether a prompt can be appended. */
  private void check(int[] prompt) {
    checkOpen();
    checkRoom(prompt.length);
    if (timeline.size() + prompt.length == 0) {
      throw new IllegalArgumentException("a generation needs at least one token before it");
    }
    for (int id : prompt) {
      if (id < 0 || id >= engine.vocabulary()) {
        throw new IllegalArgumentException(
            "token " + id + " is outside the vocabulary of " + engine.vocabulary());
      }
    }
  }

  private void checkRoom(long more) {
    long wanted = timeline.size() + more;
    if (wanted > engine.contextTokens()) {
      throw new ContextOverflowException(
          (int) Math.min(wanted, Integer.MAX_VALUE), engine.contextTokens());
    }
  }

  /** The pages it holds, for audits. */
  SequencePages pages() {
    return timeline.pages();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
