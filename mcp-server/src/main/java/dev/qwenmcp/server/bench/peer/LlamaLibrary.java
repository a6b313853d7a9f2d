package dev.qwenmcp.server.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.qwenmcp.server.bench.BenchException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The functions of llama.cpp {@value PeerFolder#KNOWN_VERSION} that a measurement needs.
 *
 * <p>Libraries, model and contexts live as long as the process: it exists for them alone.
 */
final class LlamaLibrary {
  /**
   * A parameter structure passed or returned by value. Larger than any of them, so it goes through
   * memory, of which the callee touches its part only.
   */
  private static final StructLayout PARAMETERS =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(32, JAVA_LONG));

  /** struct llama_batch. */
  static final StructLayout BATCH =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n_tokens"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("token"),
          ADDRESS.withName("embd"),
          ADDRESS.withName("pos"),
          ADDRESS.withName("n_seq_id"),
          ADDRESS.withName("seq_id"),
          ADDRESS.withName("logits"));

  // Places in struct llama_context_params of this version.
  private static final long N_CTX = 0;
  private static final long N_BATCH = 4;
  private static final long N_UBATCH = 8;
  private static final long N_THREADS = 28;
  private static final long N_THREADS_BATCH = 32;
  private static final long FLASH_ATTENTION = 52;

  // What llama.cpp processes at once unless told otherwise.
  static final int BATCH_TOKENS = 2048;
  private static final int PASS_TOKENS = 512;

  private final SymbolLookup symbols;
  private final Linker linker = Linker.nativeLinker();
  private final Arena arena = Arena.global();
  private final MethodHandle newContext;
  private final MethodHandle contextParameters;
  final MethodHandle decode;
  final MethodHandle synchronize;
  final MethodHandle memory;
  final MethodHandle remove;
  final MethodHandle stateSize;
  final MethodHandle stateGet;
  final MethodHandle stateSet;
  final MethodHandle saveFile;
  final MethodHandle loadFile;
  private MemorySegment model;

  private LlamaLibrary(SymbolLookup symbols) throws BenchException {
    this.symbols = symbols;
    // struct llama_context_params llama_context_default_params(void);
    contextParameters = bind("llama_context_default_params", FunctionDescriptor.of(PARAMETERS));
    // llama_context *llama_init_from_model(llama_model *, struct llama_context_params);
    newContext = bind("llama_init_from_model", FunctionDescriptor.of(ADDRESS, ADDRESS, PARAMETERS));
    // int32_t llama_decode(llama_context *, struct llama_batch);
    decode = bind("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, BATCH));
    // void llama_synchronize(llama_context *);
    synchronize = bind("llama_synchronize", FunctionDescriptor.ofVoid(ADDRESS));
    // llama_memory_t llama_get_memory(const llama_context *);
    memory = bind("llama_get_memory", FunctionDescriptor.of(ADDRESS, ADDRESS));
    // bool llama_memory_seq_rm(llama_memory_t, llama_seq_id, llama_pos p0, llama_pos p1);
    remove =
        bind(
            "llama_memory_seq_rm",
            FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    // size_t llama_state_seq_get_size(llama_context *, llama_seq_id);
    stateSize =
        bind("llama_state_seq_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
    FunctionDescriptor copy =
        FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    // size_t llama_state_seq_get_data(llama_context *, uint8_t *, size_t, llama_seq_id);
    stateGet = bind("llama_state_seq_get_data", copy);
    // size_t llama_state_seq_set_data(llama_context *, const uint8_t *, size_t, llama_seq_id);
    stateSet = bind("llama_state_seq_set_data", copy);
    // size_t llama_state_seq_save_file(llama_context *, const char *, llama_seq_id,
    //     const llama_token *, size_t);
    saveFile =
        bind(
            "llama_state_seq_save_file",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG));
    // size_t llama_state_seq_load_file(llama_context *, const char *, llama_seq_id,
    //     llama_token *, size_t, size_t *);
    loadFile =
        bind(
            "llama_state_seq_load_file",
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
  }

  /** Loads the libraries and the backend that suits this CPU best. */
  @SuppressWarnings("restricted")
  static LlamaLibrary load(PeerFolder.Libraries libraries) throws BenchException {
    try {
      Path base = libraries.folder().resolve("libggml-base.so");
      if (Files.exists(base)) {
        SymbolLookup.libraryLookup(base, Arena.global());
      }
      SymbolLookup ggml = SymbolLookup.libraryLookup(libraries.ggml(), Arena.global());
      LlamaLibrary llama =
          new LlamaLibrary(SymbolLookup.libraryLookup(libraries.llama(), Arena.global()).or(ggml));
      // void ggml_backend_load_all_from_path(const char *);
      llama
          .bind("ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(ADDRESS))
          .invokeExact(llama.arena.allocateFrom(libraries.folder().toString()));
      return llama;
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("cannot load the libraries of " + libraries.folder() + ": " + e, e);
    }
  }

  @SuppressWarnings("restricted")
  private MethodHandle bind(String name, FunctionDescriptor descriptor) throws BenchException {
    MemorySegment symbol =
        symbols
            .find(name)
            .orElseThrow(() ->
                new BenchException("llama.cpp " + PeerFolder.KNOWN_VERSION + " lacks " + name));
    return linker.downcallHandle(symbol, descriptor);
  }

  /** Maps the model with llama.cpp's default parameters. */
  void loadModel(Path file) throws BenchException {
    // struct llama_model_params llama_model_default_params(void);
    MethodHandle parameters = bind("llama_model_default_params", FunctionDescriptor.of(PARAMETERS));
    // llama_model *llama_model_load_from_file(const char *, struct llama_model_params);
    MethodHandle load =
        bind("llama_model_load_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS, PARAMETERS));
    try {
      MemorySegment defaults = (MemorySegment) parameters.invokeExact((SegmentAllocator) arena);
      model = (MemorySegment) load.invokeExact(arena.allocateFrom(file.toString()), defaults);
    } catch (Throwable e) {
      throw new BenchException("cannot load " + file + ": " + e, e);
    }
    if (model.address() == 0) {
      throw new BenchException("cannot load " + file);
    }
  }

  /** A context of one sequence with keys and values in F16, llama.cpp's default. */
  LlamaContext newContext(int tokens, int threads, boolean flashAttention) throws BenchException {
    MemorySegment context;
    try {
      MemorySegment parameters =
          (MemorySegment) contextParameters.invokeExact((SegmentAllocator) arena);
      if (parameters.get(JAVA_INT, N_BATCH) != BATCH_TOKENS
          || parameters.get(JAVA_INT, N_UBATCH) != PASS_TOKENS) {
        throw new BenchException(
            "these libraries are not the llama.cpp "
                + PeerFolder.KNOWN_VERSION
                + " that their names say: batches of "
                + parameters.get(JAVA_INT, N_BATCH)
                + " and "
                + parameters.get(JAVA_INT, N_UBATCH)
                + " tokens by default");
      }
      parameters.set(JAVA_INT, N_CTX, tokens);
      parameters.set(JAVA_INT, N_THREADS, threads);
      parameters.set(JAVA_INT, N_THREADS_BATCH, threads);
      parameters.set(JAVA_INT, FLASH_ATTENTION, flashAttention ? 1 : 0);
      context = (MemorySegment) newContext.invokeExact(model, parameters);
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("cannot open a context of " + tokens + " tokens: " + e, e);
    }
    if (context.address() == 0) {
      throw new BenchException("cannot open a context of " + tokens + " tokens");
    }
    return new LlamaContext(this, context);
  }
}
