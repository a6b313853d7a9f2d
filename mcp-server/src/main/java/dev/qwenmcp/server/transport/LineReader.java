package dev.qwenmcp.server.transport;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits a stream into lines without ever holding more than the longest line allowed.
 *
 * <p>A line ends with LF or CR LF, or with the stream.
 */
final class LineReader {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private final int maxBytes;
  private final byte[] chunk = new byte[CHUNK];
  private int next;
  private int filled;

  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * A line without its end.
   *
   * @param bytes its content, empty where it was too long
   * @param length how long it is in the stream
   */
  record Line(byte[] bytes, long length) {
    boolean tooLong() {
      return length > bytes.length;
    }
  }

  /**
   * Reads a line; one longer than the limit is read to its end and dropped.
   *
   * @return null at the end of the stream
   */
  Line next() throws IOException {
    byte[] line = new byte[0];
    int kept = 0;
    long length = 0;
    boolean started = false;
    while (true) {
      if (next == filled) {
        filled = in.read(chunk, 0, CHUNK);
        next = 0;
        if (filled < 0) {
          filled = 0;
          return started ? finish(line, kept, length) : null;
        }
      }
      started = true;
      int end = indexOfNewline();
      int count = end - next;
      length += count;
      // One byte more than the limit is kept, because it may be the CR of the line's end.
      if (length <= maxBytes + 1L) {
        line = grown(line, kept + count);
        System.arraycopy(chunk, next, line, kept, count);
        kept += count;
      } else {
        line = new byte[0];
        kept = 0;
      }
      next = end;
      if (end < filled) {
        next++;
        return finish(line, kept, length);
      }
    }
  }

  private Line finish(byte[] line, int kept, long length) {
    if (kept > 0 && line[kept - 1] == '\r') {
      kept--;
      length--;
    }
    return new Line(length > maxBytes ? new byte[0] : Arrays.copyOf(line, kept), length);
  }

  private int indexOfNewline() {
    int i = next;
    while (i < filled && chunk[i] != '\n') {
      i++;
    }
    return i;
  }

  private byte[] grown(byte[] line, int needed) {
    if (needed <= line.length) {
      return line;
    }
    long doubled = Math.max(needed, 2L * line.length);
    return Arrays.copyOf(line, (int) Math.min(doubled, maxBytes + 1L));
  }
}
