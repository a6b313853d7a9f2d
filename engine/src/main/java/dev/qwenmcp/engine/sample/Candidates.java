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

  /** The id of the largest logit, ties to the lowest id. */
  static int likeliest(float[] logits) {
    int best = -1;
    float max = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < logits.length; id++) {
      float logit = logits[id];
      if (logit > max) {
        max = logit;
        best = id;
      } else if (logit != logit) {
        throw unusable(id, logit);
      }
    }
    if (best < 0) {
      throw noneLeft(logits.length);
    }
    if (max == Float.POSITIVE_INFINITY) {
      throw unusable(best, max);
    }
    return best;
  }

  /** Takes all tokens whose logit is not negative infinity. */
  void gather(float[] logits) {
    if (keys.length < logits.length) {
      keys = new long[logits.length];
      weights = new double[logits.length];
    }
    int n = 0;
    for (int id = 0; id < logits.length; id++) {
      float logit = logits[id];
      if (logit < Float.POSITIVE_INFINITY) {
        keys[n] = key(logit, id);
        n += logit == Float.NEGATIVE_INFINITY ? 0 : 1;
      } else {
        throw unusable(id, logit);
      }
    }
    if (n == 0) {
      throw noneLeft(logits.length);
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

  /** Keeps the {@code k} likeliest, sorted; O(n log k), usually O(n). Weights are not kept. */
  void keepLikeliest(int k) {
    int n = Math.min(k, size);
    // keys[0, n) is a heap with the least likely (the largest key) at its root.
    for (int i = n / 2 - 1; i >= 0; i--) {
      siftDown(i, n);
    }
    for (int i = n; i < size; i++) {
      if (keys[i] < keys[0]) {
        keys[0] = keys[i];
        siftDown(0, n);
      }
    }
    for (int end = n - 1; end > 0; end--) {
      long root = keys[0];
      keys[0] = keys[end];
      keys[end] = root;
      siftDown(0, end);
    }
    size = n;
    sorted = true;
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
