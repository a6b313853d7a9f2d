package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Small tools that do what a protocol test needs. */
public final class ToyTools {
  private static final ToolSpec.Hints HARMLESS = new ToolSpec.Hints(true, false, true, false);

  /** Counts calls of {@link Wait} that have begun, and those that have seen their cancellation. */
  public final AtomicInteger waiting = new AtomicInteger();

  public final AtomicInteger cancelled = new AtomicInteger();
  public final CountDownLatch release = new CountDownLatch(1);

  public List<Tool<?, ?>> all() {
    return List.of(new Echo(), new Wait(), new Fail(), new Count());
  }

  public record EchoArguments(
      @Doc(value = "What to say.", maxSize = 2_000_000) String text,
      @Doc(value = "How often.", optional = true, min = 1, max = 10) Integer times) {}

  public record EchoResult(@Doc("What was said.") String echo, int times) {}

  /** Says what it hears. */
  public static final class Echo implements Tool<EchoArguments, EchoResult> {
    @Override
    public ToolSpec<EchoArguments, EchoResult> spec() {
      return new ToolSpec<>(
          "echo", "Echo", "Says it again.", EchoArguments.class, EchoResult.class, HARMLESS);
    }

    @Override
    public EchoResult call(EchoArguments arguments, ToolContext context) {
      int times = arguments.times() == null ? 1 : arguments.times();
      return new EchoResult(arguments.text().repeat(times), times);
    }

    @Override
    public Optional<String> text(EchoResult result) {
      return Optional.of(result.echo());
    }
  }

  public record Nothing() {}

  public record Done(boolean done) {}

  /** Runs until it is cancelled or released. */
  public final class Wait implements Tool<Nothing, Done> {
    private static final int POLL_MILLIS = 5;

    @Override
    public ToolSpec<Nothing, Done> spec() {
      return new ToolSpec<>("wait", "Wait", "Waits.", Nothing.class, Done.class, HARMLESS);
    }

    @Override
    public Done call(Nothing arguments, ToolContext context) throws InterruptedException {
      waiting.incrementAndGet();
      while (!release.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (context.cancellation().cancelled()) {
          cancelled.incrementAndGet();
          throw new InterruptedException();
        }
      }
      return new Done(true);
    }
  }

  public record FailArguments(
      @Doc(
              value = "How.",
              oneOf = {"tool", "crash"})
          String how) {}

  /** Fails as it is told. */
  public static final class Fail implements Tool<FailArguments, Done> {
    @Override
    public ToolSpec<FailArguments, Done> spec() {
      return new ToolSpec<>("fail", "Fail", "Fails.", FailArguments.class, Done.class, HARMLESS);
    }

    @Override
    public Done call(FailArguments arguments, ToolContext context) throws ToolException {
      if (arguments.how().equals("tool")) {
        throw new ToolException("out_of_luck", "no luck today; try tomorrow");
      }
      throw new IllegalStateException("secret detail");
    }
  }

  public record CountArguments(@Doc(value = "Up to.", min = 1, max = 100_000) int to) {}

  /** Reports progress as fast as it can. */
  public static final class Count implements Tool<CountArguments, Done> {
    @Override
    public ToolSpec<CountArguments, Done> spec() {
      return new ToolSpec<>(
          "count", "Count", "Counts.", CountArguments.class, Done.class, HARMLESS);
    }

    @Override
    public Done call(CountArguments arguments, ToolContext context) {
      for (int i = 1; i <= arguments.to(); i++) {
        context.progress(i, (double) arguments.to(), "at " + i);
      }
      return new Done(context.wantsProgress());
    }
  }
}
