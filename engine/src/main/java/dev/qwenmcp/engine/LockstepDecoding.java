package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Caller;
import dev.qwenmcp.engine.batch.Pass;
import dev.qwenmcp.engine.batch.Sequence;
import dev.qwenmcp.engine.batch.Stop;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.TokenOutput;
import dev.qwenmcp.engine.sample.SamplerChain;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several continuations of one session that advance together, one token each a pass: the weights
 * are read once for all of them. One thread at a time.
 */
public final class LockstepDecoding implements AutoCloseable {
  private final Engine engine;
  private final Caller caller;
  private final List<SequencePages> pages = new ArrayList<>();
  private final SamplerChain greedy = new SamplerChain(SamplerSettings.GREEDY);
  private final TokenLogits logits; // of one sequence
  private int position;
  private boolean closed;

  /**
   * @param prefix pages of what all sequences begin with; not kept
   * @param position tokens in it
   */
  LockstepDecoding(
      Engine engine, Caller caller, SequencePages prefix, int position, int sequences) {
    if (sequences < 1 || sequences > engine.batchTokens()) {
      throw new IllegalArgumentException(
          "1 to " + engine.batchTokens() + " sequences advance together, not " + sequences);
    }
    this.engine = engine;
    this.caller = caller;
    this.position = position;
    this.logits = new TokenLogits(engine.vocabulary(), engine.vocabulary());
    for (int s = 0; s < sequences; s++) {
      pages.add(prefix.fork());
    }
  }

  /**
   * One pass: appends a token to each sequence.
   *
   * @param tokens one a sequence
   * @return the likeliest token after each
   * @throws IllegalStateException if logits are NaN or infinite
   * @throws ContextOverflowException if the sequences are as long as the context
   * @throws dev.qwenmcp.engine.batch.BusyException if as many sequences run and wait as may
   * @throws dev.qwenmcp.engine.kv.KvMemoryException if no memory is left for keys and values
   */
  public int[] step(int... tokens) {
    if (closed) {
      throw new IllegalStateException("the sequences are closed");
    }
    if (tokens.length != pages.size()) {
      throw new IllegalArgumentException(
          tokens.length + " tokens for " + pages.size() + " sequences");
    }
    if (position >= engine.contextTokens()) {
      throw new ContextOverflowException(position + 1, engine.contextTokens());
    }
    int[] places = new int[tokens.length];
    Arrays.fill(places, position);
    int[] all = IntStream.range(0, tokens.length).toArray();
    int[] likeliest = new int[tokens.length];
    // Each may need a page more or a copy of its last one; what they have, they keep.
    try (Sequence sequence =
        engine.scheduler().admit(caller, pages.size(), Stop.NEVER).orElseThrow()) {
      for (SequencePages each : pages) {
        each.prepare(position, position + 1);
      }
      sequence.run(
          new Pass(tokens.clone(), all, places, pages, all),
          Stop.NEVER,
          (row, output) -> likeliest[row] = likeliest(output));
    }
    position++;
    return likeliest;
  }

  private int likeliest(TokenOutput output) {
    logits.take(output, greedy.leading());
    return logits.few() ? greedy.sample(logits.leading()) : greedy.sample(logits.all());
  }

  /** Gives the pages back. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pages.forEach(SequencePages::close);
    }
  }
}
