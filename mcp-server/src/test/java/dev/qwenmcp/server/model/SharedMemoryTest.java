package dev.qwenmcp.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three files of one model, in a memory that holds two of them at most. */
@Timeout(60)
class SharedMemoryTest {
  private static final String F32 = "nano-F32"; // 44 MB
  private static final String Q8 = "nano-Q8_0"; // 12 MB
  private static final String Q4 = "nano-Q4_K_M"; // 7.5 MB
  private static final EngineOptions OPTIONS = EngineOptions.DEFAULT;

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of(F32, Q8, Q4)) {
      Files.createSymbolicLink(
          folder.resolve(name + ".gguf"), SharedData.require("models/" + name + ".gguf"));
    }
  }

  private LazyModelHost host(long mebibytes, Duration patience) throws ModelException {
    ModelCatalog catalog = ModelCatalog.of(folder).startingWith(List.of(Q8));
    return new LazyModelHost(
        () -> catalog,
        List.of(),
        Q8,
        OPTIONS,
        new LazyModelHost.Sharing(mebibytes << 20, patience));
  }

  private static ModelLease lease(ModelHost host, String name) throws Exception {
    return host.lease(name, _ -> {}, new Cancellation());
  }

  private static ModelInfo.State state(ModelHost host, String name) {
    return host.models().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static List<Integer> greedy(ModelLease lease, int tokens) {
    try (Session session = lease.engine().newSession()) {
      return session
          .generate(
              new GenerationRequest(
                  lease.engine().tokenizer().encode("Hello, I would like to"),
                  SamplerSettings.GREEDY,
                  tokens,
                  Duration.ofMinutes(1),
                  List.of(),
                  null),
              TokenListener.NONE,
              new Cancellation())
          .tokens();
    }
  }

  /** The kernel's own list of what is mapped, where it keeps one. */
  private static boolean mapped(String name) throws IOException {
    Path file = SharedData.require("models/" + name + ".gguf").toRealPath();
    Path maps = Path.of("/proc/self/maps");
    return Files.exists(maps)
        && Files.readAllLines(maps).stream().anyMatch(line -> line.endsWith(file.toString()));
  }

  @Test
  void theIdleModelThatWasUsedLongestAgoGoesFirstAndItsFileIsUnmapped() throws Exception {
    boolean linux = Files.exists(Path.of("/proc/self/maps"));
    try (LazyModelHost host = host(75, Duration.ZERO)) {
      lease(host, Q8).close();
      lease(host, Q4).close();
      lease(host, Q8).close(); // used again: Q4 is the one that goes
      assertThat(mapped(Q4)).isEqualTo(linux);

      lease(host, F32).close();

      assertThat(state(host, Q4)).isEqualTo(ModelInfo.State.AVAILABLE);
      assertThat(mapped(Q4)).isFalse();
      assertThat(state(host, F32)).isEqualTo(ModelInfo.State.READY);
      long taken = host.models().stream().mapToLong(ModelInfo::memoryBytes).sum();
      assertThat(taken).isPositive().isLessThanOrEqualTo(host.memoryBudget());
    }
    assertThat(mapped(F32)).isFalse();
    assertThat(mapped(Q8)).isFalse();
  }

  @Test
  void aModelThatEmbedsTextsSharesTheMemory() throws Exception {
    boolean linux = Files.exists(Path.of("/proc/self/maps"));
    try (LazyModelHost host = host(75, Duration.ZERO);
        SharedEngine embedding =
            host.room().engine("embedding", folder.resolve(Q4 + ".gguf"), OPTIONS)) {
      embedding.lease().close();
      lease(host, Q8).close();
      assertThat(mapped(Q4)).isEqualTo(linux);

      lease(host, F32).close(); // used longest ago, it makes room

      assertThat(mapped(Q4)).isFalse();
      try (ModelLease used = embedding.lease()) {
        assertThat(greedy(used, 4)).hasSize(4);
      }
    }
    assertThat(mapped(Q4)).isFalse();
  }

  @Test
  void aModelThatEmbedsTextsIsNotUnloadedWhileItWorksAndIsNamed() throws Exception {
    try (LazyModelHost host = host(58, Duration.ZERO);
        SharedEngine embedding =
            host.room().engine("embedding", folder.resolve(F32 + ".gguf"), OPTIONS)) {
      try (ModelLease _ = embedding.lease()) {
        assertThatThrownBy(() -> lease(host, Q8))
            .isInstanceOf(ModelException.class)
            .hasMessageContaining("embedding")
            .hasMessageContaining("--model-memory");
      }
      lease(host, Q8).close();
    }
  }

  @Test
  void aModelThatWorksIsNeverUnloadedAndTheOtherSaysWhatIsMissing() throws Exception {
    try (LazyModelHost host = host(58, Duration.ofMillis(200));
        ModelLease working = lease(host, F32)) {
      List<Integer> before = greedy(working, 8);
      assertThatThrownBy(() -> lease(host, Q8))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(Q8)
          .hasMessageContaining(F32)
          .hasMessageContaining("58 MiB")
          .hasMessageContaining("--model-memory");
      assertThat(state(host, F32)).isEqualTo(ModelInfo.State.READY);
      assertThat(greedy(working, 8)).isEqualTo(before);
    }
  }

  @Test
  void aCallWaitsUntilTheOtherIsIdle() throws Exception {
    try (LazyModelHost host = host(58, Duration.ofSeconds(30));
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      ModelLease working = lease(host, F32);
      Future<ModelLease> waiting = pool.submit(() -> lease(host, Q8));
      Thread.sleep(300);
      assertThat(waiting.isDone()).isFalse();
      working.close();
      try (ModelLease late = waiting.get()) {
        assertThat(greedy(late, 4)).hasSize(4);
      }
      assertThat(state(host, F32)).isEqualTo(ModelInfo.State.AVAILABLE);
    }
  }

  @Test
  void whatCannotFitIsRefusedAtOnce() throws Exception {
    try (LazyModelHost host = host(20, Duration.ofMinutes(5))) {
      assertThatThrownBy(() -> lease(host, F32))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("20 MiB")
          .hasMessageContaining("weights");
      lease(host, Q4).close();
    }
  }

  @Test
  void aModelThatComesBackAnswersTheSame() throws Exception {
    try (LazyModelHost host = host(58, Duration.ofSeconds(30))) {
      List<Integer> first;
      try (ModelLease lease = lease(host, Q8)) {
        first = greedy(lease, 12);
      }
      lease(host, F32).close();
      assertThat(state(host, Q8)).isEqualTo(ModelInfo.State.AVAILABLE);
      try (ModelLease lease = lease(host, Q8)) {
        assertThat(greedy(lease, 12)).isEqualTo(first);
      }
    }
  }

  @Test
  void manyCallersOfThreeModelsAllGetAnswers() throws Exception {
    AtomicInteger answers = new AtomicInteger();
    try (LazyModelHost host = host(75, Duration.ofSeconds(50));
        ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        Random random = new Random(caller);
        callers.add(() -> {
          for (int i = 0; i < 6; i++) {
            String name = List.of(F32, Q8, Q4).get(random.nextInt(3));
            try (ModelLease lease = lease(host, name)) {
              assertThat(greedy(lease, 3)).hasSize(3);
              answers.incrementAndGet();
            }
          }
          return null;
        });
      }
      for (Future<Void> caller : pool.invokeAll(callers)) {
        caller.get();
      }
      long taken = host.models().stream().mapToLong(ModelInfo::memoryBytes).sum();
      assertThat(taken).isLessThanOrEqualTo(host.memoryBudget());
    }
    assertThat(answers).hasValue(24);
    assertThat(mapped(F32)).isFalse();
  }

  @Test
  void aModelThatIsPutThereLaterIsFoundAndOneThatWentIsForgotten() throws Exception {
    Path late = folder.resolve("late.gguf");
    LazyModelHost.CatalogSource source = () -> ModelCatalog.of(folder);
    try (LazyModelHost host =
        new LazyModelHost(
            source,
            List.of(),
            "nano",
            OPTIONS,
            new LazyModelHost.Sharing(200L << 20, Duration.ZERO))) {
      Files.copy(SharedData.require("models/" + Q4 + ".gguf"), late);
      lease(host, "late").close();
      assertThat(host.models()).extracting(ModelInfo::name).contains("late");
      Files.delete(folder.resolve(Q8 + ".gguf"));
      assertThat(host.models()).extracting(ModelInfo::name).doesNotContain(Q8);
    }
  }
}
