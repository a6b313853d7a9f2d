package dev.qwenmcp.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.KernelSelection;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.ModelConfig;
import dev.qwenmcp.engine.model.QwenModel;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForwardLaneTest {
  private static final int LONG = QwenModel.FEW_TOKENS + 8;

  private final Arena arena = Arena.ofShared();
  private Kernels kernels;
  private ForwardLane lane;

  @BeforeEach
  void open() throws IOException {
    kernels = KernelSelection.open(EngineOptions.KernelChoice.AUTO, 2);
    QwenModel model =
        QwenModel.load(
            RandomModel.of(ModelShape.mixture(), GgmlType.Q8_0, 3).open(arena), kernels, 64);
    ModelConfig config = model.config();
    lane =
        new ForwardLane(
            model,
            new PagePool(
                new KvLayout(KvType.F16, config.layers(), config.kvHeads(), config.headDim()),
                1 << 26));
  }

  @AfterEach
  void close() {
    lane.close();
    kernels.close();
    arena.close();
  }

  private ForwardLane.Pass pass(SequencePages pages, int length) {
    pages.prepare(0, length);
    return new ForwardLane.Pass(
        new Random(length).ints(length, 0, 256).toArray(),
        new int[length],
        IntStream.range(0, length).toArray(),
        List.of(pages),
        new int[] {length - 1});
  }

  private float[] logits(int length, BooleanSupplier stop) {
    float[][] found = new float[1][];
    SequencePages pages = lane.newPages();
    assertThat(lane.run(pass(pages, length), stop, (_, row) -> found[0] = row.toArray(JAVA_FLOAT)))
        .isTrue();
    lane.release(pages);
    return found[0];
  }

  @Test
  void aShortPassRunsBetweenTheLayersOfALongOneAndNeitherChanges() throws InterruptedException {
    float[] longAlone = logits(LONG, () -> false);
    float[] shortAlone = logits(3, () -> false);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    List<float[]> shortLogits = Collections.synchronizedList(new ArrayList<>());
    Thread other =
        new Thread(() -> {
          shortLogits.add(logits(3, () -> false));
          order.add("short");
        });
    float[] found =
        logits(
            LONG,
            () -> {
              if (other.getState() == Thread.State.NEW) { // before the first layer
                other.start();
                while (other.getState() != Thread.State.WAITING) {
                  Thread.onSpinWait();
                }
              }
              return false;
            });
    order.add("long");
    other.join();
    assertThat(order).containsExactly("short", "long");
    assertThat(found).isEqualTo(longAlone);
    assertThat(shortLogits).singleElement().isEqualTo(shortAlone);
  }

  @Test
  void aStoppedPassHasNoLogitsAndCanBeRunAgain() {
    float[] expected = logits(LONG, () -> false);
    SequencePages pages = lane.newPages();
    ForwardLane.Pass pass = pass(pages, LONG);
    int[] layers = {0};
    List<float[]> rows = new ArrayList<>();
    assertThat(
            lane.run(pass, () -> layers[0]++ == 1, (_, row) -> rows.add(row.toArray(JAVA_FLOAT))))
        .isFalse();
    assertThat(rows).isEmpty();
    lane.run(pass, (_, row) -> rows.add(row.toArray(JAVA_FLOAT)));
    assertThat(rows).singleElement().isEqualTo(expected);
    lane.release(pages);
  }

  @Test
  void closingEndsALongPassThatGivesWay() throws InterruptedException {
    Thread closing = new Thread(lane::close);
    SequencePages pages = lane.newPages();
    assertThatThrownBy(() ->
            lane.run(
                pass(pages, LONG),
                () -> {
                  closing.start();
                  while (closing.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                  }
                  return false;
                },
                (_, _) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    closing.join();
    lane.release(pages);
  }
}
