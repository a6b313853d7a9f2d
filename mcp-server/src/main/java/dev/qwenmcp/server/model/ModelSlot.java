package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.ModelIdentity;
import dev.qwenmcp.engine.kv.CacheStatistics;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One model of a host and its engine, loaded at most once at a time; safe for many threads. */
final class ModelSlot implements AutoCloseable {
  /** How quickly a waiting call notices that it was cancelled. */
  private static final long POLL_MILLIS = 50;

  /** How often a waiting call says that it still waits. */
  private static final long REPORT_MILLIS = 2_000;

  private static final System.Logger LOG = System.getLogger(ModelSlot.class.getName());

  private final CatalogModel model;
  private final EngineOptions options;

  /** The current or last load; null before the first. Guarded by this. */
  private CompletableFuture<Engine> loading;

  /** Of the file that was loaded last. */
  private volatile String fingerprint = "";

  private boolean closed;

  ModelSlot(CatalogModel model, EngineOptions options) {
    this.model = model;
    this.options = options;
  }

  CatalogModel model() {
    return model;
  }

  /** The load under way or done; starts one if there was none or the last one failed. */
  synchronized CompletableFuture<Engine> load() {
    if (closed) {
      return CompletableFuture.failedFuture(new ModelException("the server is stopping"));
    }
    if (loading == null || loading.isCompletedExceptionally()) {
      CompletableFuture<Engine> started = new CompletableFuture<>();
      loading = started;
      Thread.ofPlatform().daemon().name("load " + model.name()).start(() -> open(started));
    }
    return loading;
  }

  private void open(CompletableFuture<Engine> target) {
    try {
      long begin = System.nanoTime();
      Engine engine = Engine.open(identified(model.open()), options);
      LOG.log(
          System.Logger.Level.INFO,
          "model {0} loaded in {1} ms, {2}",
          model.name(),
          (System.nanoTime() - begin) / 1_000_000,
          engine.kernels());
      target.complete(engine);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      String message = "model " + model.name() + " cannot be loaded: " + reason(e);
      LOG.log(System.Logger.Level.WARNING, message);
      LOG.log(System.Logger.Level.DEBUG, "where it failed", e);
      target.completeExceptionally(new ModelException(message, e));
    }
  }

  private GgufFile identified(GgufFile file) throws IOException {
    try {
      fingerprint = ModelIdentity.of(file);
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  Engine await(Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException {
    CompletableFuture<Engine> load = load();
    long begin = System.nanoTime();
    long nextReport = 0;
    while (true) {
      try {
        return load.get(load.isDone() ? 0 : POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        if (cancellation.cancelled()) {
          throw new InterruptedException("cancelled while model " + model.name() + " was loading");
        }
        long waited = (System.nanoTime() - begin) / 1_000_000;
        if (waited >= nextReport) {
          waiting.accept("loading model " + model.name() + " (" + waited / 1000 + " s)");
          nextReport = waited + REPORT_MILLIS;
        }
      } catch (ExecutionException e) {
        throw (ModelException) e.getCause();
      }
    }
  }

  synchronized ModelHost.ModelInfo info(boolean isDefault) {
    String state = "available";
    String detail = "";
    Engine engine = null;
    if (loading != null) {
      switch (loading.state()) {
        case RUNNING -> state = "loading";
        case SUCCESS -> {
          state = "ready";
          engine = loading.resultNow();
        }
        case FAILED, CANCELLED -> {
          state = "failed";
          detail = loading.exceptionNow().getMessage();
        }
      }
    }
    return new ModelHost.ModelInfo(
        model.name(),
        model.description(),
        engine == null ? "" : engine.architecture(),
        state,
        detail,
        engine == null ? 0 : engine.contextTokens(),
        engine == null ? 0 : engine.parameters(),
        isDefault,
        model.languages(),
        engine == null ? "" : fingerprint);
  }

  /** All calls have ended: a page that somebody still holds was lost. */
  private void audit(Engine engine) {
    List<String> problems = engine.auditAtRest();
    if (problems.isEmpty()) {
      CacheStatistics cache = engine.cacheStatistics();
      LOG.log(
          System.Logger.Level.INFO,
          "model {0} closed with {1} pages of keys and values, each accounted for",
          model.name(),
          cache.usedPages());
    } else {
      LOG.log(
          System.Logger.Level.WARNING,
          "model {0} closed with pages of keys and values that nobody gave back: {1}",
          model.name(),
          String.join("; ", problems));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (loading != null) {
      loading.whenComplete((engine, failure) -> {
        if (engine != null) {
          audit(engine);
          engine.close();
        }
      });
    }
  }
}
