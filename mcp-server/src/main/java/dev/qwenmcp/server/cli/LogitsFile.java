package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Rows of little-endian float32; the file appears whole with {@link #commit} or not at all. */
final class LogitsFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final FileChannel channel;
  private final ByteBuffer row;

  /**
   * @param width floats of a row
   */
  LogitsFile(Path target, int width) throws IOException {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.row = ByteBuffer.allocateDirect(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  void write(float[] values) {
    row.clear();
    row.asFloatBuffer().put(values);
    try {
      while (row.hasRemaining()) {
        channel.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void commit() throws IOException {
    channel.close();
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
  }
}
