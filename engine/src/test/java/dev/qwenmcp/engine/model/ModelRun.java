package dev.qwenmcp.engine.model;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.PageTable;
import dev.qwenmcp.engine.kv.SequencePages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Forward passes of a model in whatever portions a test wants, without an engine around it. */
final class ModelRun implements AutoCloseable {
  static final int MOST_TOKENS = 512;

  private final QwenModel model;
  private final PagePool pool;

  /** The kernels and the file stay the caller's. */
  ModelRun(GgufFile file, Kernels kernels, KvType kvType) throws IOException {
    model = QwenModel.load(file, kernels, MOST_TOKENS);
    ModelConfig config = model.config();
    pool =
        new PagePool(
            new KvLayout(kvType, config.layers(), config.kvHeads(), config.headDim()), 1L << 30);
  }

  int vocabulary() {
    return model.config().vocabulary();
  }

  /** Logits after every token, all tokens in one batch. */
  float[][] logits(int... tokens) {
    return logitsInPortions(tokens, tokens.length);
  }

  /** Logits after every token, the tokens in batches of these sizes. */
  float[][] logitsInPortions(int[] tokens, int... sizes) {
    try (Timeline timeline = new Timeline()) {
      List<float[]> all = new ArrayList<>();
      int from = 0;
      for (int size : sizes) {
        all.addAll(timeline.append(Arrays.copyOfRange(tokens, from, from + size)));
        from += size;
      }
      return all.toArray(float[][]::new);
    }
  }

  /** Logits after every token of every sequence, all of them in one batch. */
  float[][][] logitsTogether(List<int[]> sequences) {
    List<SequencePages> pages = new ArrayList<>();
    for (int[] sequence : sequences) {
      pages.add(new SequencePages(pool));
      pages.getLast().prepare(0, sequence.length);
    }
    int[] sequence =
        IntStream.range(0, sequences.size())
            .flatMap(s -> IntStream.range(0, sequences.get(s).length).map(p -> s))
            .toArray();
    int[] position = sequences.stream().flatMapToInt(s -> IntStream.range(0, s.length)).toArray();
    int[] tokens = sequences.stream().flatMapToInt(IntStream::of).toArray();
    List<float[]> rows = pass(tokens, sequence, position, pages);
    pages.forEach(SequencePages::close);
    float[][][] logits = new float[sequences.size()][][];
    int from = 0;
    for (int s = 0; s < logits.length; s++) {
      int to = from + sequences.get(s).length;
      logits[s] = rows.subList(from, to).toArray(float[][]::new);
      from = to;
    }
    return logits;
  }

  /** One sequence that grows. */
  final class Timeline implements AutoCloseable {
    private final SequencePages pages = new SequencePages(pool);
    private int length;

    /** Logits after each of the tokens. */
    List<float[]> append(int... tokens) {
      pages.prepare(length, length + tokens.length);
      int[] position = IntStream.range(length, length + tokens.length).toArray();
      length += tokens.length;
      return pass(tokens, new int[tokens.length], position, List.of(pages));
    }

    @Override
    public void close() {
      pages.close();
    }
  }

  /** States after every token. */
  float[][] states(int... tokens) {
    try (SequencePages pages = new SequencePages(pool)) {
      pages.prepare(0, tokens.length);
      int[] position = IntStream.range(0, tokens.length).toArray();
      ForwardPass pass =
          model.start(
              tokens, new KvBatch(pool.layout(), new int[tokens.length], position, List.of(pages)));
      while (!pass.done()) {
        pass.nextLayer();
      }
      List<float[]> rows = new ArrayList<>();
      pass.states(position, (_, state) -> rows.add(state.values().toArray(JAVA_FLOAT)));
      return rows.toArray(float[][]::new);
    }
  }

  private List<float[]> pass(
      int[] tokens, int[] sequence, int[] position, List<? extends PageTable> pages) {
    ForwardPass pass =
        model.start(tokens, new KvBatch(pool.layout(), sequence, position, List.copyOf(pages)));
    while (!pass.done()) {
      pass.nextLayer();
    }
    List<float[]> rows = new ArrayList<>();
    pass.logits(
        IntStream.range(0, tokens.length).toArray(),
        (_, logits) -> rows.add(logits.values().toArray(JAVA_FLOAT)));
    return rows;
  }

  @Override
  public void close() {
    model.close();
    pool.close();
  }
}
