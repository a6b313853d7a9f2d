package dev.qwenmcp.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.kernel.MachineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order in which contenders run. */
class BenchRunTest {
  private static final Workload PROMPT = new Workload.Prompt(10, 0);
  private static final Workload BATCH = new Workload.Generation(5, 0, 2);

  private final List<String> events = new ArrayList<>();

  private final class Recorded implements Contender {
    private final List<String> settings;
    private final boolean batches;

    Recorded(boolean batches, String... settings) {
      this.settings = List.of(settings);
      this.batches = batches;
      events.add("open " + this.settings.getFirst());
    }

    @Override
    public List<String> settings() {
      return settings;
    }

    @Override
    public boolean can(Workload workload) {
      return batches || !workload.equals(BATCH);
    }

    @Override
    public double seconds(String setting, Workload workload) {
      events.add(setting);
      return settings.indexOf(setting) + 2.0;
    }

    @Override
    public void close() {
      events.add("close " + settings.getFirst());
    }
  }

  private final List<Contender.Source> sources =
      List.of(() -> new Recorded(true, "own"), () -> new Recorded(false, "a", "b"));

  private BenchRun run(Workload... workloads) {
    return new BenchRun(
        new BenchRun.Plan(List.of(workloads), 2, 0),
        new ChildCommand(List.of()),
        _ -> {},
        () -> {
          events.add("limits");
          return new Limits(Optional.of(new MachineLimits(2, events.size(), 1)));
        });
  }

  @Test
  void contendersTakeTurnsAndTheFirstRunWarmsUp() throws Exception {
    List<BenchRun.Outcome> outcomes = run(PROMPT).inTurns(sources);

    assertThat(events)
        .containsExactly(
            "open own",
            "open a",
            "own",
            "a",
            "b",
            "limits",
            "own",
            "a",
            "b",
            "limits",
            "own",
            "a",
            "b",
            "close own",
            "close a");
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.getFirst().speeds().get("own").values()).containsExactly(5.0, 5.0);
    assertThat(outcomes.getFirst().speeds().get("b").values()).hasSize(2);
    assertThat(Limits.median(outcomes.getFirst().limits()).measured())
        .contains(new MachineLimits(2, (6 + 10) / 2.0, 1));
  }

  @Test
  void oneByOneOnlyOneModelIsLoadedAtATime() throws Exception {
    List<BenchRun.Outcome> outcomes = run(PROMPT, BATCH).oneByOne(sources);

    assertThat(events.indexOf("close own")).isLessThan(events.indexOf("open a"));
    assertThat(outcomes.get(0).speeds()).containsOnlyKeys("own", "a", "b");
    assertThat(outcomes.get(1).speeds()).containsOnlyKeys("own");
  }
}
