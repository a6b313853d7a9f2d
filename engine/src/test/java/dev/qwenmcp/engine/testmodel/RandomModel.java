package dev.qwenmcp.engine.testmodel;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.synth.SyntheticModel;
import dev.qwenmcp.engine.synth.TensorTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A {@link SyntheticModel} with a tokenizer of any size.
 *
 * @param shape sizes; its vocabulary is at least {@link TinyTokenizer#LEAST_VOCABULARY}
 * @param types element type of each matrix
 * @param seed of all weights
 */
public record RandomModel(ModelShape shape, TensorTypes types, long seed) {

  /** All matrices of one type. */
  public static RandomModel of(ModelShape shape, GgmlType type, long seed) {
    return new RandomModel(shape, TensorTypes.all(type), seed);
  }

  /** The file in native memory, aligned to 64 bytes. */
  public MemorySegment toMemory(Arena arena) {
    return model().toMemory(arena);
  }

  /** The file in native memory, read. */
  public GgufFile open(Arena arena) {
    try {
      return GgufFile.of("random " + shape.architecture(), toMemory(arena));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the file and returns its path. */
  public Path writeTo(Path path) throws IOException {
    return model().writeTo(path);
  }

  private SyntheticModel model() {
    return new SyntheticModel(shape, types, TinyTokenizer.ofSize(shape.vocabulary()), seed);
  }
}
