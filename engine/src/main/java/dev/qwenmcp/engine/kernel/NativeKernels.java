package dev.qwenmcp.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.qwenmcp.engine.kernel.ffm.Arguments;
import dev.qwenmcp.engine.kernel.ffm.Bindings;
import dev.qwenmcp.engine.kernel.ffm.NativeLibraryException;
import dev.qwenmcp.engine.kv.PageMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The kernels in C ({@code native/}), for the best instruction set of this CPU.
 *
 * <p>The environment variable {@code QWEN_MCP_ISA} (scalar, avx2, avxvnni, avx512, neon) is a
 * ceiling for the instruction set. Memory that an operation names must not be freed by another
 * thread while it runs.
 */
public final class NativeKernels implements Kernels {
  /** Most threads of one instance. */
  static final int MAX_THREADS = 256; // QK_MAX_THREADS

  private static final int OK = 0; // QK_OK
  private static final int BAD_ISA = 7; // QK_BAD_ISA

  private final Arena arena = Arena.ofShared();
  private final Arguments arguments = new Arguments(arena);
  private final int threads;
  private MemorySegment context; // null once closed

  private NativeKernels(int threads) {
    this.threads = threads;
    MemorySegment out = arena.allocate(ADDRESS);
    int status = Bindings.open(threads, out);
    if (status != OK) {
      throw new NativeLibraryException(
          status == BAD_ISA
              ? "QWEN_MCP_ISA="
                  + System.getenv("QWEN_MCP_ISA")
                  + " names no instruction set of this CPU's architecture; unset it"
              : "status " + status + " when opening " + threads + " threads; ask for fewer");
    }
    this.context = out.get(ADDRESS, 0);
  }

  /**
   * Loads the library on first use and starts the threads.
   *
   * @param threads compute threads, the caller's among them, 1 to 256
   * @throws NativeLibraryException if the native kernels cannot be used here
   */
  public static NativeKernels open(int threads) {
    try {
      return new NativeKernels(threads);
    } catch (ExceptionInInitializerError e) {
      throw new NativeLibraryException(e.getCause().getMessage(), e.getCause());
    } catch (NoClassDefFoundError e) {
      throw new NativeLibraryException("the native kernels failed to load before", e);
    }
  }

  @Override
  public synchronized String description() {
    return "native "
        + Bindings.isaName(open())
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public PageMemory pageMemory() {
    return Bindings::allocate;
  }

  @Override
  public synchronized void embed(Embed op) {
    if (op.tokens().length > 0) {
      try {
        check("embed", Bindings.embed(open(), arguments.of(op)));
      } finally {
        Reference.reachabilityFence(op);
      }
    }
  }

  @Override
  public synchronized void project(Project op) {
    if (op.n() > 0) {
      try {
        check("project", Bindings.project(open(), arguments.of(op)));
      } finally {
        Reference.reachabilityFence(op);
      }
    }
  }

  @Override
  public synchronized void appendKv(AppendKv op) {
    if (op.batch().tokens() > 0) {
      try {
        check("appendKv", Bindings.appendKv(open(), arguments.of(op)));
      } finally {
        Reference.reachabilityFence(op);
      }
    }
  }

  @Override
  public synchronized void attend(Attend op) {
    if (op.batch().tokens() > 0) {
      try {
        check("attend", Bindings.attend(open(), arguments.of(op)));
      } finally {
        Reference.reachabilityFence(op);
      }
    }
  }

  @Override
  public synchronized void feedForward(FeedForward op) {
    if (op.n() > 0) {
      try {
        check("feedForward", Bindings.feedForward(open(), arguments.of(op)));
      } finally {
        Reference.reachabilityFence(op);
      }
    }
  }

  @Override
  public synchronized void mixture(Mixture op) {
    if (op.n() > 0) {
      try {
        check("mixture", Bindings.mixture(open(), arguments.of(op)));
      } finally {
        Reference.reachabilityFence(op);
      }
    }
  }

  /**
   * Measures what the machine can do at most with these threads and instruction set; takes about
   * half a second.
   *
   * @param bytes to read in a row, a whole number of MiB; far more than the last cache holds
   * @throws KernelException if there is no memory for them
   */
  public synchronized MachineLimits measureLimits(long bytes) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment out = scratch.allocate(JAVA_DOUBLE, 2); // qk_limits
      check("measureLimits", Bindings.measureLimits(open(), bytes, out));
      return new MachineLimits(
          threads, out.getAtIndex(JAVA_DOUBLE, 0), out.getAtIndex(JAVA_DOUBLE, 1));
    }
  }

  private MemorySegment open() {
    if (context == null) {
      throw new IllegalStateException("the kernels are closed");
    }
    return context;
  }

  private void check(String operation, int status) {
    if (status != OK) {
      throw new KernelException(operation, status, Bindings.message(context));
    }
  }

  @Override
  public synchronized void close() {
    if (context != null) {
      Bindings.close(context);
      context = null;
      arena.close();
    }
  }
}
