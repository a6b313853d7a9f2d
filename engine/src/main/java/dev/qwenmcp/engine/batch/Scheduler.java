package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.model.QwenModel;
import java.util.Optional;

/**
 * Lets the sequences of many threads compute: admits so many at a time, and puts their passes
 * together. Safe for many threads.
 *
 * <p>A sequence draws, guesses and masks on its caller's thread; only its passes come here. There
 * is no thread of the scheduler's own: whoever waits and may compute does so, for all members of
 * the pass. Results are the same bits whatever shares a pass, because the kernels give them so.
 */
public final class Scheduler implements AutoCloseable {
  private final Admission admission;
  private final PassTurns turns;
  private final QwenModel model;
  private final PagePool pool;
  private boolean closed;

  /**
   * @param model computes; closed with the scheduler
   * @param pool of all pages; closed with the scheduler
   */
  public Scheduler(QwenModel model, PagePool pool, SchedulerOptions options) {
    this.admission = new Admission(options, PageBudget.of(pool), System::nanoTime);
    this.turns = new PassTurns(new ModelPasses(model, pool.layout()), System::nanoTime);
    this.model = model;
    this.pool = pool;
  }

  /**
   * Waits for a slot and for the room that a sequence needs.
   *
   * @param pages of keys and values that it needs at most, those it has at rest included; from here
   *     on no sequence that keeps to this lacks one, unless the machine has no memory left
   * @param stop ends the waiting
   * @return the sequence that may compute until it is closed; empty if it was stopped first
   * @throws BusyException if as many run and wait as may
   * @throws dev.qwenmcp.engine.kv.KvMemoryException if so many pages are not there even when
   *     nothing else runs
   * @throws IllegalStateException if the engine is closed, also while waiting
   */
  public Optional<Sequence> admit(Caller caller, long pages, Stop stop) {
    return Optional.ofNullable(admission.enter(caller, pages, stop))
        .map(slot -> new Sequence(slot, admission, turns));
  }

  /** Tokens that a pass of a sequence may reach beyond its last one. */
  public int mostGuesses() {
    return turns.fewTokens();
  }

  /** Whether a sequence has a slot. */
  public boolean running() {
    return admission.running() > 0;
  }

  /** What happens at the moment and happened so far. */
  public Load load() {
    return turns.load(admission.running(), admission.waiting());
  }

  /**
   * Waits for the running layer or short pass and frees model and pages; what waits and what comes
   * later fails.
   */
  @Override
  public void close() {
    admission.close();
    turns.close();
    synchronized (this) {
      if (!closed) {
        closed = true;
        model.close();
        pool.close();
      }
    }
  }
}
