package dev.qwenmcp.server.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The server's way with one slot, on a slot that computes nothing. */
class LlamaPromptCacheTest {
  private final RecordingSlot slot = new RecordingSlot();
  private final LlamaPromptCache cache = new LlamaPromptCache(slot);

  private static final class RecordingSlot implements LlamaSlot {
    final List<String> did = new ArrayList<>();
    final Map<Path, int[]> files = new HashMap<>();
    int[] tokens = {};

    @Override
    public int[] tokens() {
      return tokens.clone();
    }

    @Override
    public void replace(int same, int[] wanted) {
      assertThat(Arrays.copyOf(tokens, same)).isEqualTo(Arrays.copyOf(wanted, same));
      did.add("computed " + (wanted.length - same));
      tokens = wanted.clone();
    }

    @Override
    public MemorySegment state(Arena arena) {
      did.add("copied out");
      return arena.allocate(8);
    }

    @Override
    public void restore(MemorySegment bytes, int[] itsTokens) {
      did.add("copied in");
      tokens = itsTokens.clone();
    }

    @Override
    public void save(Path file) {
      files.put(file, tokens);
    }

    @Override
    public void load(Path file) {
      did.add("loaded");
      tokens = files.get(file);
    }
  }

  /** A prompt of a document of 100 tokens and a task of 10. */
  private static int[] prompt(int document, int task) {
    return IntStream.range(0, 110)
        .map(i -> i < 100 ? 1000 * document + i : 1_000_000 + 1000 * task + i)
        .toArray();
  }

  @Test
  void goesOnFromWhatTheSlotHas() throws Exception {
    assertThat(cache.read(prompt(1, 1)).foundTokens()).isZero();
    assertThat(cache.read(prompt(1, 2)).foundTokens()).isEqualTo(100);

    assertThat(slot.did).containsExactly("computed 110", "computed 10");
  }

  @Test
  void theLastTokenIsAlwaysComputed() throws Exception {
    cache.read(prompt(1, 1));

    assertThat(cache.read(prompt(1, 1)).foundTokens()).isEqualTo(109);
  }

  @Test
  void anotherDocumentIsExchangedForTheOneInTheSlot() throws Exception {
    cache.read(prompt(1, 1));
    cache.read(prompt(2, 1));
    slot.did.clear();

    assertThat(cache.read(prompt(1, 2)).foundTokens()).isEqualTo(100);
    assertThat(cache.read(prompt(2, 2)).foundTokens()).isEqualTo(100);

    assertThat(slot.did)
        .containsExactly(
            "copied out", "copied in", "computed 10", "copied out", "copied in", "computed 10");
  }

  @Test
  void aLoadedDocumentIsGoneOnFrom() throws Exception {
    Path file = Path.of("state");
    cache.read(prompt(1, 1));
    cache.save(file);
    LlamaPromptCache next = new LlamaPromptCache(slot);
    slot.tokens = new int[0];

    next.load(file);

    assertThat(next.read(prompt(1, 2)).foundTokens()).isEqualTo(100);
  }
}
