package dev.qwenmcp.server.knowledge;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A model for tests: a text's vector says which of a few topics its words are on. */
final class TopicEmbedder implements Embedder {
  private static final List<List<String>> TOPICS =
      List.of(
          List.of("shoe", "sandal", "boot", "footwear"),
          List.of("car", "lorry", "vehicle"),
          List.of("dog", "hound", "puppy"));

  /** Its name, another for another model. */
  String name = "topics";

  /** Texts that it made vectors of. */
  final AtomicInteger texts = new AtomicInteger();

  /** Texts wait for this, to look at what is there before. */
  CountDownLatch gate = new CountDownLatch(0);

  /** Why it fails, if it does. */
  String failure = "";

  @Override
  public EmbeddingModel model() {
    return new EmbeddingModel(name, TOPICS.size() + 1, 512, 0.2);
  }

  @Override
  public Embedding embed(String text) throws EmbeddingException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new EmbeddingException("interrupted", e);
    }
    if (!failure.isEmpty()) {
      throw new EmbeddingException(failure, null);
    }
    texts.incrementAndGet();
    String[] words = text.toLowerCase().split("\\W+");
    float[][] tokens = new float[words.length][];
    float[] sum = new float[TOPICS.size() + 1];
    for (int i = 0; i < words.length; i++) {
      tokens[i] = vector(words[i]);
      for (int t = 0; t < TOPICS.size(); t++) {
        sum[t] += tokens[i][t];
      }
    }
    double length = 0;
    for (float x : sum) {
      length += x * x;
    }
    if (length == 0) {
      sum[TOPICS.size()] = 1; // on nothing that it knows
    } else {
      for (int t = 0; t < sum.length; t++) {
        sum[t] /= (float) Math.sqrt(length);
      }
    }
    return new Embedding(sum, tokens, text.contains("ελληνικά") ? 0 : 1);
  }

  private static float[] vector(String word) {
    float[] vector = new float[TOPICS.size() + 1];
    for (int t = 0; t < TOPICS.size(); t++) {
      if (TOPICS.get(t).contains(word)) {
        vector[t] = 1;
        return vector;
      }
    }
    vector[TOPICS.size()] = 1;
    return vector;
  }

  @Override
  public void close() {
    // nothing to free
  }
}
