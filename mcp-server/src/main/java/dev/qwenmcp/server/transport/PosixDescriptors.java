package dev.qwenmcp.server.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.Objects;

/**
 * File descriptors by number, which Java does not give access to.
 *
 * <p>Opening {@code /dev/fd/N} instead would truncate a redirected file and fails where the
 * descriptor is a socket, which is what Node.js gives its children.
 */
@SuppressWarnings("restricted") // Downcalls to the C library; arguments are checked here.
final class PosixDescriptors {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int EINTR = 4;
  private static final String OS = System.getProperty("os.name").toLowerCase(Locale.ROOT);
  private static final boolean LINUX = OS.startsWith("linux");
  private static final boolean MAC = OS.startsWith("mac");
  private static final int EAGAIN = LINUX ? 11 : 35;
  private static final short POLLOUT = 4;
  private static final long EVENTS = 4;
  private static final long HAPPENED = 6;

  // POLLERR | POLLHUP | POLLNVAL: nobody will read any more
  private static final int GONE = 8 | 16 | 32;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;

  // struct pollfd { int fd; short events; short revents; }
  private static final StructLayout POLLFD =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_INT, ValueLayout.JAVA_SHORT, ValueLayout.JAVA_SHORT);

  private PosixDescriptors() {}

  /** Whether this system is one whose constants are known here. */
  static boolean available() {
    return LINUX || MAC;
  }

  /** Does ahead what takes the longest of {@link #divertStandardOutput}: the JDK keeps it. */
  static void link() {
    bind("dup", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    bind("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    bind("write", ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, POINTER, ValueLayout.JAVA_LONG);
  }

  /**
   * Points descriptor 1 to standard error.
   *
   * @return a stream to what descriptor 1 was
   */
  static OutputStream divertStandardOutput() throws IOException {
    // int dup(int fd);
    MethodHandle dup = bind("dup", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    // int dup2(int from, int to);
    MethodHandle dup2 =
        bind("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int kept = (int) dup.invokeExact(state, STDOUT);
      if (kept < 0) {
        throw failure("standard output cannot be duplicated; is it closed?", state);
      }
      if ((int) dup2.invokeExact(state, STDERR, STDOUT) < 0) {
        throw failure("standard output cannot be pointed to standard error", state);
      }
      return new DescriptorOutput(kept);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static IOException failure(String what, MemorySegment state) {
    return new IOException(what + " (errno " + errno(state) + ")");
  }

  /** Writes to a descriptor; waits where it is full, whether it blocks or not. */
  private static final class DescriptorOutput extends WatchedOutput {
    private static final int BUFFER = 1 << 16;
    private static final int FOREVER = -1;
    private static final int NOT_AT_ALL = 0;

    // ssize_t write(int fd, const void *buffer, size_t count);
    private final MethodHandle write =
        bind("write", ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, POINTER, ValueLayout.JAVA_LONG);
    // int poll(struct pollfd *fds, nfds_t count, int milliseconds); nfds_t is int on macOS
    private final MethodHandle poll =
        bind(
            "poll",
            ValueLayout.JAVA_INT,
            POINTER,
            LINUX ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT);

    private final int fd;
    private final MemorySegment state = Arena.ofAuto().allocate(STATE);
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER);
    private final MemorySegment pollfd = Arena.ofAuto().allocate(POLLFD);

    DescriptorOutput(int fd) {
      this.fd = fd;
      pollfd.set(ValueLayout.JAVA_INT, 0, fd);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      int done = 0;
      while (done < length) {
        int count = Math.min(BUFFER, length - done);
        MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, count);
        writeBuffer(count);
        done += count;
      }
    }

    private void writeBuffer(int count) throws IOException {
      try {
        long done = 0;
        while (done < count) {
          long written = (long) write.invokeExact(state, fd, buffer.asSlice(done), count - done);
          if (written >= 0) {
            done += written;
          } else if (errno(state) == EAGAIN) {
            await();
          } else if (errno(state) != EINTR) {
            throw failure("the client does not read any more", state);
          }
        }
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    /** Whatever ends the wait, the next write tells what it was. */
    private void await() throws IOException {
      poll(POLLOUT, FOREVER);
    }

    @Override
    synchronized boolean readerGone() throws IOException {
      return (poll((short) 0, NOT_AT_ALL) & GONE) != 0;
    }

    private int poll(short events, int milliseconds) throws IOException {
      pollfd.set(ValueLayout.JAVA_SHORT, EVENTS, events);
      pollfd.set(ValueLayout.JAVA_SHORT, HAPPENED, (short) 0);
      try {
        int ready =
            LINUX
                ? (int) poll.invokeExact(state, pollfd, 1L, milliseconds)
                : (int) poll.invokeExact(state, pollfd, 1, milliseconds);
        if (ready < 0 && errno(state) != EINTR) {
          throw failure("cannot ask after the client", state);
        }
        return pollfd.get(ValueLayout.JAVA_SHORT, HAPPENED);
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
  }
}
