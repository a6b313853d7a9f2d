package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.model.QwenModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whose turn it is at the kernels; safe for many threads.
 *
 * <p>Short passes that wait are computed as one. Those of sequences that draw token after token
 * come back soon after each pass, so the next one waits for them, {@link #PATIENCE} of a pass at
 * most. Long passes, which read pieces of prompts, go one after the other in {@link FairQueue}'s
 * order and give way to a short one between two layers, once they have had as much time as a short
 * one takes; after a short one a waiting long one goes on first. So neither prompts nor answers
 * stand still while there are others, and a short prompt, of which a layer takes a fraction of a
 * short pass, does not let all others draw a token for each of its layers.
 *
 * <p>The state changes under a lock that is never held while computing. Each waiting pass has a
 * thread that sleeps on its ticket's condition; whoever frees the kernels wakes the one that goes
 * next, which computes the pass of all members itself.
 */
final class PassTurns {
  /** Part of a short pass that is waited for members: a missed one costs nearly a whole pass. */
  private static final double PATIENCE = 0.25;

  /** Weight of the newest duration. */
  private static final double LEARNING = 0.2;

  private final PassRunner runner;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final List<Ticket> shorts = new ArrayList<>(); // that wait, in the order of coming
  private final FairQueue<Ticket> longs = new FairQueue<>(); // that wait to begin
  private final List<Sequence> decoding = new ArrayList<>();
  private volatile int decoders; // size of decoding
  private Ticket current; // the long pass under way
  private boolean busy; // somebody computes
  private boolean longTurn; // a short pass has just been: a long one goes next
  private boolean closed;
  private double shortNanos; // a short pass takes, 0 until measured
  private long shortPasses;
  private long shortMembers;
  private long longPasses;

  /**
   * @param nanoTime clock by which durations are measured
   */
  PassTurns(PassRunner runner, LongSupplier nanoTime) {
    this.runner = runner;
    this.nanoTime = nanoTime;
  }

  PassResult run(Sequence sequence, Pass pass, Stop stop, QwenModel.OutputRow sink) {
    Ticket ticket = new Ticket(sequence, pass, stop, sink, lock.newCondition());
    boolean few = pass.size() <= runner.fewTokens();
    try (Stop.Listening _ = stop.listen(() -> wake(ticket));
        PatientWait patience = new PatientWait()) {
      return few ? runShort(ticket, patience) : runLong(ticket, patience);
    }
  }

  void beginDecoding(Sequence sequence) {
    lock.lock();
    try {
      decoding.add(sequence);
      decoders = decoding.size();
      sequence.lastPass = nanoTime.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  void endDecoding(Sequence sequence) {
    lock.lock();
    try {
      if (decoding.remove(sequence)) {
        decoders = decoding.size();
        passOn();
      }
    } finally {
      lock.unlock();
    }
  }

  int decoding() {
    return decoders;
  }

  int fewTokens() {
    return runner.fewTokens();
  }

  int share() {
    return runner.fewTokens() / Math.max(1, decoders);
  }

  Load load(int running, int waiting) {
    lock.lock();
    try {
      return new Load(running, waiting, shortPasses, shortMembers, longPasses);
    } finally {
      lock.unlock();
    }
  }

  /** Passes that wait to begin. */
  int waiting() {
    lock.lock();
    try {
      return shorts.size() + longs.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the running layer or short pass; nothing computes afterwards. */
  void close() {
    lock.lock();
    try {
      closed = true;
      shorts.forEach(ticket -> ticket.turn.signal());
      longs.forEach(ticket -> ticket.turn.signal());
      while (busy) {
        idle.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private PassResult runShort(Ticket ticket, PatientWait patience) {
    lock.lock();
    try {
      checkOpen();
      shorts.add(ticket);
      ticket.sequence.waiting = true;
      while (!ticket.ended()) {
        if (shorts.contains(ticket) && (closed || ticket.stop.now())) {
          withdraw(ticket);
        } else if (!busy && !longFirst() && ready()) {
          lead();
        } else {
          patience.await(ticket.turn, Math.min(ticket.stop.nanosLeft(), untilReady()));
        }
      }
      return ticket.outcome();
    } finally {
      lock.unlock();
    }
  }

  private void withdraw(Ticket ticket) {
    shorts.remove(ticket);
    ticket.sequence.waiting = false;
    passOn();
    checkOpen();
    ticket.result = PassResult.STOPPED;
  }

  /** Computes what waits, for all members; the caller holds the lock. */
  private void lead() {
    List<Ticket> members =
        StepPlan.choose(shorts.stream().map(t -> t.pass).toList(), runner.fewTokens()).stream()
            .map(shorts::get)
            .toList();
    for (Ticket member : members) {
      shorts.remove(member);
      member.sequence.waiting = false;
    }
    busy = true;
    lock.unlock();
    double seconds = 0;
    Throwable failure = null;
    try {
      seconds = compute(members);
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      lock.lock();
    }
    long now = nanoTime.getAsLong();
    shortPasses++;
    shortMembers += members.size();
    for (Ticket member : members) {
      member.failure = failure == null ? member.failure : failure;
      member.result = new PassResult(true, seconds, members.size() > 1);
      member.sequence.lastPass = now;
      member.turn.signal();
    }
    if (failure == null) {
      double nanos = seconds * 1e9;
      shortNanos = shortNanos == 0 ? nanos : shortNanos + LEARNING * (nanos - shortNanos);
    }
    longTurn = true;
    release();
  }

  /** One pass for all members; the seconds it took. */
  private double compute(List<Ticket> members) {
    StepPlan plan = StepPlan.of(members.stream().map(t -> t.pass).toList());
    long start = nanoTime.getAsLong();
    PassRunner.Running running =
        runner.start(
            plan.whole(), plan.experts(members.stream().map(t -> t.sequence.experts()).toList()));
    while (!running.done()) {
      running.nextLayer();
    }
    running.outputs(
        plan.whole().rows(),
        (token, values) -> {
          int m = plan.member(token);
          members.get(m).deliver(token - plan.first()[m], values);
        });
    return (nanoTime.getAsLong() - start) * 1e-9;
  }

  private PassResult runLong(Ticket ticket, PatientWait patience) {
    if (!begin(ticket, patience)) {
      return PassResult.STOPPED;
    }
    try {
      long start = nanoTime.getAsLong();
      long turn = start;
      PassRunner.Running running = runner.start(ticket.pass, ticket.sequence.experts());
      while (!running.done()) {
        if (ticket.stop.now()) {
          return PassResult.STOPPED;
        }
        running.nextLayer();
        turn = giveWay(ticket, patience, turn);
      }
      running.outputs(ticket.pass.rows(), ticket.sink);
      return new PassResult(true, (nanoTime.getAsLong() - start) * 1e-9, false);
    } finally {
      lock.lock();
      try {
        current = null;
        longPasses++;
        ticket.sequence.lastPass = nanoTime.getAsLong();
        release();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until a long pass may begin; false if it was stopped first. */
  private boolean begin(Ticket ticket, PatientWait patience) {
    lock.lock();
    try {
      checkOpen();
      longs.add(ticket.caller(), ticket);
      while (busy || current != null || longs.peek() != ticket || !longTurn && ready()) {
        if (closed || ticket.stop.now()) {
          longs.remove(ticket.caller(), ticket);
          passOn();
          checkOpen();
          return false;
        }
        patience.await(ticket.turn, ticket.stop.nanosLeft());
      }
      longs.remove(ticket.caller(), ticket);
      current = ticket;
      busy = true;
      longTurn = false;
      checkOpenOrRelease();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Between two layers of a long pass: lets a short one go first that is ready, if the long one has
   * had its time.
   *
   * @param turn when it began or last went on
   * @return the same, or now
   */
  private long giveWay(Ticket ticket, PatientWait patience, long turn) {
    lock.lock();
    try {
      longTurn = false;
      long since = turn;
      if (nanoTime.getAsLong() - turn >= shortNanos && ready()) {
        release();
        while (busy || !closed && !longTurn && ready()) {
          patience.await(ticket.turn, Long.MAX_VALUE);
        }
        busy = true;
        longTurn = false;
        since = nanoTime.getAsLong();
      }
      checkOpen();
      return since;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpenOrRelease() {
    if (closed) {
      current = null;
      release();
    }
    checkOpen();
  }

  private void release() {
    busy = false;
    idle.signalAll();
    passOn();
  }

  /** Wakes who may go next: the kernels are free, or who waits has changed. */
  private void passOn() {
    if (busy) {
      return;
    }
    Ticket longest = current != null ? current : longs.peek();
    if (longest != null && (longTurn || !ready())) {
      longest.turn.signal();
    } else if (!shorts.isEmpty()) {
      shorts.getFirst().turn.signal();
    }
  }

  private boolean longFirst() {
    return longTurn && (current != null || longs.size() > 0);
  }

  /** Whether the next short pass need not wait for more members. */
  private boolean ready() {
    return !shorts.isEmpty() && untilComplete() <= 0;
  }

  /** Nanoseconds until then, without an end where others decide. */
  private long untilReady() {
    return busy || longFirst() || shorts.isEmpty() ? Long.MAX_VALUE : untilComplete();
  }

  /** Nanoseconds until no sequence is waited for that is likely to come back. */
  private long untilComplete() {
    int tokens = 0;
    for (Ticket ticket : shorts) {
      tokens += ticket.pass.size();
    }
    if (tokens >= runner.fewTokens()) {
      return 0;
    }
    long longest = 0;
    for (Sequence sequence : decoding) {
      if (!sequence.waiting) {
        long passed = nanoTime.getAsLong() - sequence.lastPass;
        longest = Math.max(longest, (long) (PATIENCE * shortNanos) - passed);
      }
    }
    return longest;
  }

  private void wake(Ticket ticket) {
    lock.lock();
    try {
      ticket.turn.signal();
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
  }
}
