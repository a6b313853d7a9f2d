package dev.qwenmcp.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>();
  private final Map<String, Caller> callers = new HashMap<>();

  private void add(String caller, Priority priority, String... items) {
    for (String item : items) {
      callers.put(item, new Caller(caller, priority));
      queue.add(callers.get(item), item);
    }
  }

  private String poll() {
    String item = queue.peek();
    queue.remove(callers.get(item), item);
    return item;
  }

  private List<String> drain() {
    List<String> order = new ArrayList<>();
    while (queue.size() > 0) {
      order.add(poll());
    }
    return order;
  }

  @Test
  void callersTakeTurnsAndEachIsServedInItsOrder() {
    add("a", Priority.INTERACTIVE, "a1", "a2", "a3");
    add("b", Priority.INTERACTIVE, "b1");
    add("c", Priority.INTERACTIVE, "c1", "c2");
    assertThat(drain()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    assertThat(queue.peek()).isNull();
  }

  @Test
  void interactiveCallersGoBeforeJobs() {
    add("a", Priority.JOB, "job1", "job2");
    add("b", Priority.INTERACTIVE, "b1", "b2");
    add("a", Priority.INTERACTIVE, "a1");
    assertThat(drain()).containsExactly("b1", "a1", "b2", "job1", "job2");
  }

  @Test
  void whoComesBackAtOnceStillComesAfterThoseWhoWait() {
    add("a", Priority.INTERACTIVE, "a1");
    add("b", Priority.INTERACTIVE, "b1");
    assertThat(poll()).isEqualTo("a1");
    add("a", Priority.INTERACTIVE, "a2");
    assertThat(poll()).isEqualTo("b1");
    add("b", Priority.INTERACTIVE, "b2");
    assertThat(drain()).containsExactly("a2", "b2");
  }

  @Test
  void whoGivesUpHasHadNoTurn() {
    add("a", Priority.INTERACTIVE, "a1", "a2", "a3");
    add("b", Priority.INTERACTIVE, "b1", "b2");
    queue.remove(callers.get("a2"), "a2");
    queue.remove(callers.get("b1"), "b1");
    assertThat(queue.size()).isEqualTo(3);
    assertThat(drain()).containsExactly("a1", "b2", "a3");
  }
}
