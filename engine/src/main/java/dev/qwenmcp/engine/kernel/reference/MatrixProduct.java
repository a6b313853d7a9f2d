package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.Matrix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Products of weight matrices and activations, their rows shared among threads. */
public final class MatrixProduct {
  /** Rows decoded at a time: enough to read the activations seldom, few enough to stay in cache. */
  private static final int PANEL_ROWS = 8;

  private final Precision precision;
  private final Workers workers;
  private final List<Map<Shape, WeightPanel>> panels;

  private record Shape(GgmlType type, int cols) {}

  public MatrixProduct(Precision precision, Workers workers) {
    this.precision = precision;
    this.workers = workers;
    this.panels =
        IntStream.range(0, workers.threads())
            .<Map<Shape, WeightPanel>>mapToObj(w -> new HashMap<>())
            .toList();
  }

  /**
   * y = W x.
   *
   * @param weight W (rows, cols)
   * @param x (n, cols)
   * @param y (n, rows)
   */
  record Term(Matrix weight, Activations x, float[] y) {
    Term(Matrix weight, Activations x) {
      this(weight, x, new float[Math.multiplyExact(x.n(), weight.rows())]);
    }

    int panels() {
      return (weight.rows() + PANEL_ROWS - 1) / PANEL_ROWS;
    }
  }

  /** W x, (n, rows). */
  public float[] of(Matrix weight, Activations x) {
    Term term = new Term(weight, x);
    compute(List.of(term));
    return term.y();
  }

  /** Computes all terms at once. */
  void compute(List<Term> terms) {
    int[] firstPanel = new int[terms.size() + 1];
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      firstPanel[i + 1] = firstPanel[i] + term.panels();
      if (precision == Precision.ROUNDED && term.weight().type().quantised()) {
        term.x().rounded(term.weight().type()); // now, because the workers only read
      }
    }
    workers.each(
        firstPanel[terms.size()],
        (worker, panel) -> {
          int i = 0;
          while (panel >= firstPanel[i + 1]) {
            i++;
          }
          multiply(worker, terms.get(i), (panel - firstPanel[i]) * PANEL_ROWS);
        });
  }

  private void multiply(int worker, Term term, int firstRow) {
    Matrix w = term.weight();
    WeightPanel panel =
        panels
            .get(worker)
            .computeIfAbsent(
                new Shape(w.type(), w.cols()),
                s -> WeightPanel.of(precision, s.type(), s.cols(), PANEL_ROWS));
    int rows = Math.min(PANEL_ROWS, w.rows() - firstRow);
    for (int r = 0; r < rows; r++) {
      panel.load(w.data(), (firstRow + r) * w.rowBytes(), r);
    }
    for (int t = 0; t < term.x().n(); t++) {
      for (int r = 0; r < rows; r++) {
        term.y()[t * w.rows() + firstRow + r] = panel.dot(r, term.x(), t);
      }
    }
  }
}
