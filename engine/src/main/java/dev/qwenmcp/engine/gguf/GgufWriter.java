package dev.qwenmcp.engine.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a file of version 3 tensor by tensor, so that no more than one piece of one tensor need be
 * in memory.
 *
 * <pre>{@code
 * try (GgufWriter writer = GgufWriter.create(path, draft)) {
 *   writer.write("token_embd.weight", segment);
 *   writer.write("output.weight", channel -> { ... channel.write(buffer) ... });
 *   writer.finish();
 * }
 * }</pre>
 *
 * <p>The bytes go to a hidden file beside the target, which {@link #finish()} moves into place in
 * one step once everything is on the disk. {@link #close()} without it removes that file: the
 * target is either as it was or complete.
 */
public final class GgufWriter implements AutoCloseable {
  /** Segments go to the channel in pieces, because a ByteBuffer cannot hold more than 2 GiB. */
  private static final long PIECE = 64L << 20;

  private final Output output;
  private final List<TensorInfo> tensors;
  private final int alignment;
  private final String name;
  private int next;
  private boolean broken;
  private boolean finished;

  /** Writes the data of one tensor. */
  @FunctionalInterface
  public interface TensorSource {
    /**
     * @param channel takes exactly {@link TensorInfo#byteSize()} bytes, in any number of pieces
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /** Where the bytes go, and what makes them count. */
  interface Output extends WritableByteChannel {
    void commit() throws IOException;
  }

  private GgufWriter(String name, Output output, GgufDraft draft) {
    this.name = name;
    this.output = output;
    this.tensors = draft.tensors();
    this.alignment = draft.alignment();
  }

  /**
   * Starts a file with the header of the draft.
   *
   * @throws IOException if the folder cannot be written or the disk has no room for the whole file
   */
  public static GgufWriter create(Path target, GgufDraft draft) throws IOException {
    return create(target.toString(), new PendingFile(target, draft.fileSize()), draft);
  }

  /**
   * Writes into memory instead of a file.
   *
   * @param target exactly {@link GgufDraft#fileSize()} bytes
   */
  public static GgufWriter into(MemorySegment target, GgufDraft draft) throws IOException {
    if (target.byteSize() != draft.fileSize()) {
      throw new IllegalArgumentException(
          "the file takes " + draft.fileSize() + " bytes, the memory has " + target.byteSize());
    }
    return create("memory", new MemoryOutput(target), draft);
  }

  static GgufWriter create(String name, Output output, GgufDraft draft) throws IOException {
    GgufWriter writer = new GgufWriter(name, output, draft);
    try {
      writer.put(ByteBuffer.wrap(draft.header()));
    } catch (Throwable e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  /** The tensor whose data is due, null after the last one. */
  public TensorInfo due() {
    return next < tensors.size() ? tensors.get(next) : null;
  }

  /**
   * Writes the data of the tensor that is due.
   *
   * @param tensor its name, which is checked
   * @throws IllegalArgumentException if another tensor is due, or the size is not the declared one
   */
  public void write(String tensor, MemorySegment data) throws IOException {
    TensorInfo info = take(tensor);
    if (data.byteSize() != info.byteSize()) {
      throw wrongSize(info, Long.toString(data.byteSize()));
    }
    broken = true;
    putAll(output, data);
    pad(info);
    broken = false;
  }

  /** Like {@link #write(String, MemorySegment)}, with data that is made piece by piece. */
  public void write(String tensor, TensorSource source) throws IOException {
    TensorInfo info = take(tensor);
    broken = true;
    try (Bounded channel = new Bounded(info)) {
      source.writeTo(channel);
      if (channel.left != 0) {
        throw wrongSize(info, Long.toString(info.byteSize() - channel.left));
      }
    }
    pad(info);
    broken = false;
  }

  /**
   * Puts the file in its place.
   *
   * @throws IllegalStateException if tensors are missing or one of them failed
   */
  public void finish() throws IOException {
    if (broken || due() != null) {
      throw new IllegalStateException(
          broken
              ? "a tensor of " + name + " could not be written"
              : "tensor " + Text.quote(due().name()) + " of " + name + " is missing");
    }
    output.commit();
    finished = true;
  }

  /** Removes what was written unless {@link #finish()} came before. */
  @Override
  public void close() throws IOException {
    broken |= !finished;
    output.close();
  }

  private TensorInfo take(String tensor) {
    TensorInfo info = due();
    if (broken) {
      throw new IllegalStateException("a tensor of " + name + " could not be written");
    }
    if (info == null || !info.name().equals(tensor)) {
      throw new IllegalArgumentException(
          (info == null ? "no tensor" : "tensor " + Text.quote(info.name()))
              + " is due, not "
              + Text.quote(tensor));
    }
    next++;
    return info;
  }

  private void pad(TensorInfo info) throws IOException {
    long padding = GgufPart.align(info.byteSize(), alignment) - info.byteSize();
    put(ByteBuffer.allocate((int) padding));
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      output.write(bytes);
    }
  }

  private static void putAll(WritableByteChannel channel, MemorySegment data) throws IOException {
    for (long at = 0; at < data.byteSize(); at += PIECE) {
      long length = Math.min(PIECE, data.byteSize() - at);
      ByteBuffer piece = data.asSlice(at, length).asByteBuffer();
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
  }

  private static IllegalArgumentException wrongSize(TensorInfo info, String given) {
    return new IllegalArgumentException(
        String.format(
            "tensor %s of type %s and shape %s takes %d bytes, not %s",
            Text.quote(info.name()), info.type(), info.shape(), info.byteSize(), given));
  }

  /** The output for the length of one tensor. */
  private final class Bounded implements WritableByteChannel {
    private final TensorInfo info;
    private long left;
    private boolean open = true;

    Bounded(TensorInfo info) {
      this.info = info;
      this.left = info.byteSize();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
      if (source.remaining() > left) {
        throw wrongSize(info, "more");
      }
      int written = output.write(source);
      left -= written;
      return written;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
