package dev.qwenmcp.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.qwenmcp.engine.kernel.reference.Dequantiser;
import java.lang.foreign.MemorySegment;

/** Textbook forms of what kernels compute, in double and without regard to speed. */
final class DoubleMaths {
  private DoubleMaths() {}

  static double[] doubles(MemorySegment floats, long from, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = floats.getAtIndex(JAVA_FLOAT, from + i);
    }
    return values;
  }

  static double[] row(Matrix w, int row) {
    float[] values = new float[w.cols()];
    new Dequantiser(w.type(), w.cols()).row(w.data(), row * w.rowBytes(), values, 0);
    double[] doubles = new double[w.cols()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[] product(Matrix w, double[] x) {
    double[] y = new double[w.rows()];
    for (int r = 0; r < y.length; r++) {
      y[r] = dot(row(w, r), x);
    }
    return y;
  }

  static double[] norm(double[] x, Norm norm) {
    if (norm == null) {
      return x;
    }
    double[] weight = doubles(norm.weight(), 0, x.length);
    double scale = 1 / Math.sqrt(dot(x, x) / x.length + norm.epsilon());
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] * scale * weight[i];
    }
    return y;
  }

  static double[] softmax(double[] x) {
    double[] p = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      p[i] = Math.exp(x[i]);
      sum += p[i];
    }
    for (int i = 0; i < x.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  static double[] feedForward(Matrix gate, Matrix up, Matrix down, double[] x) {
    double[] h = product(gate, x);
    double[] u = product(up, x);
    for (int i = 0; i < h.length; i++) {
      h[i] = h[i] / (1 + Math.exp(-h[i])) * u[i];
    }
    return product(down, h);
  }

  /** Largest difference between x and the floats from an index on, relative to x's rms. */
  static double distance(double[] x, MemorySegment floats, long from) {
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - floats.getAtIndex(JAVA_FLOAT, from + i)));
    }
    return largest / Math.sqrt(dot(x, x) / x.length);
  }
}
