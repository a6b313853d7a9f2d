package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.ToolContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeBudgetTest {
  private static ToolContext call(boolean background) {
    return (ToolContext)
        Proxy.newProxyInstance(
            ToolContext.class.getClassLoader(),
            new Class<?>[] {ToolContext.class},
            (_, method, _) -> {
              assertThat(method.getName()).isEqualTo("inBackground");
              return background;
            });
  }

  @Test
  void aJobHasLongerThanACallThatSomebodyWaitsFor() {
    assertThat(TimeBudget.of(null, call(false))).isEqualTo(Duration.ofSeconds(45));
    assertThat(TimeBudget.of(null, call(true))).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void whatTheCallerAsksForHoldsInBoth() {
    assertThat(TimeBudget.of(7, call(false))).isEqualTo(Duration.ofSeconds(7));
    assertThat(TimeBudget.of(7, call(true))).isEqualTo(Duration.ofSeconds(7));
  }
}
