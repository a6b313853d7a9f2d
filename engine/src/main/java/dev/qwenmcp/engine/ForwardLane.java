package dev.qwenmcp.engine;

import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.ForwardPass;
import dev.qwenmcp.engine.model.QwenModel;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Where forward passes happen, one layer at a time, so that the sessions of many threads advance in
 * turns.
 *
 * <p>A long pass, which reads a piece of a prompt, gives way after each of its layers to the short
 * ones that wait: one or a few tokens of other sessions wait for a layer of a prompt, never for all
 * of them, however long its pieces are. Long passes follow each other first come first served.
 */
final class ForwardLane {
  private final ReentrantLock longPasses = new ReentrantLock(true);
  private final ReentrantLock turn = new ReentrantLock(true);
  private final QwenModel model;
  private final PagePool pool;
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

  /**
   * Waits for its turn and runs the pass.
   *
   * @param sink hears of the wanted logits while the pass holds its turn, so it only copies them
   * @throws IllegalStateException if the engine is closed, also while the pass gives way
   */
  void run(Pass pass, QwenModel.LogitsRow sink) {
    run(pass, () -> false, sink);
  }

  /**
   * Waits for its turn and runs the pass unless it is stopped.
   *
   * @param stop asked before each layer; a stopped pass is as if it had not been
   * @param sink hears of the wanted logits while the pass holds its turn, so it only copies them
   * @return false if stopped
   * @throws IllegalStateException if the engine is closed, also while the pass gives way
   */
  boolean run(Pass pass, BooleanSupplier stop, QwenModel.LogitsRow sink) {
    if (pass.tokens().length <= QwenModel.FEW_TOKENS) {
      return takeTurn(pass, stop, sink);
    }
    longPasses.lock();
    try {
      return takeTurn(pass, stop, sink);
    } finally {
      longPasses.unlock();
    }
  }

  private boolean takeTurn(Pass pass, BooleanSupplier stop, QwenModel.LogitsRow sink) {
    turn.lock();
    try {
      checkOpen();
      ForwardPass forward =
          model.start(
              pass.tokens(),
              new KvBatch(
                  pool.layout(), pass.sequence(), pass.position(), List.copyOf(pass.pages())));
      while (!forward.done()) {
        if (stop.getAsBoolean()) {
          return false;
        }
        forward.nextLayer();
        if (longPasses.isHeldByCurrentThread()) {
          giveWay();
        }
      }
      forward.logits(pass.rows(), sink);
      return true;
    } finally {
      turn.unlock();
    }
  }

  /** Lets those run that wait now: the lock is fair, so this thread comes after them. */
  private void giveWay() {
    if (turn.hasQueuedThreads()) {
      turn.unlock();
      turn.lock();
      checkOpen();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
  }

  /** Waits for the running layer or short pass and frees model and pages; later passes fail. */
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
