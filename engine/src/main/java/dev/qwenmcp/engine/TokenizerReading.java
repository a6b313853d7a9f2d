package dev.qwenmcp.engine;

import dev.qwenmcp.engine.gguf.GgufMetadata;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Reads a model's tokenizer on a thread of its own: its 150,000 tokens and as many merges take as
 * long as everything else that is done before a model can compute.
 */
final class TokenizerReading {
  private final FutureTask<BpeTokenizer> task;
  private Thread thread; // null before it is started

  TokenizerReading(GgufMetadata metadata) {
    this.task = new FutureTask<>(() -> BpeTokenizer.of(metadata));
  }

  void start() {
    Thread reader = new Thread(task, "tokenizer");
    reader.setDaemon(true);
    reader.start();
    thread = reader;
  }

  /**
   * Waits for the tokenizer.
   *
   * @throws IOException if the file has none that is known
   */
  BpeTokenizer tokenizer() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // it is as good as done
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case IOException failure -> throw failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            default -> throw new IllegalStateException(e.getCause());
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits until nothing is read any more, so that the file can be closed. */
  void end() {
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
