package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.ModelSize;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.ModelIdentity;
import dev.qwenmcp.engine.kv.CacheStatistics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One model of a host and its engine, loaded at most once at a time; safe for many threads.
 *
 * <p>Fields that change are guarded by the monitor of the memory that slots share, because whether
 * one may be unloaded is decided for all of them together.
 */
final class ModelSlot implements AutoCloseable {
  /** How quickly a waiting call notices that it was cancelled. */
  private static final long POLL_MILLIS = 50;

  /** How often a waiting call says that it still waits. */
  private static final long REPORT_MILLIS = 2_000;

  private static final System.Logger LOG = System.getLogger(ModelSlot.class.getName());

  private final CatalogModel model;
  private final EngineOptions options;
  private final ModelMemory memory;

  /** The current or last load; null before the first and once unloaded. */
  private CompletableFuture<Loaded> loading;

  private boolean unloading;

  /** Calls that use the model or wait for it. */
  private int users;

  private long lastUsed;
  private boolean closed;

  /** Read once, by whoever asks first. */
  private ModelFacts facts;

  ModelSlot(CatalogModel model, EngineOptions options, ModelMemory memory) {
    this.model = model;
    this.options = options;
    this.memory = memory;
  }

  CatalogModel model() {
    return model;
  }

  /** A loaded model. */
  private record Loaded(Engine engine, String fingerprint, Map<Class<?>, Object> companions) {}

  /** The load under way or done; starts one if there was none or the last one failed. */
  private CompletableFuture<Loaded> load() {
    synchronized (memory) {
      if (closed) {
        return CompletableFuture.failedFuture(new ModelException("the server is stopping"));
      }
      if (loading == null || loading.isCompletedExceptionally()) {
        CompletableFuture<Loaded> started = new CompletableFuture<>();
        loading = started;
        Thread.ofPlatform().daemon().name("load " + model.name()).start(() -> open(started));
      }
      return loading;
    }
  }

  /** Begins to load without waiting. */
  void warmUp() {
    synchronized (memory) {
      if (!unloading && !closed) {
        load();
      }
    }
  }

  private void open(CompletableFuture<Loaded> target) {
    try {
      long begin = System.nanoTime();
      Loaded loaded = open(model.open());
      LOG.log(
          System.Logger.Level.INFO,
          "model {0} loaded in {1} ms, with {2} tokens to warm it up, {3}",
          model.name(),
          (System.nanoTime() - begin) / 1_000_000,
          loaded.engine().warmUpTokens(),
          loaded.engine().kernels());
      target.complete(loaded);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      memory.release(this);
      String message = "model " + model.name() + " cannot be loaded: " + reason(e);
      LOG.log(System.Logger.Level.WARNING, message);
      LOG.log(System.Logger.Level.DEBUG, "where it failed", e);
      target.completeExceptionally(new ModelException(message, e));
    }
    synchronized (memory) {
      memory.notifyAll(); // it may be idle already
    }
  }

  private Loaded open(GgufFile file) throws IOException, ModelException, InterruptedException {
    String fingerprint;
    long kvBytes;
    try {
      ModelSize size = ModelSize.of(file, options);
      fingerprint = ModelIdentity.of(file);
      ModelFacts read = ModelFacts.of(file).or(model.languages(), model.licence());
      synchronized (memory) {
        facts = read;
      }
      ModelMemory.Wish wish =
          new ModelMemory.Wish(options.contextTokens(), options.cache().memoryBytes());
      kvBytes = memory.reserve(this, size, wish).kvBytes();
    } catch (IOException | ModelException | InterruptedException | RuntimeException e) {
      file.close();
      throw e;
    }
    Engine engine = openWarm(file, options.withCache(options.cache().withMemory(kvBytes)));
    return new Loaded(engine, fingerprint, new ConcurrentHashMap<>());
  }

  /** The model computes a little first, unless a call waits for it or one comes meanwhile. */
  private Engine openWarm(GgufFile file, EngineOptions with) throws IOException {
    Cancellation warmUp;
    synchronized (memory) {
      warmUp = memory.beginWarmUp();
      if (users > 0 || closed) {
        warmUp.cancel();
      }
    }
    try {
      return Engine.openWarm(file, with, warmUp);
    } finally {
      memory.endWarmUp(warmUp);
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  ModelLease lease(Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException {
    synchronized (memory) {
      users++; // one who waits counts, so that the model is not unloaded before its turn
      memory.cancelWarmUps();
    }
    try {
      return new Lease(await(waiting, cancellation));
    } catch (ModelException | InterruptedException | RuntimeException e) {
      release();
      throw e;
    }
  }

  private Loaded await(Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException {
    long begin = System.nanoTime();
    long nextReport = 0;
    CompletableFuture<Loaded> load = null;
    while (true) {
      load = load == null ? loadUnlessUnloading() : load;
      try {
        if (load != null) {
          return load.get(load.isDone() ? 0 : POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
      } catch (TimeoutException _) {
        // Still loading.
      } catch (ExecutionException e) {
        throw e.getCause() instanceof ModelException known
            ? known
            : new ModelException(reason(e.getCause()), e.getCause());
      }
      if (cancellation.cancelled()) {
        throw new InterruptedException("cancelled while model " + model.name() + " was loading");
      }
      long waited = (System.nanoTime() - begin) / 1_000_000;
      if (waited >= nextReport) {
        waiting.accept("loading model " + model.name() + " (" + waited / 1000 + " s)");
        nextReport = waited + REPORT_MILLIS;
      }
    }
  }

  private CompletableFuture<Loaded> loadUnlessUnloading() throws InterruptedException {
    synchronized (memory) {
      if (unloading) {
        memory.wait(POLL_MILLIS);
        return null;
      }
      return load();
    }
  }

  private void release() {
    synchronized (memory) {
      users--;
      lastUsed = System.nanoTime();
      memory.notifyAll();
    }
  }

  /** Whether it is loaded and nobody uses it or waits for it. Called with the monitor held. */
  boolean idle() {
    return users == 0
        && !unloading
        && loading != null
        && loading.state() == CompletableFuture.State.SUCCESS;
  }

  /** When it was last used, as {@link System#nanoTime}. Called with the monitor held. */
  long lastUsed() {
    return lastUsed;
  }

  /** From here on calls wait. Called with the monitor held, on an idle slot. */
  void beginUnloading() {
    unloading = true;
  }

  /** Frees everything of an idle model; then it can be loaded again. */
  void unload() {
    Loaded loaded;
    synchronized (memory) {
      loaded = loading.resultNow();
      loading = null;
    }
    long bytes = memory.heldBy(this);
    try {
      closeAudited(loaded.engine());
      LOG.log(
          System.Logger.Level.INFO, "model {0} unloaded, {1} MiB freed", model.name(), bytes >> 20);
    } finally {
      synchronized (memory) {
        unloading = false;
        memory.release(this);
      }
    }
  }

  /** Whether it can be forgotten: nobody uses it and nothing is loaded. */
  boolean unused() {
    synchronized (memory) {
      return users == 0 && !unloading && loading == null;
    }
  }

  ModelInfo info(boolean isDefault) {
    ModelInfo.State state = ModelInfo.State.AVAILABLE;
    String detail = "";
    Loaded loaded = null;
    ModelFacts known;
    synchronized (memory) {
      if (loading != null) {
        switch (loading.state()) {
          case RUNNING -> state = ModelInfo.State.LOADING;
          case SUCCESS -> {
            state = ModelInfo.State.READY;
            loaded = loading.resultNow();
          }
          case FAILED, CANCELLED -> {
            state = ModelInfo.State.FAILED;
            detail = loading.exceptionNow().getMessage();
          }
        }
      }
      known = facts;
    }
    if (known == null && state == ModelInfo.State.AVAILABLE) {
      try {
        known = model.facts();
        synchronized (memory) {
          facts = known;
        }
      } catch (IOException | RuntimeException e) {
        state = ModelInfo.State.FAILED;
        detail = "model " + model.name() + " cannot be loaded: " + reason(e);
      }
    }
    known = known == null ? ModelFacts.UNKNOWN : known;
    return new ModelInfo(
        model.name(),
        model.kind(),
        model.description(),
        known,
        state,
        detail,
        loaded == null ? known.contextTokens() : loaded.engine().contextTokens(),
        memory.heldBy(this),
        isDefault,
        loaded == null ? "" : loaded.fingerprint());
  }

  /** What the model does, if it is loaded. */
  Optional<ModelActivity> activity() {
    synchronized (memory) { // while it is held, nobody begins to unload
      if (closed || unloading || loading == null) {
        return Optional.empty();
      }
      if (loading.state() != CompletableFuture.State.SUCCESS) {
        return Optional.empty();
      }
      Engine engine = loading.resultNow().engine();
      return Optional.of(
          new ModelActivity(
              model.name(), options.scheduling().slots(), engine.load(), engine.cacheStatistics()));
    }
  }

  /** All calls have ended: a page that somebody still holds was lost. */
  private void closeAudited(Engine engine) {
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
    engine.close();
  }

  @Override
  public void close() {
    CompletableFuture<Loaded> last;
    synchronized (memory) {
      closed = true;
      memory.cancelWarmUps();
      last = unloading ? null : loading;
    }
    if (last != null) {
      last.whenComplete((loaded, _) -> {
        if (loaded != null) {
          closeAudited(loaded.engine());
          memory.release(this);
        }
      });
    }
  }

  private final class Lease implements ModelLease {
    private final Loaded loaded;
    private final AtomicBoolean over = new AtomicBoolean();

    Lease(Loaded loaded) {
      this.loaded = loaded;
    }

    @Override
    public Engine engine() {
      return loaded.engine();
    }

    @Override
    public <T> T companion(Class<T> type, Function<Engine, T> create) {
      return type.cast(
          loaded.companions().computeIfAbsent(type, _ -> create.apply(loaded.engine())));
    }

    @Override
    public void close() {
      if (over.compareAndSet(false, true)) {
        release();
      }
    }
  }
}
