package dev.qwenmcp.server.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.qwenmcp.server.bench.BenchException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

/** One sequence of llama.cpp. */
final class LlamaContext implements LlamaSlot {
  private static final long N_TOKENS = offset("n_tokens");
  private static final long TOKEN = offset("token");
  private static final int SEQUENCE = 0;

  /** Of a saved sequence: more than any model's context. */
  private static final int MOST_TOKENS = 1 << 20;

  private final LlamaLibrary library;
  private final MemorySegment context;
  private final MemorySegment tokens; // of one batch
  private final MemorySegment batch;
  private int[] kept = {};

  LlamaContext(LlamaLibrary library, MemorySegment context) {
    this.library = library;
    this.context = context;
    this.tokens = Arena.global().allocate(JAVA_INT, LlamaLibrary.BATCH_TOKENS);
    // Positions, sequence and logits left null mean: what follows, in sequence 0, the last one's.
    this.batch = Arena.global().allocate(LlamaLibrary.BATCH);
    batch.set(ValueLayout.ADDRESS, TOKEN, tokens);
  }

  private static long offset(String field) {
    return LlamaLibrary.BATCH.byteOffset(PathElement.groupElement(field));
  }

  /** Goes back to these tokens, computed again only where they differ from the last ones. */
  void keep(int[] wanted) throws BenchException {
    int mismatch = Arrays.mismatch(kept, wanted);
    replace(mismatch < 0 ? wanted.length : mismatch, wanted);
  }

  @Override
  public int[] tokens() {
    return kept.clone();
  }

  @Override
  public void replace(int same, int[] wanted) throws BenchException {
    try {
      MemorySegment memory = (MemorySegment) library.memory.invokeExact(context);
      if (!(boolean) library.remove.invokeExact(memory, 0, same, -1)) {
        throw new BenchException("llama.cpp cannot forget what follows token " + same);
      }
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("llama.cpp cannot forget tokens: " + e, e);
    }
    decode(Arrays.copyOfRange(wanted, same, wanted.length));
    kept = wanted.clone();
  }

  /** Computes the tokens after those before, with the logits of the last one. */
  void decode(int[] ids) throws BenchException {
    for (int from = 0; from < ids.length; from += LlamaLibrary.BATCH_TOKENS) {
      int count = Math.min(LlamaLibrary.BATCH_TOKENS, ids.length - from);
      MemorySegment.copy(ids, from, tokens, JAVA_INT, 0, count);
      batch.set(JAVA_INT, N_TOKENS, count);
      try {
        int status = (int) library.decode.invokeExact(context, batch);
        if (status != 0) {
          throw new BenchException("llama_decode returned " + status);
        }
        library.synchronize.invokeExact(context);
      } catch (BenchException e) {
        throw e;
      } catch (Throwable e) {
        throw new BenchException("llama.cpp cannot decode: " + e, e);
      }
    }
  }

  @Override
  public MemorySegment state(Arena arena) throws BenchException {
    try {
      long size = (long) library.stateSize.invokeExact(context, SEQUENCE);
      MemorySegment bytes = arena.allocate(size);
      if ((long) library.stateGet.invokeExact(context, bytes, size, SEQUENCE) != size) {
        throw new BenchException("llama.cpp did not give its state of " + size + " bytes");
      }
      return bytes;
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("llama.cpp cannot give its state: " + e, e);
    }
  }

  @Override
  public void restore(MemorySegment bytes, int[] itsTokens) throws BenchException {
    try {
      if ((long) library.stateSet.invokeExact(context, bytes, bytes.byteSize(), SEQUENCE) == 0) {
        throw new BenchException("llama.cpp does not take its own state");
      }
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("llama.cpp cannot take a state: " + e, e);
    }
    kept = itsTokens.clone();
  }

  @Override
  public void save(Path file) throws BenchException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      MemorySegment ids = arena.allocateFrom(JAVA_INT, kept);
      long bytes =
          (long) library.saveFile.invokeExact(context, name, SEQUENCE, ids, (long) kept.length);
      if (bytes == 0) {
        throw new BenchException("llama.cpp cannot write " + file);
      }
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("llama.cpp cannot write " + file + ": " + e, e);
    }
  }

  @Override
  public void load(Path file) throws BenchException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      MemorySegment ids = arena.allocate(JAVA_INT, MOST_TOKENS);
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      long bytes =
          (long)
              library.loadFile.invokeExact(context, name, SEQUENCE, ids, (long) MOST_TOKENS, count);
      if (bytes == 0) {
        throw new BenchException("llama.cpp cannot read " + file);
      }
      kept = ids.asSlice(0, 4 * count.get(ValueLayout.JAVA_LONG, 0)).toArray(JAVA_INT);
    } catch (BenchException e) {
      throw e;
    } catch (Throwable e) {
      throw new BenchException("llama.cpp cannot read " + file + ": " + e, e);
    }
  }
}
