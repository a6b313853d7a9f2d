package dev.qwenmcp.server.bench.reuse;

/**
 * One tool call about a document.
 *
 * @param name of its row in the report; calls of one name share a row
 * @param document which of the flow's documents, from 0
 * @param task what is asked
 * @param number tells questions apart
 * @param phase what of the document is known before
 */
public record Call(String name, int document, Task task, int number, Phase phase)
    implements Flow.Act {

  /** What is asked of a document. */
  public enum Task {
    /** {@code understand}, which opens the document's context. */
    SUMMARISE,
    /** {@code understand} in the document's context. */
    EXTRACT,
    /** {@code generate} in the document's context. */
    QUESTION,
    /** {@code generate} in a fork of the context as it was when it held the document alone. */
    QUESTION_IN_FORK
  }

  /** What of the document is known before a call. */
  public enum Phase {
    /** Nothing: what the others are compared with. */
    COLD(Double.NaN),
    /** All, in memory. */
    WARM(0.05),
    /** All, on disk. */
    RESTORED(0.10);

    private final double goal;

    Phase(double goal) {
      this.goal = goal;
    }

    /** Most time to the first token, as a share of the cold call's; NaN for none. */
    double goal() {
      return goal;
    }
  }
}
