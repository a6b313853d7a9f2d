package dev.qwenmcp.server.flow.declaration;

import java.util.List;
import java.util.stream.Collectors;

/** A declaration that is no flow; says everything that is wrong with it. */
public final class FlowFormatException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 10;

  private final transient List<FlowProblem> problems;

  public FlowFormatException(List<FlowProblem> problems) {
    super(inWords(problems));
    this.problems = List.copyOf(problems);
  }

  /** All of them, in the order of the declaration. */
  public List<FlowProblem> problems() {
    return problems;
  }

  private static String inWords(List<FlowProblem> problems) {
    String shown =
        problems.stream().limit(SHOWN).map(FlowProblem::inWords).collect(Collectors.joining("; "));
    int more = problems.size() - SHOWN;
    return more > 0 ? shown + "; and " + more + " more" : shown;
  }
}
