package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.ModelSize;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The memory that models share. Room for one more is made by unloading those that nobody uses,
 * beginning with the one that was used longest ago.
 *
 * <p>What changes about a slot is guarded by this object's monitor, and told to who waits on it.
 */
final class ModelMemory {
  /**
   * Keys and values of so many full contexts are the most that a model takes unasked: beyond that a
   * small model would hold memory that a large one needs.
   */
  private static final int MOST_CONTEXTS = 64;

  private final long budget;
  private final Duration patience;
  private final Map<ModelSlot, Long> held = new LinkedHashMap<>();

  /** Of models that compute before anybody asks; a call for any model ends them all. */
  private final Set<Cancellation> warmUps = new HashSet<>();

  /**
   * @param budget bytes for weights, working memory, keys and values of all models together
   * @param patience how long a model waits for others to be idle
   */
  ModelMemory(long budget, Duration patience) {
    this.budget = budget;
    this.patience = patience;
  }

  /** What a model may use. */
  record Room(long bytes, long kvBytes) {}

  /**
   * How keys and values are wanted.
   *
   * @param contextTokens context that the user asked for, 0 for none
   * @param kvBytes limit that the user gave, 0 for none
   */
  record Wish(int contextTokens, long kvBytes) {}

  /**
   * Takes room for a model, waiting until others are idle if need be.
   *
   * @throws ModelMemoryException if it does not fit at all, or the others stay busy
   */
  Room reserve(ModelSlot slot, ModelSize size, Wish wish)
      throws ModelMemoryException, InterruptedException {
    long fixed = size.weightBytes() + size.scratchBytes();
    long least = fixed + Math.max(size.leastKvBytes(wish.contextTokens()), wish.kvBytes());
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      ModelSlot victim;
      synchronized (this) {
        if (least > budget) {
          throw tooLarge(size, least);
        }
        long free = budget - total();
        if (least <= free) {
          Room room = room(size, wish, free - fixed);
          held.put(slot, room.bytes());
          return room;
        }
        Optional<ModelSlot> idle = free + idleBytes() < least ? Optional.empty() : longestIdle();
        if (idle.isEmpty()) {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            throw othersBusy(least, free);
          }
          TimeUnit.NANOSECONDS.timedWait(this, left);
          continue;
        }
        victim = idle.get();
        victim.beginUnloading();
      }
      victim.unload();
    }
  }

  private static Room room(ModelSize size, Wish wish, long left) {
    long fixed = size.weightBytes() + size.scratchBytes();
    long kv = wish.kvBytes();
    if (kv == 0) {
      long useful = size.kvBytes((long) MOST_CONTEXTS * size.contextTokens());
      long whole = Math.max(left / 2, size.kvBytes(size.contextTokens()));
      long least = size.leastKvBytes(wish.contextTokens());
      kv = Math.max(least, Math.min(left, Math.min(whole, useful)));
    }
    return new Room(fixed + kv, kv);
  }

  /** Gives a slot's room back. */
  synchronized void release(ModelSlot slot) {
    held.remove(slot);
    notifyAll();
  }

  /** Ends when {@link #cancelWarmUps} is called, until {@link #endWarmUp}. */
  synchronized Cancellation beginWarmUp() {
    Cancellation warmUp = new Cancellation();
    warmUps.add(warmUp);
    return warmUp;
  }

  synchronized void endWarmUp(Cancellation warmUp) {
    warmUps.remove(warmUp);
  }

  /** A call has come, which the processors are for. */
  synchronized void cancelWarmUps() {
    warmUps.forEach(Cancellation::cancel);
  }

  /** What a slot holds. */
  synchronized long heldBy(ModelSlot slot) {
    return held.getOrDefault(slot, 0L);
  }

  long budget() {
    return budget;
  }

  private long total() {
    return held.values().stream().mapToLong(Long::longValue).sum();
  }

  private long idleBytes() {
    return held.entrySet().stream()
        .filter(entry -> entry.getKey().idle())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private Optional<ModelSlot> longestIdle() {
    return held.keySet().stream()
        .filter(ModelSlot::idle)
        .min(Comparator.comparingLong(ModelSlot::lastUsed));
  }

  private ModelMemoryException tooLarge(ModelSize size, long least) {
    return new ModelMemoryException(
        "it needs at least %s (%s of weights, %s of working memory, %s of keys and values), and models may take %s in all; choose a smaller model or context, or raise --model-memory"
            .formatted(
                inWords(least),
                inWords(size.weightBytes()),
                inWords(size.scratchBytes()),
                inWords(least - size.weightBytes() - size.scratchBytes()),
                inWords(budget)),
        least,
        budget);
  }

  private ModelMemoryException othersBusy(long least, long free) {
    List<String> busy =
        held.entrySet().stream()
            .filter(entry -> !entry.getKey().idle())
            .map(entry -> entry.getKey().model().name() + " " + inWords(entry.getValue()))
            .toList();
    return new ModelMemoryException(
        "it needs at least %s beside the models that are working (%s), and of %s in all %s are free; call again when they have answered, use one of them, or raise --model-memory"
            .formatted(inWords(least), String.join(", ", busy), inWords(budget), inWords(free)),
        least,
        budget);
  }

  private static String inWords(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%d MiB", (bytes + (1 << 20) - 1) >> 20)
        : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / (1L << 30));
  }
}
