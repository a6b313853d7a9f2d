package dev.qwenmcp.server.knowledge.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedding;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.EmbeddingModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BERT-like model from a jar on ONNX Runtime, loaded on first use.
 *
 * <p>Texts are run one by one. The weights are int8 with scales for the activations that are found
 * while running, one for a whole batch: in a batch, a text's vector would depend on its neighbours.
 * One by one there is no padding either, and a passage has tokens enough to keep a core busy. Each
 * run stays on its calling thread (no pool, no spinning), so that the chat model keeps its cores.
 */
final class OnnxEmbedder implements Embedder {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxEmbedder.class);

  private final JarModel source;
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  /** Guarded by {@link #use}, as all below. */
  private Loaded loaded;

  private boolean closed;
  private String failure = "";

  private record Loaded(WordPiece tokenizer, OrtEnvironment environment, OrtSession session) {}

  OnnxEmbedder(JarModel source) {
    this.source = source;
  }

  @Override
  public EmbeddingModel model() {
    return source.model();
  }

  @Override
  public Embedding embed(String text) throws EmbeddingException {
    load();
    use.readLock().lock();
    try {
      if (loaded == null) {
        throw new EmbeddingException(model().name() + " is closed", null);
      }
      return run(loaded, text);
    } catch (OrtException e) {
      throw new EmbeddingException(model().name() + " failed: " + e.getMessage(), e);
    } finally {
      use.readLock().unlock();
    }
  }

  /** Token ids of a text as the model gets them, for tests. */
  long[] tokens(String text) throws EmbeddingException {
    load();
    return loaded.tokenizer.tokenize(text, model().maxTokens()).ids();
  }

  private void load() throws EmbeddingException {
    use.readLock().lock();
    try {
      if (loaded != null || closed) {
        return;
      }
    } finally {
      use.readLock().unlock();
    }
    use.writeLock().lock();
    try {
      if (loaded != null || closed) {
        return;
      }
      if (!failure.isEmpty()) {
        throw new EmbeddingException(failure, null);
      }
      long start = System.nanoTime();
      loaded = DeepStack.call(this::read);
      LOG.info("{} loaded in {} ms", model().name(), (System.nanoTime() - start) / 1_000_000);
    } catch (Exception | LinkageError e) {
      // LinkageError: the machine has no build of ONNX Runtime, or its library cannot be unpacked.
      failure = "%s cannot be loaded (%s)".formatted(model().name(), e);
      LOG.warn("{}", failure, e);
      throw new EmbeddingException(failure, e);
    } finally {
      use.writeLock().unlock();
    }
  }

  private Loaded read() throws IOException, OrtException {
    WordPiece tokenizer = TokenizerFile.read(bytes(source.tokenizer()));
    OrtEnvironment environment = OnnxLibraries.load();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new Loaded(
          tokenizer, environment, environment.createSession(bytes(source.weights()), options));
    }
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = OnnxEmbedder.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is not on the class path");
      }
      return in.readAllBytes();
    }
  }

  private Embedding run(Loaded model, String text) throws OrtException {
    WordPiece.Tokens tokens = model.tokenizer.tokenize(text, model().maxTokens());
    long[][] ids = {tokens.ids()};
    int n = tokens.ids().length;
    long[][] mask = {new long[n]};
    Arrays.fill(mask[0], 1);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      inputs.put("input_ids", OnnxTensor.createTensor(model.environment, ids));
      inputs.put("attention_mask", OnnxTensor.createTensor(model.environment, mask));
      if (model.session.getInputNames().contains("token_type_ids")) {
        inputs.put("token_type_ids", OnnxTensor.createTensor(model.environment, new long[1][n]));
      }
      try (OrtSession.Result result = model.session.run(inputs)) {
        FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer(); // (1, n, dimension)
        return pooled(states, tokens);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private Embedding pooled(FloatBuffer states, WordPiece.Tokens read) {
    int n = read.ids().length;
    int dimension = model().dimension();
    float[][] rows = new float[n][dimension];
    for (float[] row : rows) {
      states.get(row);
    }
    float[] vector = new float[dimension];
    switch (source.pooling()) {
      case FIRST -> vector = rows[0].clone();
      case MEAN -> {
        for (float[] row : rows) {
          for (int i = 0; i < dimension; i++) {
            vector[i] += row[i];
          }
        }
      }
    }
    float[][] tokens = Arrays.copyOfRange(rows, 1, n - 1);
    normalise(vector);
    for (float[] token : tokens) {
      normalise(token);
    }
    int[] pieces = Arrays.stream(read.ids(), 1, n - 1).mapToInt(Math::toIntExact).toArray();
    return new Embedding(vector, tokens, pieces, read.known());
  }

  private static void normalise(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= scale;
    }
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      closed = true;
      if (loaded != null) {
        loaded.session.close();
        loaded = null;
      }
    } catch (OrtException e) {
      LOG.warn("closing {} failed", model().name(), e);
    } finally {
      use.writeLock().unlock();
    }
  }
}
