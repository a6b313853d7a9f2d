package dev.qwenmcp.server.label;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A trained classifier; immutable, for many threads.
 *
 * @param labels in the order of the weights
 * @param vocabulary words it knows
 * @param weights of embeddings and words
 * @param scope what it takes for in scope
 */
record LabelClassifier(
    List<String> labels, LexicalVocabulary vocabulary, LinearWeights weights, Scope scope) {
  /** Goes up when training or the format changes, so that what is stored is trained anew. */
  static final int FORMAT = 1;

  private static final int MOST_WEIGHTS = 1 << 28;

  /** Probabilities of {@link #labels} for a text. */
  double[] probabilities(String text, float[] vector) {
    return weights.probabilities(
        new Features(vector, vocabulary.vector(text, ClassifierTraining.WORDS)));
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeInt(labels.size());
      for (String label : labels) {
        out.writeUTF(label);
      }
      vocabulary.write(out);
      out.writeInt(weights.dense());
      for (float value : weights.values()) {
        out.writeFloat(value);
      }
      out.writeDouble(scope.threshold());
      out.writeInt(scope.held());
      out.writeDouble(scope.accuracy());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException if the bytes are of another format or damaged
   */
  static LabelClassifier of(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readInt();
      if (format != FORMAT) {
        throw new IOException("format " + format + " where " + FORMAT + " was expected");
      }
      int size = in.readInt();
      List<String> labels = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        labels.add(in.readUTF());
      }
      LexicalVocabulary vocabulary = LexicalVocabulary.read(in);
      int dense = in.readInt();
      long count = (long) (dense + vocabulary.size() + 1) * size;
      if (dense < 0 || count > MOST_WEIGHTS || count * Float.BYTES > in.available()) {
        throw new IOException("%d weights in %d bytes".formatted(count, bytes.length));
      }
      float[] values = new float[(int) count];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readFloat();
      }
      Scope scope = new Scope(in.readDouble(), in.readInt(), in.readDouble());
      return new LabelClassifier(
          List.copyOf(labels),
          vocabulary,
          new LinearWeights(size, dense, vocabulary.size(), values),
          scope);
    }
  }
}
