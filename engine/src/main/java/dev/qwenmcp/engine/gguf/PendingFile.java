package dev.qwenmcp.engine.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.Function;

/** A file that comes into being whole, by renaming, or not at all. */
final class PendingFile implements GgufWriter.Output {
  private final Path target;
  private final Path pending;
  private final long size;
  private final FileChannel channel;
  private final WritableByteChannel sink;
  private long written;

  /**
   * @param size bytes that will be written, to see at once whether they fit
   */
  PendingFile(Path target, long size) throws IOException {
    this(target, size, channel -> channel);
  }

  /**
   * @param through what the bytes pass on their way to the file
   */
  PendingFile(Path target, long size, Function<FileChannel, WritableByteChannel> through)
      throws IOException {
    this.target = target.toAbsolutePath();
    this.size = size;
    Path folder = this.target.getParent();
    if (folder == null || Files.isDirectory(this.target)) {
      throw new IOException(target + " is a folder; give the path of the file to write");
    }
    // A file system that cannot tell says 0; then writing will show it.
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room > 0 && room < size) {
      throw new IOException(
          target + " takes " + size + " bytes, its disk has " + room + " left; free some space");
    }
    this.pending = folder.resolve("." + UUID.randomUUID() + ".gguf.part");
    this.channel =
        FileChannel.open(pending, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.sink = through.apply(channel);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    try {
      int count = sink.write(source);
      written += count;
      return count;
    } catch (IOException e) {
      throw new IOException(
          "cannot write " + target + " after " + written + " of " + size + " bytes: " + e, e);
    }
  }

  @Override
  public void commit() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(
        pending, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** After {@link #commit()} there is nothing left to remove. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(pending);
    }
  }
}
