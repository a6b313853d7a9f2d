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

  /** A buffer up to this size stays for the next long line. */
  private static final int KEPT = 4 << 20;

  private final InputStream in;
  private final int maxBytes;
  private byte[] buffer = new byte[CHUNK]; // read but not returned yet: from start to end
  private int start;
  private int end;

  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * A line without its end; valid until the next one is read.
   *
   * @param content its bytes, none where it was too long
   * @param length how long it is in the stream
   */
  record Line(Utf8 content, long length) {
    boolean tooLong() {
      return length > content.length();
    }
  }

  /**
   * Reads a line; one longer than the limit is read to its end and dropped.
   *
   * @return null at the end of the stream
   */
  Line next() throws IOException {
    shrink();
    long dropped = 0;
    int searched = start;
    Plainness plainness = new Plainness();
    while (true) {
      int newline = EightBytes.indexOf('\n', buffer, searched, end);
      plainness.add(buffer, searched, newline); // while the rest is on its way
      if (newline < end) {
        Line line = line(newline, dropped, plainness);
        start = newline + 1;
        return line;
      }
      // One byte more than the limit is kept, because it may be the CR of the line's end.
      if (dropped + (end - start) > maxBytes + 1L) {
        dropped += end - start;
        start = 0;
        end = 0;
      }
      makeRoom();
      searched = end;
      int count = in.read(buffer, end, Math.min(CHUNK, buffer.length - end));
      if (count < 0) {
        Line line = dropped + (end - start) > 0 ? line(end, dropped, plainness) : null;
        start = end;
        return line;
      }
      end += count;
    }
  }

  private Line line(int to, long dropped, Plainness plainness) {
    int last = dropped == 0 && to > start && buffer[to - 1] == '\r' ? to - 1 : to;
    long length = dropped + (last - start);
    return new Line(
        length > maxBytes ? Utf8.EMPTY : new Utf8(buffer, start, last, plainness.plain()), length);
  }

  /** Moves what is there to the front, or else doubles the buffer, where it is full. */
  private void makeRoom() {
    if (end < buffer.length) {
      return;
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    } else {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, maxBytes + 2L + CHUNK));
    }
  }

  private void shrink() {
    if (start == end) {
      start = 0;
      end = 0;
    }
    if (buffer.length > KEPT && end - start <= CHUNK) {
      buffer = Arrays.copyOf(Arrays.copyOfRange(buffer, start, end), CHUNK);
      end -= start;
      start = 0;
    }
  }
}
