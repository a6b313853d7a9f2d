package dev.qwenmcp.server.knowledge.onnx;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs native code that recurses deeply.
 *
 * <p>ONNX Runtime 1.29 walks a graph recursively while it opens a session: all-MiniLM-L6-v2 takes
 * nearly the whole megabyte of a Java thread's stack and, called from a few frames deeper, ends the
 * process without a word, since a native stack that is used up cannot be caught.
 */
final class DeepStack {
  /** Reserved, not used: only touched pages take memory. */
  private static final long BYTES = 64L << 20;

  private DeepStack() {}

  /**
   * Runs a task on a thread of its own and waits for it, also when interrupted; the interruption is
   * kept for later.
   *
   * @throws Exception what the task throws
   */
  static <T> T call(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().name("embedding-load").daemon().stackSize(BYTES).start(future);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw e;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
