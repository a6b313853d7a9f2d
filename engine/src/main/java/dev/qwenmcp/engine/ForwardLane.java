package dev.qwenmcp.engine;

import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.QwenModel;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where forward passes happen: one at a time, first come first served, so that the sessions of many
 * threads advance in turns of one step.
 */
final class ForwardLane {
  /**
   * What one pass of a prompt should take: a cancellation or another session waits at most for this
   * and the pass before it.
   */
  private static final double STEP_SECONDS = 0.4;

  private static final int FIRST_STEP_TOKENS = 32;

  private final ReentrantLock turn = new ReentrantLock(true);
  private final QwenModel model;
  private final PagePool pool;
  private double tokensPerSecond; // of prompts, 0 until measured
  private boolean closed;

  ForwardLane(QwenModel model, PagePool pool) {
    this.model = model;
    this.pool = pool;
  }

  /**
   * One pass.
   *
   * @param tokens n ids
   * @param sequence of each token, index into {@code pages}
   * @param position of each token
   * @param pages of the sequences, made writable where the tokens go
   * @param rows whose logits are wanted, rising
   */
  record Pass(
      int[] tokens, int[] sequence, int[] position, List<SequencePages> pages, int[] rows) {}

  SequencePages newPages() {
    return new SequencePages(pool);
  }

  KvLayout layout() {
    return pool.layout();
  }

  int vocabulary() {
    return model.config().vocabulary();
  }

  int batchTokens() {
    return model.batchTokens();
  }

  /** Tokens of the next prompt pass, so that it takes about {@link #STEP_SECONDS}. */
  int promptStep() {
    turn.lock();
    try {
      double wanted =
          tokensPerSecond == 0 ? FIRST_STEP_TOKENS : Math.ceil(tokensPerSecond * STEP_SECONDS);
      return (int) Math.clamp(wanted, 1, model.batchTokens());
    } finally {
      turn.unlock();
    }
  }

  /**
   * Waits for its turn and runs the pass.
   *
   * @param sink hears of the wanted logits while the pass holds its turn, so it only copies them
   */
  void run(Pass pass, QwenModel.LogitsRow sink) {
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the engine is closed");
      }
      long start = System.nanoTime();
      model.forward(
          pass.tokens(),
          new KvBatch(pool.layout(), pass.sequence(), pass.position(), List.copyOf(pass.pages())));
      learnSpeed(pass.tokens().length, (System.nanoTime() - start) * 1e-9);
      model.logits(pass.rows(), sink);
    } finally {
      turn.unlock();
    }
  }

  private void learnSpeed(int tokens, double seconds) {
    if (tokens >= FIRST_STEP_TOKENS && seconds > 0) {
      double speed = tokens / seconds;
      tokensPerSecond = tokensPerSecond == 0 ? speed : (tokensPerSecond + speed) / 2;
    }
  }

  /** Waits for the running pass and frees model and pages; later passes fail. */
  void close() {
    turn.lock();
    try {
      if (!closed) {
        closed = true;
        model.close();
        pool.close();
      }
    } finally {
      turn.unlock();
    }
  }

  /** Gives a session's pages back, unless closing freed them already. */
  void release(SequencePages pages) {
    turn.lock();
    try {
      if (!closed) {
        pages.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
