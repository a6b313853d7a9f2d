package dev.qwenmcp.engine.sample;

/**
 * The tokens that may still be drawn, with their logits and, after {@link Temperature}, weights.
 *
 * <p>A token is packed into one long that sorts ascending as "likelier first, ties to the lower
 * id": the logit's bits, mapped so that a larger logit gives a smaller signed int, above the id.
 */
final class Candidates {
  private long[] keys = new long[0];
  private double[] weights = new double[0];
  private int size;
  private boolean sorted;

  /**
   * Logits that are looked at together first: their largest is found many at a time, and most
   * blocks have none that is wanted.
   */
  private static final int BLOCK = 256;

  /** The id of the largest of the first {@code count} logits, ties to the lowest id. */
  static int likeliest(float[] logits, int count) {
    int best = -1;
    float max = Float.NEGATIVE_INFINITY;
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(from + BLOCK, count);
      float most = most(logits, from, to);
      if (most > max) {
        max = most;
        best = from;
      }
    }
    if (best < 0) {
      throw noneLeft(count);
    }
    while (logits[best] != max) {
      best++;
    }
    return best;
  }

  /**
   * The largest of the logits {@code from .. to - 1}.
   *
   * @throws IllegalStateException if one is NaN or positive infinity
   */
  private static float most(float[] logits, int from, int to) {
    // Four at a time: each maximum waits for the one before it.
    float a = Float.NEGATIVE_INFINITY;
    float b = a;
    float c = a;
    float d = a;
    int id = from;
    for (; id + 4 <= to; id += 4) { // NaN if one is
      a = Math.max(a, logits[id]);
      b = Math.max(b, logits[id + 1]);
      c = Math.max(c, logits[id + 2]);
      d = Math.max(d, logits[id + 3]);
    }
    for (; id < to; id++) {
      a = Math.max(a, logits[id]);
    }
    float most = Math.max(Math.max(a, b), Math.max(c, d));
    if (most < Float.POSITIVE_INFINITY) {
      return most;
    }
    id = from;
    while (logits[id] < Float.POSITIVE_INFINITY) {
      id++;
    }
    throw unusable(id, logits[id]);
  }

  /**
   * Takes the {@code k} likeliest of the first {@code count} tokens, ties at the edge going to the
   * lower ids, sorted; or, in the order of ids, all if no more have a logit above negative
   * infinity.
   */
  void gatherLikeliest(float[] logits, int count, int k) {
    if (keys.length < k) {
      keys = new long[k];
      weights = new double[k];
    }
    int n = 0;
    boolean heap = false; // keys[0, k) is one, with the least likely at its root
    float least = Float.NEGATIVE_INFINITY; // the root's logit
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(from + BLOCK, count);
      if (most(logits, from, to) <= least) {
        continue;
      }
      for (int id = from; id < to; id++) {
        float logit = logits[id];
        if (logit <= least) {
          continue; // of equals the one with the lower id is there already
        }
        if (n < k) {
          keys[n++] = key(logit, id);
          continue;
        }
        if (!heap) {
          heapify(k);
          heap = true;
          least = logit(0);
          if (logit <= least) {
            continue;
          }
        }
        keys[0] = key(logit, id);
        siftDown(0, k);
        least = logit(0);
      }
    }
    if (n == 0) {
      throw noneLeft(count);
    }
    if (heap) {
      sortHeap(k);
    }
    size = n;
    sorted = heap || n == 1;
  }

  /** Takes those of the first {@code count} tokens whose logit is not negative infinity. */
  void gather(float[] logits, int count) {
    if (keys.length < count) {
      keys = new long[count];
      weights = new double[count];
    }
    int n = 0;
    for (int id = 0; id < count; id++) {
      float logit = logits[id];
      if (logit < Float.POSITIVE_INFINITY) {
        keys[n] = key(logit, id);
        n += logit == Float.NEGATIVE_INFINITY ? 0 : 1;
      } else {
        throw unusable(id, logit);
      }
    }
    if (n == 0) {
      throw noneLeft(count);
    }
    size = n;
    sorted = n == 1;
  }

  int size() {
    return size;
  }

  /** Whether candidates stand likeliest first. */
  boolean sorted() {
    return sorted;
  }

  int id(int i) {
    return (int) keys[i];
  }

  float logit(int i) {
    int descending = (int) (keys[i] >> 32);
    int ascending = ~descending;
    return Float.intBitsToFloat(ascending ^ ((ascending >> 31) & 0x7fffffff));
  }

  double weight(int i) {
    return weights[i];
  }

  void weight(int i, double value) {
    weights[i] = value;
  }

  /** Keeps the first {@code n}. */
  void truncate(int n) {
    size = n;
  }

  /** Keeps candidate {@code from} at place {@code to <= from}. */
  void move(int from, int to) {
    keys[to] = keys[from];
    weights[to] = weights[from];
  }

  /** Index of the likeliest. */
  int best() {
    if (sorted) {
      return 0;
    }
    int best = 0;
    for (int i = 1; i < size; i++) {
      if (keys[i] < keys[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Makes keys[0, n) a heap with the least likely (the largest key) at its root. */
  private void heapify(int n) {
    for (int i = n / 2 - 1; i >= 0; i--) {
      siftDown(i, n);
    }
  }

  private void sortHeap(int n) {
    for (int end = n - 1; end > 0; end--) {
      long root = keys[0];
      keys[0] = keys[end];
      keys[end] = root;
      siftDown(0, end);
    }
  }

  private void siftDown(int start, int end) {
    long key = keys[start];
    int hole = start;
    for (int child = 2 * hole + 1; child < end; child = 2 * hole + 1) {
      if (child + 1 < end && keys[child + 1] > keys[child]) {
        child++;
      }
      if (keys[child] <= key) {
        break;
      }
      keys[hole] = keys[child];
      hole = child;
    }
    keys[hole] = key;
  }

  /**
   * Keeps the fewest of the likeliest candidates whose weights sum to at least {@code mass}, at
   * least one; weighted quickselect, O(n) on average, the order within the kept ones unspecified.
   */
  void keepMass(double mass) {
    int from = 0; // candidates before it are kept, and too light: their sum is `before` < mass
    int to = size; // candidates from here on are dropped
    double before = 0;
    while (from < to) {
      int pivot = partition(from, to);
      double sum = before;
      for (int i = from; i < pivot; i++) {
        sum += weights[i];
      }
      if (sum >= mass && pivot > from) {
        to = pivot;
      } else {
        before = sum + weights[pivot];
        from = pivot + 1;
        if (before >= mass) {
          to = from;
        }
      }
    }
    size = to;
    sorted = sorted || to == 1;
  }

  /** Moves likelier candidates of [from, to) before a pivot, others after it; gives its index. */
  private int partition(int from, int to) {
    int middle = (from + to) >>> 1;
    int last = to - 1;
    // Median of three as pivot, moved to the end.
    if (keys[middle] < keys[from]) {
      swap(middle, from);
    }
    if (keys[last] < keys[from]) {
      swap(last, from);
    }
    if (keys[middle] < keys[last]) {
      swap(middle, last);
    }
    long pivot = keys[last];
    int end = from;
    for (int i = from; i < last; i++) {
      if (keys[i] < pivot) {
        swap(i, end++);
      }
    }
    swap(end, last);
    return end;
  }

  private void swap(int i, int j) {
    long key = keys[i];
    keys[i] = keys[j];
    keys[j] = key;
    double weight = weights[i];
    weights[i] = weights[j];
    weights[j] = weight;
  }

  /**
   * Draws by weight.
   *
   * @param uniform in [0, 1)
   */
  int draw(double uniform) {
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[i];
    }
    double left = uniform * total;
    int last = 0;
    for (int i = 0; i < size; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          break;
        }
      }
    }
    return id(last);
  }

  private static long key(float logit, int id) {
    int bits = Float.floatToRawIntBits(logit + 0f); // + 0f makes -0 equal to 0
    int ascending = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ~ascending << 32) | id;
  }

  private static IllegalStateException unusable(int id, float logit) {
    return new IllegalStateException(
        "logit of token "
            + id
            + " is "
            + logit
            + "; the model's output is damaged (weights, KV cache or kernels), nothing can be drawn");
  }

  private static IllegalStateException noneLeft(int vocabulary) {
    return new IllegalStateException(
        "all "
            + vocabulary
            + " logits are negative infinity; a constraint or bias has excluded every token");
  }
}
