package dev.qwenmcp.server.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.qwenmcp.server.bench.BenchException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** One sequence of llama.cpp. */
final class LlamaContext {
  private static final long N_TOKENS = offset("n_tokens");
  private static final long TOKEN = offset("token");

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
    int same = mismatch < 0 ? wanted.length : mismatch;
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
}
