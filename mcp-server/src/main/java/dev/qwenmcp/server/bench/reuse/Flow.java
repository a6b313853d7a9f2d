package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.server.bench.reuse.Call.Phase;
import dev.qwenmcp.server.bench.reuse.Call.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody does with two documents.
 *
 * @param acts in order
 */
public record Flow(List<Act> acts) {
  /** Documents that calls speak of. */
  static final int DOCUMENTS = 2;

  private static final int FORKS = 5;

  /** A call, or a restart of the server. */
  public sealed interface Act permits Call, Restart {}

  /** The server ends and starts again with the same data folder. */
  public record Restart() implements Act {}

  public Flow {
    acts = List.copyOf(acts);
  }

  /**
   * Three tools on one document, then a second document and back and forth, five questions in
   * forks, and a restart.
   */
  static Flow standard() {
    List<Act> acts = new ArrayList<>();
    acts.add(new Call("first call, cold", 0, Task.SUMMARISE, 0, Phase.COLD));
    acts.add(new Call("second call, same context", 0, Task.EXTRACT, 0, Phase.WARM));
    acts.add(new Call("third call, same context", 0, Task.QUESTION, 0, Phase.WARM));
    acts.add(new Call("another document, cold", 1, Task.SUMMARISE, 0, Phase.COLD));
    String alternating = "two documents in turns";
    acts.add(new Call(alternating, 0, Task.QUESTION_IN_FORK, 1, Phase.WARM));
    acts.add(new Call(alternating, 1, Task.EXTRACT, 0, Phase.WARM));
    acts.add(new Call(alternating, 0, Task.QUESTION_IN_FORK, 2, Phase.WARM));
    acts.add(new Call(alternating, 1, Task.QUESTION_IN_FORK, 3, Phase.WARM));
    for (int i = 0; i < FORKS; i++) {
      acts.add(new Call("five forks", 0, Task.QUESTION_IN_FORK, 4 + i, Phase.WARM));
    }
    acts.add(new Restart());
    acts.add(new Call("after a restart", 0, Task.QUESTION_IN_FORK, 9, Phase.RESTORED));
    acts.add(new Call("then the other document", 1, Task.QUESTION_IN_FORK, 10, Phase.RESTORED));
    acts.add(new Call("then the first again", 0, Task.QUESTION_IN_FORK, 11, Phase.WARM));
    return new Flow(acts);
  }

  /** The calls, without restarts. */
  List<Call> calls() {
    return acts.stream().filter(Call.class::isInstance).map(Call.class::cast).toList();
  }
}
