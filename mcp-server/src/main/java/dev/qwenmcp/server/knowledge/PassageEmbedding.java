package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * Gives the passages of a collection their vectors, and takes away those of passages that are gone.
 *
 * <p>What is to be done is found by comparing the two indexes, so it does not matter who added a
 * document, and whoever comes after one that was killed does the rest. Of several processes one
 * does it: the one that has the index of vectors open for writing.
 */
final class PassageEmbedding {
  /** Passages whose vectors are written together. */
  private static final int BATCH = 32;

  /** Vectors can be found at the latest so long after they were made. */
  private static final long COMMIT_NANOS = 700_000_000L;

  /**
   * Of a text's tokens at least so many are known to a model whose vector of it means something.
   */
  static final double KNOWN = 0.5;

  private final Volume volume;
  private final KeywordIndex words;
  private final int threads;
  private final BooleanSupplier stop;

  /**
   * @param threads how many passages go through the models at a time
   * @param stop looked at after every batch
   */
  PassageEmbedding(Volume volume, KeywordIndex words, int threads, BooleanSupplier stop) {
    this.volume = volume;
    this.words = words;
    this.threads = threads;
    this.stop = stop;
  }

  /** How it ended. */
  enum End {
    /** Every passage that can have vectors has them. */
    COMPLETE,
    /** Another process is at it. */
    BUSY,
    /** Somebody wanted it to end. */
    STOPPED
  }

  /**
   * Works until nothing is left to do.
   *
   * @param set whose vectors
   * @param between called after each commit
   */
  End fill(VectorSet set, Step between) throws IOException {
    try (VectorWriter writer = new VectorWriter(volume.vectors(set.generation()));
        ExecutorService pool = Executors.newFixedThreadPool(threads, daemon())) {
      set.index().refresh();
      while (!stop.getAsBoolean()) {
        if (!slice(set, writer, pool)) {
          return End.COMPLETE;
        }
        writer.commit();
        set.index().refresh();
        between.run();
      }
      return End.STOPPED;
    } catch (LockObtainFailedException e) {
      return End.BUSY;
    }
  }

  /** What is done between two commits. */
  interface Step {
    void run() throws IOException;
  }

  private static java.util.concurrent.ThreadFactory daemon() {
    return Thread.ofPlatform().name("embedding-", 0).daemon().factory();
  }

  /** Writes some vectors; whether there was anything to do. */
  private boolean slice(VectorSet set, VectorWriter writer, ExecutorService pool)
      throws IOException {
    words.refresh();
    try (KeywordIndex.View view = words.view();
        VectorIndex.View near = set.index().view()) {
      Coverage coverage = Coverage.of(view, near);
      long[] stale = coverage.stale();
      for (long id : stale) {
        writer.remove(id);
      }
      long[] missing = coverage.missing(set.failed());
      long begin = System.nanoTime();
      int from = 0;
      while (from < missing.length
          && System.nanoTime() - begin < COMMIT_NANOS
          && !stop.getAsBoolean()) {
        int to = Math.min(from + BATCH, missing.length);
        List<Task> batch = new ArrayList<>();
        for (int i = from; i < to; i++) {
          Optional<KeywordIndex.Stored> passage = view.passage(missing[i]);
          if (passage.isPresent()) {
            batch.add(new Task(passage.get(), isCard(view, passage.get())));
          }
        }
        writer.add(embed(set, batch, pool));
        from = to;
      }
      return stale.length > 0 || missing.length > 0;
    }
  }

  /**
   * A passage to embed.
   *
   * @param card whether its title is compared by itself as well
   */
  private record Task(KeywordIndex.Stored passage, boolean card) {}

  /**
   * Whether a passage is all of a document with a title, as an entry of a FAQ is: there the title
   * says as much as the text, which is longer and would drown it.
   */
  private static boolean isCard(KeywordIndex.View view, KeywordIndex.Stored passage)
      throws IOException {
    return !passage.title().isBlank()
        && view.head(passage.source()).filter(head -> head.passages() == 1).isPresent();
  }

  private List<VectorWriter.Entry> embed(VectorSet set, List<Task> batch, ExecutorService pool) {
    List<Callable<Optional<VectorWriter.Entry>>> tasks = new ArrayList<>();
    batch.forEach(task -> tasks.add(() -> embed(set, task)));
    List<VectorWriter.Entry> entries = new ArrayList<>();
    try {
      for (Future<Optional<VectorWriter.Entry>> future : pool.invokeAll(tasks)) {
        future.get().ifPresent(entries::add);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("embedding failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return entries;
  }

  /** A passage with its vectors; empty if that failed and is to be tried again some day. */
  private static Optional<VectorWriter.Entry> embed(VectorSet set, Task task) {
    KeywordIndex.Stored passage = task.passage();
    String text = passage.withHeadings();
    Optional<Embedder> embedder = set.models().flatMap(models -> models.of(text));
    if (embedder.isEmpty()) {
      return Optional.of(new VectorWriter.Entry(passage, Optional.empty()));
    }
    EmbeddingModel model = embedder.get().model();
    try {
      Embedding embedding = embedder.get().embed(text);
      if (embedding.known() < KNOWN) {
        return Optional.of(new VectorWriter.Entry(passage, Optional.empty()));
      }
      TokenMatrix tokens = TokenMatrix.pack(embedding.tokens(), model.dimension());
      Optional<TokenMatrix> title = Optional.empty();
      if (task.card()) {
        float[] vector = embedder.get().embed(passage.title()).vector();
        title = Optional.of(TokenMatrix.pack(new float[][] {vector}, model.dimension()));
      }
      return Optional.of(
          new VectorWriter.Entry(
              passage, Optional.of(new VectorWriter.Vectors(model, embedding, tokens, title))));
    } catch (EmbeddingException e) {
      set.failed(passage.id(), e.getMessage());
      return Optional.empty();
    }
  }
}
