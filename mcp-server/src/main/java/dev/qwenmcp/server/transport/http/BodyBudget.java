package dev.qwenmcp.server.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests a server holds at a time, of all clients together: from when they are
 * read until their request is answered.
 *
 * <p>Bytes count when they arrive, not when they are announced, so that clients who announce much
 * and send nothing take no room. Nobody waits for room: two that waited for each other's would wait
 * until both time out.
 */
public final class BodyBudget {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param most bytes
   */
  BodyBudget(long most) {
    this.most = most;
  }

  /** Says that there is no room for what is being read. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** What one request takes. */
  final class Share implements AutoCloseable {
    private long bytes;

    private Share() {}

    /** The same stream, whose bytes are taken from the budget as they are read. */
    InputStream counting(InputStream in) {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
          int read = in.read(to, offset, length);
          if (read > 0) {
            take(read);
          }
          return read;
        }
      };
    }

    private void take(int more) throws FullException {
      bytes += more;
      if (taken.addAndGet(more) > most) {
        throw new FullException();
      }
    }

    /** Gives all of it back. */
    @Override
    public void close() {
      taken.addAndGet(-bytes);
      bytes = 0;
    }
  }

  /** Begins a request. */
  Share open() {
    return new Share();
  }
}
