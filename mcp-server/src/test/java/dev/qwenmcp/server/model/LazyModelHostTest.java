package dev.qwenmcp.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
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
          () -> engines.add(host.engine("counted", _ -> {}, new Cancellation()));
      pool.invokeAll(Collections.nCopies(8, ask));

      assertThat(engines).hasSize(1);
      assertThat(opened).hasValue(1);
    }
  }

  @Test
  void describesAModelBeforeWhileAndAfterLoading() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (LazyModelHost host = host(gated("slow", gate))) {
      assertThat(host.models().getFirst())
          .satisfies(info -> {
            assertThat(info.state()).isEqualTo("available");
            assertThat(info.isDefault()).isTrue();
            assertThat(info.contextTokens()).isZero();
          });
      host.warmUp();
      assertThat(host.models().getFirst().state()).isEqualTo("loading");
      gate.countDown();
      host.engine(null, _ -> {}, new Cancellation());

      ModelHost.ModelInfo info = host.models().getFirst();
      assertThat(info.state()).isEqualTo("ready");
      assertThat(info.architecture()).isEqualTo("qwen3moe");
      assertThat(info.contextTokens()).isEqualTo(512);
      assertThat(info.parameters()).isEqualTo(10_958_208);
    }
  }

  @Test
  void saysWhatItWaitsForAndStopsWaitingWhenCancelled() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (LazyModelHost host = host(gated("slow", gate))) {
      List<String> heard = new ArrayList<>();
      Cancellation cancellation = new Cancellation();

      assertThatThrownBy(() ->
              host.engine(
                  "slow",
                  words -> {
                    heard.add(words);
                    cancellation.cancel();
                  },
                  cancellation))
          .isInstanceOf(InterruptedException.class);
      assertThat(heard).singleElement().asString().contains("loading model slow");

      gate.countDown(); // the load itself goes on, for the next call
      assertThat(host.engine("slow", _ -> {}, new Cancellation())).isNotNull();
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
      assertThatThrownBy(() -> host.engine("flaky", _ -> {}, new Cancellation()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("flaky")
          .hasMessageContaining("the disk is away");
      assertThat(host.models().getFirst().state()).isEqualTo("failed");
      assertThat(host.models().getFirst().detail()).contains("the disk is away");

      assertThat(host.engine("flaky", _ -> {}, new Cancellation())).isNotNull();
      assertThat(host.models().getFirst().detail()).isEmpty();
    }
  }

  @Test
  void namesTheModelsThereAreWhenAskedForAnother() throws Exception {
    try (LazyModelHost host = new LazyModelHost(ModelCatalog.of((Path) null), OPTIONS)) {
      assertThatThrownBy(() -> host.engine("/etc/passwd", _ -> {}, new Cancellation()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("/etc/passwd")
          .hasMessageContaining("nano");
    }
  }

  @Test
  void closesItsEnginesAndOpensNoMore() throws Exception {
    LazyModelHost host = host(model("nano", EmbeddedModel::open));
    Engine engine = host.engine(null, _ -> {}, new Cancellation());

    host.close();

    assertThatThrownBy(
            () -> {
              try (var session = engine.newSession()) {
                session.appendWithLogits(new int[] {1}, (_, _) -> {});
              }
            })
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> host.engine(null, _ -> {}, new Cancellation()))
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

    assertThatThrownBy(() -> host.engine(null, _ -> {}, new Cancellation()))
        .isInstanceOf(ModelException.class);
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
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return EmbeddedModel.open();
        });
  }
}
