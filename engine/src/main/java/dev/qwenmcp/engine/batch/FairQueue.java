package dev.qwenmcp.engine.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What waits: interactive callers before jobs, callers of one priority in turns, what one caller
 * asks for in its order. Not thread-safe.
 *
 * <p>A caller's turn is remembered for a while after its queue is empty, so that whoever asks again
 * at once, piece by piece, still comes after those who wait.
 */
final class FairQueue<T> {
  /** Callers whose last turn is remembered. */
  private static final int REMEMBERED = 1024;

  private final Map<Priority, Map<String, Deque<T>>> waiting = new EnumMap<>(Priority.class);
  private final Map<String, Long> lastTurn =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };
  private long turns;
  private int size;

  FairQueue() {
    for (Priority priority : Priority.values()) {
      waiting.put(priority, new LinkedHashMap<>());
    }
  }

  int size() {
    return size;
  }

  void add(Caller caller, T item) {
    waiting
        .get(caller.priority())
        .computeIfAbsent(caller.name(), _ -> new ArrayDeque<>())
        .add(item);
    size++;
  }

  void forEach(Consumer<T> action) {
    waiting.values().forEach(callers -> callers.values().forEach(items -> items.forEach(action)));
  }

  /** What comes next, or null. */
  T peek() {
    Deque<T> items = next();
    return items == null ? null : items.peek();
  }

  /** Takes something out; if it was next, its caller has had its turn. */
  void remove(Caller caller, T item) {
    boolean turn = item.equals(peek());
    Map<String, Deque<T>> callers = waiting.get(caller.priority());
    Deque<T> items = callers.get(caller.name());
    if (items != null && items.remove(item)) {
      size--;
      if (items.isEmpty()) {
        callers.remove(caller.name());
      }
      if (turn) {
        lastTurn.remove(caller.name()); // so that it becomes the youngest
        lastTurn.put(caller.name(), ++turns);
      }
    }
  }

  /** Items of the caller whose turn is longest ago; of several without one, the first that came. */
  private Deque<T> next() {
    for (Map<String, Deque<T>> callers : waiting.values()) {
      Deque<T> best = null;
      long oldest = Long.MAX_VALUE;
      for (Map.Entry<String, Deque<T>> entry : callers.entrySet()) {
        long turn = lastTurn.getOrDefault(entry.getKey(), 0L);
        if (turn < oldest) {
          oldest = turn;
          best = entry.getValue();
        }
      }
      if (best != null) {
        return best;
      }
    }
    return null;
  }
}
