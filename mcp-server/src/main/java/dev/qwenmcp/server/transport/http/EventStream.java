package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.Outlet;
import dev.qwenmcp.server.transport.RpcCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.Disposables;
import tools.jackson.databind.JsonNode;

/**
 * What the server has to say to a client in one place: the answer to a POST with the notices before
 * it, or the notices of a session.
 *
 * <p>A bounded number of events waits for the client; a bounded number of those that it took is
 * kept, so that a client that lost the connection can go on where it was. One reader at a time: a
 * new one sends the one before away, since the client has opened it because the other is dead.
 */
final class EventStream implements Outlet {
  private final long id;
  private final StreamLimits limits;
  private final RpcCodec codec;
  private final Disposable.Swap work = Disposables.swap();

  private final Deque<Event> events = new ArrayDeque<>();
  private long last; // number of the newest event
  private long taken; // newest number that a reader has been given
  private long waitingBytes;
  private long keptBytes;
  private boolean over;
  private int readers; // all there have been
  private boolean attended;
  private boolean woken;

  EventStream(long id, StreamLimits limits, RpcCodec codec) {
    this.id = id;
    this.limits = limits;
    this.codec = codec;
  }

  /**
   * Something to say.
   *
   * @param number from 1, in order
   * @param json the message
   * @param answer whether it is what the stream is for, and so the last
   * @param errorCode of an answer that is a JSON-RPC error, else null
   */
  record Event(long number, byte[] json, boolean answer, Integer errorCode) {
    boolean failed() {
      return errorCode != null;
    }
  }

  /**
   * What is next.
   *
   * @param events in order; none if time has passed without any
   * @param over whether nothing will follow
   */
  record Next(List<Event> events, boolean over) {}

  /** What is worked on for this stream, and stops when the client has given it up. */
  void work(Disposable running) {
    work.update(running);
  }

  /** The client has given it up. */
  void abandon() {
    work.dispose();
    nothing();
  }

  /** Name of the place behind an event, for a client that comes back: {@code stream-event}. */
  String place(long number) {
    return id + "-" + number;
  }

  long id() {
    return id;
  }

  @Override
  public void send(JsonNode answer) {
    JsonNode error = answer.get("error");
    add(codec.bytes(answer), true, error == null ? null : error.path("code").asInt(0));
  }

  /**
   * Adds an answer that is one of many, waiting until the client has taken enough.
   *
   * @return false if the client has gone
   */
  synchronized boolean deliver(JsonNode answer) {
    boolean interrupted = false;
    byte[] json = codec.bytes(answer);
    while (!over && last - taken >= limits.waitingEvents()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (over) {
      return false;
    }
    append(json, false, null);
    return true;
  }

  @Override
  public synchronized void nothing() {
    over = true;
    notifyAll();
  }

  @Override
  public boolean offer(JsonNode message) {
    return add(codec.bytes(message), false, null);
  }

  private synchronized boolean add(byte[] json, boolean answer, Integer errorCode) {
    boolean full =
        last - taken >= limits.waitingEvents()
            || waitingBytes + json.length > limits.waitingBytes();
    if (over || full && !answer) {
      return false;
    }
    append(json, answer, errorCode);
    return true;
  }

  private void append(byte[] json, boolean answer, Integer errorCode) {
    events.add(new Event(++last, json, answer, errorCode));
    waitingBytes += json.length;
    over = answer;
    notifyAll();
  }

  /**
   * Reads on.
   *
   * @param after number of the last event that the client has, 0 for none
   */
  synchronized Reader read(long after) {
    attended = true;
    notifyAll(); // sends the reader before away
    return new Reader(++readers, after);
  }

  /** Reads what no one has read. */
  synchronized Reader readOn() {
    return read(taken);
  }

  /** Lets the reader look up from its wait, as if time had passed. */
  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Whether nothing will be added. */
  synchronized boolean ended() {
    return over;
  }

  /** Whether someone is reading. */
  synchronized boolean attended() {
    return attended;
  }

  /**
   * Waits for a client that has lost the connection to come back.
   *
   * @return whether it has, or there is nothing to wait for
   */
  synchronized boolean attendedWithin(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    long left = limit.toNanos();
    while (!attended && !over && left > 0) {
      wait(Math.max(1, left / 1_000_000));
      left = deadline - System.nanoTime();
    }
    return attended || over;
  }

  /** One connection's view of the stream. */
  final class Reader {
    private final int number;
    private long after;

    private Reader(int number, long after) {
      this.number = number;
      this.after = after;
    }

    /** Waits for events; over where another reader has come. */
    Next next(Duration limit) throws InterruptedException {
      synchronized (EventStream.this) {
        long deadline = System.nanoTime() + limit.toNanos();
        long left = limit.toNanos();
        while (number == readers && !over && !woken && last <= after && left > 0) {
          EventStream.this.wait(Math.max(1, left / 1_000_000));
          left = deadline - System.nanoTime();
        }
        if (number != readers) {
          return new Next(List.of(), true);
        }
        woken = false;
        return new Next(take(), over);
      }
    }

    private List<Event> take() {
      List<Event> next = new ArrayList<>();
      for (Event event : events) {
        if (event.number() > after) {
          next.add(event);
          after = event.number();
          if (event.number() > taken) {
            taken = event.number();
            waitingBytes -= event.json().length;
            keptBytes += event.json().length;
          }
        }
      }
      forget();
      EventStream.this.notifyAll(); // there is room
      return next;
    }

    /** Whether another connection reads the stream now. */
    boolean superseded() {
      synchronized (EventStream.this) {
        return number != readers;
      }
    }

    /** The connection has ended. */
    void leave() {
      synchronized (EventStream.this) {
        if (number == readers) {
          attended = false;
        }
      }
    }
  }

  private void forget() {
    long kept = events.size() - (last - taken);
    while (kept > 0 && (kept > limits.keptEvents() || keptBytes > limits.keptBytes())) {
      keptBytes -= events.removeFirst().json().length;
      kept--;
    }
  }
}
