package dev.qwenmcp.server.label;

import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies texts by stored label sets: embeds new examples, trains when a set has changed, keeps
 * both with the set; safe for many threads.
 *
 * <p>Examples go to the embedding model of their script, Chinese ones to the Chinese model, and
 * each model has a classifier of its own; a text is classified by that of its script.
 */
public final class LabelSets implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabelSets.class);

  /** Examples embedded between two looks at the cancellation. */
  private static final int BATCH = 200;

  private static final int NEIGHBOURS = 5;
  private static final int MOST_PREPARED = 8;

  private final LabelSetStore store;
  private final Embedders embedders;

  /** Sets in use, the latest last; guarded by itself. */
  private final Map<Key, Prepared> prepared = new LinkedHashMap<>(16, 0.75f, true);

  private record Key(long set, String embedder) {}

  /** A classifier with what it was trained on. */
  private record Prepared(
      long revision, LabelClassifier classifier, List<LabelExample> examples, float[][] vectors) {}

  public LabelSets(LabelSetStore store, Embedders embedders) {
    this.store = store;
    this.embedders = embedders;
  }

  /** Where sets are defined, listed and removed. */
  public LabelSetStore store() {
    return store;
  }

  /** The models that compare texts. */
  public Embedders embedders() {
    return embedders;
  }

  /**
   * Classifies a text.
   *
   * @param set with at least two labels that have examples
   * @throws LabelSetException if the set has no such examples, or embedding or storing fails
   * @throws InterruptedException if the call was cancelled
   */
  public LabelVerdict classify(
      LabelSetInfo set, String text, TrainingProgress progress, BooleanSupplier cancelled)
      throws LabelSetException, InterruptedException {
    Embedder own = embedder(text);
    Optional<Prepared> classifier = prepare(set, own, progress, cancelled);
    if (classifier.isPresent()) {
      return verdict(classifier.get(), own, text, "");
    }
    for (Embedder other : embedders.all()) {
      if (!other.model().equals(own.model())) {
        Optional<Prepared> foreign = prepare(set, other, progress, cancelled);
        if (foreign.isPresent()) {
          return verdict(
              foreign.get(),
              other,
              text,
              "the label set has no examples in the script of the text, so those in another were compared: do not rely on this, or add examples");
        }
      }
    }
    throw new LabelSetException(
        LabelSetException.Kind.INVALID,
        "the label set %s has examples for fewer than two labels in one script; add some with label_set"
            .formatted(set.name()));
  }

  /** Embeds and trains now what the next classification would wait for. */
  public void prepare(LabelSetInfo set, TrainingProgress progress, BooleanSupplier cancelled)
      throws LabelSetException, InterruptedException {
    for (Embedder embedder : embedders.all()) {
      prepare(set, embedder, progress, cancelled);
    }
  }

  /** The classifier of a set for one model, if there are examples of two labels for it. */
  private Optional<Prepared> prepare(
      LabelSetInfo set, Embedder embedder, TrainingProgress progress, BooleanSupplier cancelled)
      throws LabelSetException, InterruptedException {
    Key key = new Key(set.id(), embedder.model().name());
    synchronized (prepared) {
      Prepared known = prepared.get(key);
      if (known != null && known.revision == set.revision()) {
        return Optional.of(known);
      }
    }
    List<StoredExample> own =
        store.examples(set.id(), "", 0, Integer.MAX_VALUE).stream()
            .filter(e -> chosen(e.example().text(), embedder))
            .toList();
    if (own.stream().map(e -> e.example().label()).distinct().limit(2).count() < 2) {
      return Optional.empty();
    }
    float[][] vectors = vectors(set, own, embedder, progress, cancelled);
    List<LabelExample> examples = own.stream().map(StoredExample::example).toList();
    Optional<LabelClassifier> stored = stored(set, embedder);
    LabelClassifier classifier;
    if (stored.isPresent()) {
      classifier = stored.get();
    } else {
      long start = System.nanoTime();
      classifier = new ClassifierTraining(examples, List.of(vectors), progress, cancelled).train();
      LOG.info(
          "trained on {} examples of {} labels in {} ms",
          examples.size(),
          classifier.labels().size(),
          (System.nanoTime() - start) / 1_000_000);
      store.saveClassifier(set.id(), embedder.model().name(), set.revision(), classifier.toBytes());
    }
    Prepared result = new Prepared(set.revision(), classifier, examples, vectors);
    synchronized (prepared) {
      prepared.put(key, result);
      if (prepared.size() > MOST_PREPARED) {
        prepared.remove(prepared.keySet().iterator().next());
      }
    }
    return Optional.of(result);
  }

  private Optional<LabelClassifier> stored(LabelSetInfo set, Embedder embedder)
      throws LabelSetException {
    Optional<byte[]> bytes = store.classifier(set.id(), embedder.model().name(), set.revision());
    try {
      return bytes.isEmpty() ? Optional.empty() : Optional.of(LabelClassifier.of(bytes.get()));
    } catch (IOException e) {
      LOG.info("a stored classifier is trained anew: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private float[][] vectors(
      LabelSetInfo set,
      List<StoredExample> examples,
      Embedder embedder,
      TrainingProgress progress,
      BooleanSupplier cancelled)
      throws LabelSetException, InterruptedException {
    String name = embedder.model().name();
    Map<Long, float[]> known = store.vectors(set.id(), name);
    List<StoredExample> missing =
        examples.stream().filter(example -> !known.containsKey(example.id())).toList();
    for (int from = 0; from < missing.size(); from += BATCH) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("the call was cancelled");
      }
      progress.told("embedding", from, missing.size());
      List<StoredExample> batch = missing.subList(from, Math.min(from + BATCH, missing.size()));
      Map<Long, float[]> fresh = embed(batch, embedder);
      store.saveVectors(set.id(), name, fresh);
      known.putAll(fresh);
    }
    return examples.stream().map(example -> known.get(example.id())).toArray(float[][]::new);
  }

  private static Map<Long, float[]> embed(List<StoredExample> batch, Embedder embedder)
      throws LabelSetException {
    float[][] vectors = new float[batch.size()][];
    try {
      IntStream.range(0, vectors.length)
          .parallel()
          .forEach(i -> vectors[i] = vectorUnchecked(embedder, batch.get(i).example().text()));
    } catch (EmbeddingFailure e) {
      throw failure(e.cause);
    }
    Map<Long, float[]> result = new HashMap<>();
    for (int i = 0; i < vectors.length; i++) {
      result.put(batch.get(i).id(), vectors[i]);
    }
    return result;
  }

  /** Carries a checked failure out of a stream. */
  private static final class EmbeddingFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient EmbeddingException cause;

    EmbeddingFailure(EmbeddingException cause) {
      this.cause = cause;
    }
  }

  private static float[] vectorUnchecked(Embedder embedder, String text) {
    try {
      return embedder.embed(text).vector();
    } catch (EmbeddingException e) {
      throw new EmbeddingFailure(e);
    }
  }

  private static LabelSetException failure(EmbeddingException e) {
    return new LabelSetException(LabelSetException.Kind.EMBEDDING, e.getMessage(), e);
  }

  private LabelVerdict verdict(Prepared set, Embedder embedder, String text, String note)
      throws LabelSetException {
    float[] vector;
    try {
      vector = embedder.embed(text).vector();
    } catch (EmbeddingException e) {
      throw failure(e);
    }
    LabelClassifier classifier = set.classifier;
    double[] probabilities = classifier.probabilities(text, vector);
    List<LabelVerdict.Score> scores = new ArrayList<>();
    for (int i = 0; i < probabilities.length; i++) {
      scores.add(new LabelVerdict.Score(classifier.labels().get(i), probabilities[i]));
    }
    scores.sort(Comparator.comparingDouble(LabelVerdict.Score::probability).reversed());
    List<Neighbour> neighbours = nearest(set, vector);
    double sureness =
        Sureness.of(scores.getFirst().probability(), neighbours.getFirst().similarity());
    return new LabelVerdict(
        scores,
        sureness >= classifier.scope().threshold(),
        sureness,
        classifier.scope(),
        neighbours,
        embedder.model().name(),
        note);
  }

  private static List<Neighbour> nearest(Prepared set, float[] vector) {
    int n = set.vectors.length;
    double[] cosines = new double[n];
    for (int i = 0; i < n; i++) {
      cosines[i] = Sureness.cosine(vector, set.vectors[i]);
    }
    return IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> cosines[i]).reversed())
        .limit(NEIGHBOURS)
        .map(
            i -> new Neighbour(set.examples.get(i).text(), set.examples.get(i).label(), cosines[i]))
        .toList();
  }

  private boolean chosen(String text, Embedder embedder) {
    return embedders.of(text).map(Embedder::model).filter(embedder.model()::equals).isPresent();
  }

  private Embedder embedder(String text) throws LabelSetException {
    return embedders
        .of(text)
        .orElseThrow(() ->
            new LabelSetException(
                LabelSetException.Kind.EMBEDDING,
                "there is no embedding model for the script of the text, so examples cannot be compared"));
  }

  @Override
  public void close() {
    store.close();
  }
}
