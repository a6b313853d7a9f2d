package dev.qwenmcp.server.web;

import dev.qwenmcp.engine.ExpertCounts;
import dev.qwenmcp.engine.ExpertGrid;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.server.protocol.WorkListener;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A call from its beginning on, without its contents; safe for many threads. */
final class WatchedCall implements CallObserver.Observed, WorkListener {
  /** Models of one call whose experts are counted: a flow may use several. */
  private static final int MOST_MIXTURES = 4;

  private final long number;
  private final String tool;
  private final InstantSource clock;
  private final Consumer<WatchedCall> atEnd;
  private final Instant began;
  private final Map<String, ExpertCounts> experts = new LinkedHashMap<>();
  private String state = "waiting";
  private String code = "";
  private String model = "";
  private int read;
  private int toRead;
  private int generated; // by all work for the call
  private double speed; // tokens a second of the work that wrote last
  private Usage usage = Usage.NONE;
  private Instant ended;

  WatchedCall(long number, String tool, InstantSource clock, Consumer<WatchedCall> atEnd) {
    this.number = number;
    this.tool = tool;
    this.clock = clock;
    this.atEnd = atEnd;
    this.began = clock.instant();
  }

  long number() {
    return number;
  }

  @Override
  public WorkListener work() {
    return this;
  }

  @Override
  public synchronized Work begins(String name, Optional<ExpertGrid> grid) {
    model = name;
    read = 0;
    toRead = 0;
    ExpertCounts counts = null;
    if (grid.isPresent() && (experts.containsKey(name) || experts.size() < MOST_MIXTURES)) {
      counts = experts.get(name);
      if (counts == null || !counts.grid().equals(grid.get())) {
        counts = new ExpertCounts(grid.get());
        experts.put(name, counts);
      }
    }
    return new OneWork(counts);
  }

  /** One prompt and what is written after it. */
  private final class OneWork implements Work {
    private final ExpertCounts counts; // null if nothing is counted
    private int written;
    private int atFirst; // written with the first
    private Instant first;

    OneWork(ExpertCounts counts) {
      this.counts = counts;
    }

    @Override
    public void read(int done, int total) {
      synchronized (WatchedCall.this) {
        state = "reading";
        read = done;
        toRead = total;
      }
    }

    @Override
    public void wrote(int tokens) {
      synchronized (WatchedCall.this) {
        Instant now = clock.instant();
        state = "writing";
        generated += tokens - written;
        written = tokens;
        if (first == null) {
          first = now;
          atFirst = tokens;
        }
        double seconds = seconds(first, now);
        speed = seconds > 0 ? (tokens - atFirst) / seconds : 0;
      }
    }

    @Override
    public ExpertListener experts() {
      return counts == null ? ExpertListener.NONE : counts;
    }
  }

  @Override
  public void ended(CallReport report) {
    synchronized (this) {
      usage = report.usage();
      state =
          report.cancelled()
              ? "cancelled"
              : switch (report.outcome()) {
                case ToolOutcome.Success _ -> "ok";
                case ToolOutcome.Failure failure -> {
                  code = failure.code();
                  yield "failed";
                }
              };
      ended = clock.instant();
    }
    atEnd.accept(this);
  }

  @Override
  public void refused() {
    synchronized (this) {
      state = "refused";
      code = "busy";
      ended = clock.instant();
    }
    atEnd.accept(this);
  }

  synchronized Usage usage() {
    return usage;
  }

  synchronized boolean failed() {
    return !code.isEmpty();
  }

  synchronized CallsView.Call view() {
    Usage known = ended != null ? usage : new Usage(0, 0, 0, generated, 0, 0);
    return new CallsView.Call(
        number,
        tool,
        state,
        code,
        began,
        seconds(began, ended == null ? clock.instant() : ended),
        model,
        read,
        toRead,
        known,
        ended != null && usage.generateSeconds() > 0
            ? usage.generatedTokens() / usage.generateSeconds()
            : speed,
        !experts.isEmpty());
  }

  /** Expert counts by model, as they are now. */
  synchronized Map<String, ExpertCounts> experts() {
    return new LinkedHashMap<>(experts);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() * 1e-9;
  }
}
