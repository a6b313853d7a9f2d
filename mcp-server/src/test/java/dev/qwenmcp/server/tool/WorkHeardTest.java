package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.ExpertCounts;
import dev.qwenmcp.engine.ExpertGrid;
import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.WorkListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever looks at the server hears what models do for a call, whether its client does or not. */
class WorkHeardTest {
  private final List<Heard> all = new ArrayList<>();

  /** One prompt and what was written after it. */
  private static final class Heard implements WorkListener.Work {
    final String model;
    final ExpertCounts experts;
    final List<Integer> read = new ArrayList<>();
    final List<Integer> wrote = new ArrayList<>();
    int toRead;

    Heard(String model, ExpertGrid grid) {
      this.model = model;
      this.experts = new ExpertCounts(grid);
    }

    @Override
    public void read(int done, int total) {
      read.add(done);
      toRead = total;
    }

    @Override
    public void wrote(int tokens) {
      wrote.add(tokens);
    }

    @Override
    public ExpertListener experts() {
      return experts;
    }
  }

  /** A call of a client that wants no progress. */
  private final class HeardCall implements ToolContext {
    private final Cancellation cancellation = new Cancellation();

    @Override
    public String requestId() {
      return "1";
    }

    @Override
    public Cancellation cancellation() {
      return cancellation;
    }

    @Override
    public String principal() {
      return "somebody who has asked nothing yet";
    }

    @Override
    public void progress(double progress, Double total, String message) {}

    @Override
    public void remark(String remark) {}

    @Override
    public boolean wantsProgress() {
      return false;
    }

    @Override
    public void onEnd(Runnable action) {}

    @Override
    public WorkListener work() {
      return (String model, Optional<ExpertGrid> grid) -> {
        all.add(new Heard(model, grid.orElseThrow()));
        return all.getLast();
      };
    }
  }

  @Test
  void aGenerationIsHeardTokenByToken() throws Exception {
    Workbench bench = new Workbench();

    Generate.Result result = bench.generate.call(Asking.of("Hello").arguments(), new HeardCall());

    assertThat(all).hasSize(1);
    Heard heard = all.getFirst();
    int written = result.usage().generatedTokens();
    assertThat(heard.model).isEqualTo("nano");
    assertThat(heard.toRead).isEqualTo(result.usage().promptTokens());
    assertThat(heard.read.getLast()).isEqualTo(heard.toRead);
    assertThat(heard.wrote).isSorted().hasSizeGreaterThan(5);
    assertThat(heard.wrote.getLast()).isBetween(written - 1, written); // the end is not text
    for (int[] layer : heard.experts.byLayer()) {
      assertThat(Arrays.stream(layer).sum())
          .isGreaterThanOrEqualTo((heard.toRead + written - 1) * heard.experts.grid().used());
    }
  }
}
