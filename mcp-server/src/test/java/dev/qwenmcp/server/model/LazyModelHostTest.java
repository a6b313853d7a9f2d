package dev.qwenmcp.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LazyModelHostTest {
  private static final EngineOptions OPTIONS = EngineOptions.DEFAULT;

  @Test
  void opensAModelOnceHoweverManyAskForIt() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    CatalogModel counted =
        model(
            "counted",
            () -> {
              opened.incrementAndGet();
              return EmbeddedModel.open();
            });
    try (LazyModelHost host = host(counted);
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(opened).as("nothing opens a model before it is needed").hasValue(0);
      Set<Engine> engines = ConcurrentHashMap.newKeySet();
      Callable<Boolean> ask =
          () -> engines.add(host.lease("counted", _ -> {}, new Cancellation()).engine());
      pool.invokeAll(Collections.nCopies(8, ask));

      assertThat(engines).hasSize(1);
      assertThat(opened).hasValue(1);
    }
  }

  @Test
  void describesAModelBeforeWhileAndAfterLoading() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger looks = new AtomicInteger();
    CatalogModel slow =
        model(
            "slow",
            () -> {
              if (looks.incrementAndGet() > 1) { // the first look is at the header alone
                await(gate);
              }
              return EmbeddedModel.open();
            });
    try (LazyModelHost host = host(slow)) {
      assertThat(host.models().getFirst())
          .satisfies(info -> {
            assertThat(info.state()).isEqualTo(ModelInfo.State.AVAILABLE);
            assertThat(info.isDefault()).isTrue();
            assertThat(info.memoryBytes()).isZero();
            assertThat(info.fingerprint()).isEmpty();
            assertThat(info.architecture()).isEqualTo("qwen3moe");
            assertThat(info.contextTokens()).isEqualTo(512);
            assertThat(info.parameters()).isEqualTo(10_958_208);
            assertThat(info.quantisation()).isEqualTo("Q8_0");
            assertThat(info.languages()).containsExactly("en");
            assertThat(info.capabilities()).containsExactly(Capability.CHAT);
          });
      host.warmUp();
      assertThat(host.models().getFirst().state()).isEqualTo(ModelInfo.State.LOADING);
      gate.countDown();
      host.lease(null, _ -> {}, new Cancellation()).close();

      ModelInfo info = host.models().getFirst();
      assertThat(info.state()).isEqualTo(ModelInfo.State.READY);
      assertThat(info.memoryBytes()).isGreaterThan(info.fileBytes());
      assertThat(info.fingerprint()).isNotEmpty();
    }
  }

  @Test
  void saysWhatItWaitsForAndStopsWaitingWhenCancelled() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (LazyModelHost host = host(gated("slow", gate))) {
      List<String> heard = new ArrayList<>();
      Cancellation cancellation = new Cancellation();

      assertThatThrownBy(() ->
              host.lease(
                  "slow",
                  words -> {
                    heard.add(words);
                    cancellation.cancel();
                  },
                  cancellation))
          .isInstanceOf(InterruptedException.class);
      assertThat(heard).singleElement().asString().contains("loading model slow");

      gate.countDown(); // the load itself goes on, for the next call
      assertThat(host.lease("slow", _ -> {}, new Cancellation())).isNotNull();
    }
  }

  @Test
  void remembersAFailureAndTriesAgain() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    CatalogModel flaky =
        model(
            "flaky",
            () -> {
              if (attempts.incrementAndGet() == 1) {
                throw new IOException("the disk is away");
              }
              return EmbeddedModel.open();
            });
    try (LazyModelHost host = host(flaky)) {
      assertThatThrownBy(() -> host.lease("flaky", _ -> {}, new Cancellation()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("flaky")
          .hasMessageContaining("the disk is away");
      assertThat(host.models().getFirst().state()).isEqualTo(ModelInfo.State.FAILED);
      assertThat(host.models().getFirst().detail()).contains("the disk is away");

      assertThat(host.lease("flaky", _ -> {}, new Cancellation())).isNotNull();
      assertThat(host.models().getFirst().detail()).isEmpty();
    }
  }

  @Test
  void namesTheModelsThereAreWhenAskedForAnother() throws Exception {
    try (LazyModelHost host = new LazyModelHost(ModelCatalog.of((Path) null), OPTIONS)) {
      assertThatThrownBy(() -> host.lease("/etc/passwd", _ -> {}, new Cancellation()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("/etc/passwd")
          .hasMessageContaining("nano");
    }
  }

  @Test
  void closesItsEnginesAndOpensNoMore() throws Exception {
    LazyModelHost host = host(model("nano", EmbeddedModel::open));
    Engine engine = host.lease(null, _ -> {}, new Cancellation()).engine();

    host.close();

    assertThatThrownBy(
            () -> {
              try (var session = engine.newSession()) {
                session.appendWithLogits(new int[] {1}, (_, _) -> {});
              }
            })
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> host.lease(null, _ -> {}, new Cancellation()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("stopping");
  }

  @Test
  void closesAnEngineThatWasStillLoading() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    LazyModelHost host = host(gated("slow", gate));
    host.warmUp();
    host.close();
    gate.countDown();

    assertThatThrownBy(() -> host.lease(null, _ -> {}, new Cancellation()))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void computesALittleBeforeAnybodyAsks() throws Exception {
    try (LazyModelHost host = host(model("nano", EmbeddedModel::open))) {
      host.warmUp();
      ModelInfo info = host.models().getFirst();
      while (info.state() == ModelInfo.State.LOADING) {
        Thread.sleep(5);
        info = host.models().getFirst();
      }
      assertThat(info.state()).as(info.detail()).isEqualTo(ModelInfo.State.READY);
      assertThat(warmUpTokens(host)).isPositive();
    }
  }

  @Test
  void computesNothingOfItsOwnWhereACallWaits() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (LazyModelHost host = host(gated("slow", gate))) {
      host.warmUp();
      host.lease(null, _ -> gate.countDown(), new Cancellation()).close();

      assertThat(warmUpTokens(host)).isZero();
    }
  }

  @Test
  void aCallForAnyModelEndsAllWarmUps() {
    ModelMemory memory = new ModelMemory(1L << 40, Duration.ofSeconds(1));
    Cancellation first = memory.beginWarmUp();
    Cancellation over = memory.beginWarmUp();
    memory.endWarmUp(over);
    ModelSlot other = new ModelSlot(model("other", EmbeddedModel::open), OPTIONS, memory);
    try (other) {
      assertThat(first.cancelled()).isFalse();
      assertThatCode(() -> other.lease(_ -> {}, new Cancellation()).close())
          .doesNotThrowAnyException();

      assertThat(first.cancelled()).isTrue();
      assertThat(over.cancelled()).isFalse();
    }
  }

  private static int warmUpTokens(LazyModelHost host) throws Exception {
    try (ModelLease lease = host.lease(null, _ -> {}, new Cancellation())) {
      return lease.engine().warmUpTokens();
    }
  }

  private static LazyModelHost host(CatalogModel model) throws ModelException {
    return new LazyModelHost(ModelCatalog.of(List.of(model)), OPTIONS);
  }

  private static CatalogModel model(String name, CatalogModel.Source source) {
    return new CatalogModel(name, "a model of this test", List.of("en"), source);
  }

  private static CatalogModel gated(String name, CountDownLatch gate) {
    return model(
        name,
        () -> {
          await(gate);
          return EmbeddedModel.open();
        });
  }

  private static void await(CountDownLatch gate) throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
