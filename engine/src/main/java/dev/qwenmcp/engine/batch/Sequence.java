package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.engine.model.QwenModel;

/** A sequence that may compute until it is closed; one thread at a time. */
public final class Sequence implements AutoCloseable {
  private final Admission.Slot slot;
  private final Admission admission;
  private final PassTurns turns;
  private long held; // pages, as last reported
  private ExpertListener experts = ExpertListener.NONE;
  private boolean closed;

  // Of the turns, under their lock:
  boolean waiting; // for a short pass
  long lastPass; // end of its last pass, by the clock

  Sequence(Admission.Slot slot, Admission admission, PassTurns turns) {
    this.slot = slot;
    this.admission = admission;
    this.turns = turns;
  }

  Caller caller() {
    return slot.caller();
  }

  /**
   * From here on somebody hears which experts its tokens take.
   *
   * @param listener called while others wait for the kernels, on any thread
   */
  public void heardBy(ExpertListener listener) {
    experts = listener;
  }

  ExpertListener experts() {
    return experts;
  }

  /**
   * Waits for its turn and computes a pass, together with others where that can be.
   *
   * @param stop ends waiting, and a long pass before its next layer
   * @param sink hears of what is wanted while others wait for the kernels, so it only copies them;
   *     on any thread
   * @throws IllegalStateException if the engine is closed, also while the pass gives way
   */
  public PassResult run(Pass pass, Stop stop, QwenModel.OutputRow sink) {
    return turns.run(this, pass, stop, sink);
  }

  /**
   * Notes that it has so many of the pages for which it was admitted, so that others need not leave
   * room for these twice.
   *
   * @param pages that it will not give back before it is closed
   */
  public void holds(int pages) {
    if (pages != held) {
      held = pages;
      admission.holds(slot, pages);
    }
  }

  /** From here on short passes follow each other quickly, so that others may wait for them. */
  public void beginDecoding() {
    turns.beginDecoding(this);
  }

  /** Nobody need wait for it any more. */
  public void endDecoding() {
    turns.endDecoding(this);
  }

  /** Sequences that draw token after token at the moment, this one included. */
  public int decoding() {
    return turns.decoding();
  }

  /** Whether other sequences run too. */
  public boolean inCompany() {
    return admission.running() > 1;
  }

  /** Most tokens that fit its even share of a short pass. */
  public int share() {
    return turns.share();
  }

  /** Gives its slot to the next; its pages are at rest or given back by now. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      turns.endDecoding(this);
      admission.leave(slot);
    }
  }
}
