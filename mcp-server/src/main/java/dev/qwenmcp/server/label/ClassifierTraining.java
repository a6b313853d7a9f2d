package dev.qwenmcp.server.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Trains a classifier on examples, and learns from those that it holds back what is out of scope;
 * deterministic.
 *
 * <p>The examples of each label are dealt into five folds. A classifier that has not seen a fold
 * says how sure it is of the fold's examples; {@link #GIVEN_UP} of those that it labels rightly may
 * be less sure than the threshold. From {@link #FEW} examples on one fold says enough. The
 * classifier that stays is trained on all examples, beside the others.
 *
 * <p>The constants were chosen by cross-validation within the training examples of banking77,
 * CLINC150 and a Chinese set, whole and with 5, 10 and 20 examples a label; {@link #FIT} from 5 to
 * 50 and {@link #WORDS} from 0.4 to 1 differ by less than a hundredth.
 */
final class ClassifierTraining {
  /** How much the examples count against short weights. */
  static final double FIT = 20;

  /** Length of the vector of words beside an embedding of length 1. */
  static final double WORDS = 0.7;

  /** Share of the rightly labelled texts that the threshold may turn away. */
  static final double GIVEN_UP = 0.02;

  private static final int FOLDS = 5;
  private static final int FEW = 3000;
  private static final int ROUNDS = 10;

  private final List<LabelExample> examples;
  private final List<float[]> vectors;
  private final TrainingProgress progress;
  private final BooleanSupplier cancelled;
  private final List<String> labels;
  private final int[] ids;
  private int done; // classifiers that are trained; guarded by this

  /**
   * @param vectors embeddings of the examples, of length 1
   */
  ClassifierTraining(
      List<LabelExample> examples,
      List<float[]> vectors,
      TrainingProgress progress,
      BooleanSupplier cancelled) {
    this.examples = examples;
    this.vectors = vectors;
    this.progress = progress;
    this.cancelled = cancelled;
    TreeMap<String, Integer> index = new TreeMap<>();
    examples.forEach(example -> index.put(example.label(), 0));
    this.labels = List.copyOf(index.keySet());
    for (int i = 0; i < labels.size(); i++) {
      index.put(labels.get(i), i);
    }
    this.ids = examples.stream().mapToInt(example -> index.get(example.label())).toArray();
  }

  /**
   * The classifier.
   *
   * @throws InterruptedException if it was cancelled
   */
  LabelClassifier train() throws InterruptedException {
    LexicalVocabulary vocabulary =
        LexicalVocabulary.of(examples.stream().map(LabelExample::text).toList());
    List<Features> features = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      features.add(new Features(vectors.get(i), vocabulary.vector(examples.get(i).text(), WORDS)));
    }
    int[] fold = folds();
    int folds = ids.length < FEW ? FOLDS : 1;
    Held[] held = new Held[folds];
    LinearWeights[] kept = new LinearWeights[1];
    progress.told("training", 0, folds + 1);
    try {
      IntStream.rangeClosed(0, folds)
          .parallel()
          .forEach(f -> {
            if (f == folds) {
              kept[0] = fit(features, indices(fold, -1, false), vocabulary.size());
            } else {
              held[f] = held(features, fold, f, vocabulary.size());
            }
            told(folds + 1);
          });
    } catch (Stopped e) {
      throw e.cause;
    }
    int all = Arrays.stream(held).mapToInt(Held::count).sum();
    int right = Arrays.stream(held).mapToInt(h -> h.sureness.length).sum();
    double[] sureness =
        Arrays.stream(held).flatMapToDouble(h -> Arrays.stream(h.sureness)).toArray();
    return new LabelClassifier(
        labels,
        vocabulary,
        kept[0],
        new Scope(threshold(sureness), all, all == 0 ? 0 : (double) right / all));
  }

  /**
   * What a classifier says of a fold that it has not seen.
   *
   * @param count examples of the fold
   * @param sureness of those that were labelled rightly
   */
  private record Held(int count, double[] sureness) {}

  private Held held(List<Features> features, int[] fold, int f, int words) {
    int[] kept = indices(fold, f, false);
    int[] out = indices(fold, f, true);
    if (kept.length == 0 || out.length == 0) {
      return new Held(0, new double[0]);
    }
    LinearWeights weights = fit(features, kept, words);
    double[] sureness =
        Arrays.stream(out)
            .parallel()
            .mapToObj(i -> {
              double[] p = weights.probabilities(features.get(i));
              return best(p) == ids[i]
                  ? OptionalDouble.of(Sureness.of(p[ids[i]], nearest(i, kept)))
                  : OptionalDouble.empty();
            })
            .flatMapToDouble(OptionalDouble::stream)
            .toArray();
    return new Held(out.length, sureness);
  }

  private synchronized void told(int all) {
    progress.told("training", ++done, all);
  }

  /** Carries a cancellation out of a stream. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient InterruptedException cause;

    Stopped(InterruptedException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  /** The first of each label to fold 0, the second to fold 1, and so on. */
  private int[] folds() {
    int[] dealt = new int[labels.size()];
    return Arrays.stream(ids).map(id -> dealt[id]++ % FOLDS).toArray();
  }

  private static int[] indices(int[] fold, int of, boolean in) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < fold.length; i++) {
      if (fold[i] == of == in) {
        found.add(i);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private LinearWeights fit(List<Features> features, int[] chosen, int words) {
    List<Features> x = Arrays.stream(chosen).mapToObj(features::get).toList();
    int[] y = Arrays.stream(chosen).map(i -> ids[i]).toArray();
    LinearWeights zero = LinearWeights.zero(labels.size(), vectors.getFirst().length, words);
    try {
      return new SoftmaxDescent(x, y, zero, FIT).run(ROUNDS, cancelled);
    } catch (InterruptedException e) {
      throw new Stopped(e);
    }
  }

  private double nearest(int of, int[] among) {
    float[] vector = vectors.get(of);
    double best = 0;
    for (int i : among) {
      best = Math.max(best, Sureness.cosine(vector, vectors.get(i)));
    }
    return best;
  }

  private static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static double threshold(double[] sureness) {
    if (sureness.length == 0) {
      return 0;
    }
    double[] sorted = sureness.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.floor(GIVEN_UP * (sorted.length - 1))];
  }
}
