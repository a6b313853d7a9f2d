package dev.qwenmcp.engine.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A validated GGUF file (version 2 or 3, single or split), mapped read-only. */
public final class GgufFile implements AutoCloseable {

  /** Maps the file (for a split file: any part; its siblings are found beside it). */
  public static GgufFile open(Path path) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Reads a file that is already in memory; {@code bytes} must outlive the result. */
  public static GgufFile of(String name, MemorySegment bytes) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  /** The path or name given. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  public int version() {
    throw new UnsupportedOperationException();
  }

  public GgufMetadata metadata() {
    throw new UnsupportedOperationException();
  }

  public List<TensorInfo> tensors() {
    throw new UnsupportedOperationException();
  }

  public Optional<TensorInfo> tensor(String name) {
    throw new UnsupportedOperationException();
  }

  /** The tensor's bytes, read-only, exactly {@link TensorInfo#byteSize()} long. */
  public MemorySegment data(TensorInfo tensor) {
    throw new UnsupportedOperationException();
  }

  /** Unmaps the file; segments from {@link #data} are dead afterwards. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
