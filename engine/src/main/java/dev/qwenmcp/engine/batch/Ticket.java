package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.model.QwenModel;
import dev.qwenmcp.engine.model.TokenOutput;
import java.util.concurrent.locks.Condition;

/** A pass that waits or is under way; what changes is guarded by the scheduler's lock. */
final class Ticket {
  final Sequence sequence;
  final Pass pass;
  final Stop stop;
  final QwenModel.OutputRow sink;
  final Condition turn;
  PassResult result; // null until it has ended
  Throwable failure; // null if it has not failed

  Ticket(Sequence sequence, Pass pass, Stop stop, QwenModel.OutputRow sink, Condition turn) {
    this.sequence = sequence;
    this.pass = pass;
    this.stop = stop;
    this.sink = sink;
    this.turn = turn;
  }

  Caller caller() {
    return sequence.caller();
  }

  boolean ended() {
    return result != null;
  }

  /** Hands on what was wanted; a sink that fails spoils its own pass alone. */
  void deliver(int row, TokenOutput output) {
    if (failure == null) {
      try {
        sink.accept(row, output);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }
  }

  /** The result, or the failure thrown. */
  PassResult outcome() {
    switch (failure) {
      case null -> {
        return result;
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
