package dev.qwenmcp.engine.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The functions of {@code qk.h}. */
public final class Bindings {
  /** QK_VERSION of the header that {@link Structs} describes. */
  private static final int VERSION = 2;

  private static final SymbolLookup LIBRARY = NativeLibrary.load();
  private static final Linker LINKER = Linker.nativeLinker();

  private static final FunctionDescriptor OPERATION =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

  // qk_status qk_open(int32_t threads, qk_context **out);
  private static final MethodHandle OPEN =
      bind("qk_open", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  // void qk_close(qk_context *context);
  private static final MethodHandle CLOSE = bind("qk_close", FunctionDescriptor.ofVoid(ADDRESS));
  // const char *qk_isa_name(const qk_context *context);
  private static final MethodHandle ISA_NAME =
      bind("qk_isa_name", FunctionDescriptor.of(ADDRESS, ADDRESS));
  // const char *qk_message(const qk_context *context);
  private static final MethodHandle MESSAGE =
      bind("qk_message", FunctionDescriptor.of(ADDRESS, ADDRESS));
  // int32_t qk_version(void);
  private static final MethodHandle LIBRARY_VERSION =
      bind("qk_version", FunctionDescriptor.of(JAVA_INT));
  // void *qk_allocate(uint64_t bytes);
  private static final MethodHandle ALLOCATE =
      bind("qk_allocate", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
  // void qk_free(void *memory);
  private static final MethodHandle FREE = bind("qk_free", FunctionDescriptor.ofVoid(ADDRESS));
  // qk_status qk_embed(qk_context *context, const qk_embed_args *args);
  private static final MethodHandle EMBED = bind("qk_embed", OPERATION);
  // qk_status qk_project(qk_context *context, const qk_project_args *args);
  private static final MethodHandle PROJECT = bind("qk_project", OPERATION);
  // qk_status qk_append_kv(qk_context *context, const qk_append_args *args);
  private static final MethodHandle APPEND_KV = bind("qk_append_kv", OPERATION);
  // qk_status qk_attend(qk_context *context, const qk_attend_args *args);
  private static final MethodHandle ATTEND = bind("qk_attend", OPERATION);
  // qk_status qk_feed_forward(qk_context *context, const qk_feed_forward_args *args);
  private static final MethodHandle FEED_FORWARD = bind("qk_feed_forward", OPERATION);
  // qk_status qk_mixture(qk_context *context, const qk_mixture_args *args);
  private static final MethodHandle MIXTURE = bind("qk_mixture", OPERATION);

  // qk_status qk_measure_limits(qk_context *context, uint64_t bytes, qk_limits *out);
  private static final MethodHandle MEASURE_LIMITS =
      bind("qk_measure_limits", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));

  private Bindings() {}

  @SuppressWarnings("restricted")
  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    MemorySegment symbol =
        LIBRARY
            .find(name)
            .orElseThrow(() -> new NativeLibraryException("the library lacks " + name + other()));
    return LINKER.downcallHandle(symbol, descriptor);
  }

  private static String other() {
    return ": it belongs to another version of the engine; build again";
  }

  /**
   * Opens a context.
   *
   * @param out one pointer, where the context's address is written
   * @return a status of {@code qk.h}
   * @throws NativeLibraryException if the library is of another version
   */
  public static int open(int threads, MemorySegment out) {
    try {
      int version = (int) LIBRARY_VERSION.invokeExact();
      if (version != VERSION) {
        throw new NativeLibraryException("version " + version + ", not " + VERSION + other());
      }
      return (int) OPEN.invokeExact(threads, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static void close(MemorySegment context) {
    try {
      CLOSE.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static String isaName(MemorySegment context) {
    try {
      return text((MemorySegment) ISA_NAME.invokeExact(context));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What was wrong in the context's last failed call. */
  public static String message(MemorySegment context) {
    try {
      return text((MemorySegment) MESSAGE.invokeExact(context));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Memory of arbitrary content, in pages of 2 MiB where the system has them.
   *
   * @param arena frees it
   * @throws OutOfMemoryError if there is none
   */
  @SuppressWarnings("restricted")
  public static MemorySegment allocate(long bytes, Arena arena) {
    MemorySegment memory;
    try {
      memory = (MemorySegment) ALLOCATE.invokeExact(bytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    if (memory.address() == 0) {
      throw new OutOfMemoryError("no memory for " + bytes + " bytes");
    }
    try {
      return memory.reinterpret(bytes, arena, Bindings::free);
    } catch (RuntimeException e) { // the arena is closed
      free(memory);
      throw e;
    }
  }

  private static void free(MemorySegment memory) {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int embed(MemorySegment context, MemorySegment args) {
    try {
      return (int) EMBED.invokeExact(context, args);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int project(MemorySegment context, MemorySegment args) {
    try {
      return (int) PROJECT.invokeExact(context, args);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int appendKv(MemorySegment context, MemorySegment args) {
    try {
      return (int) APPEND_KV.invokeExact(context, args);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int attend(MemorySegment context, MemorySegment args) {
    try {
      return (int) ATTEND.invokeExact(context, args);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int feedForward(MemorySegment context, MemorySegment args) {
    try {
      return (int) FEED_FORWARD.invokeExact(context, args);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int mixture(MemorySegment context, MemorySegment args) {
    try {
      return (int) MIXTURE.invokeExact(context, args);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Measures what the machine can do at most.
   *
   * @param bytes to read in a row, a whole number of MiB
   * @param out qk_limits: two doubles, bytes and multiply-adds a second
   */
  public static int measureLimits(MemorySegment context, long bytes, MemorySegment out) {
    try {
      return (int) MEASURE_LIMITS.invokeExact(context, bytes, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The library's texts are short and zero-terminated. */
  @SuppressWarnings("restricted")
  private static String text(MemorySegment address) {
    return address.reinterpret(256).getString(0);
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException exception) {
      return exception;
    }
    if (e instanceof Error error) {
      throw error;
    }
    throw new AssertionError("native calls throw no checked exceptions", e);
  }
}
