package dev.qwenmcp.server.job;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.CallEnd;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import dev.qwenmcp.server.protocol.message.ToolJson;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs jobs and knows how they stand; safe for many threads.
 *
 * <p>A job is on disk before its handle is given away, and its end before anybody is told. Handles
 * of others and handles that never were are refused alike.
 */
public final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final int ID_BYTES = 20;
  private static final int IDLE_SECONDS = 30;
  private static final long POLL_MILLIS = 250;

  private final JobStore store;
  private final JobSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CallObserver observer;
  private final ThreadPoolExecutor threads;
  private final JobTender tender;
  private final JobListeners listeners = new JobListeners();
  private final Map<String, RunningJob> running = new ConcurrentHashMap<>();
  private volatile boolean closing;

  /**
   * @param store closed with this
   * @param random makes handles that nobody can guess
   * @param observer sees the calls of jobs as those of clients
   */
  public Jobs(
      JobStore store,
      JobSettings settings,
      InstantSource clock,
      SecureRandom random,
      CallObserver observer) {
    this.observer = observer;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.threads =
        new ThreadPoolExecutor(
            settings.running(),
            settings.running(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("job-", 0).factory());
    this.threads.allowCoreThreadTimeOut(true);
    this.tender = new JobTender(store, running, settings.tending());
  }

  /**
   * Writes a job down and begins it as soon as there is room.
   *
   * @return how it stands
   * @throws ToolException if it cannot be kept, or too many go on
   */
  public Job start(JobOrder order) throws ToolException {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    Job job =
        new Job(
            "job_" + Base64.getUrlEncoder().withoutPadding().encodeToString(id),
            order.principal(),
            order.tool().spec().name(),
            order.arguments().deepCopy(),
            JobState.QUEUED,
            Optional.empty(),
            new LinkedHashMap<>(),
            Optional.empty(),
            clock.instant(),
            clock.instant());
    try {
      store.begin(job);
    } catch (JobStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
    RunningJob begun = new RunningJob(job, order, clock, new Watching());
    running.put(job.id(), begun);
    tender.wake();
    try {
      threads.execute(() -> run(begun));
    } catch (RejectedExecutionException e) {
      end(begun, JobState.INTERRUPTED, JobEnding.INTERRUPTED);
    }
    return begun.job();
  }

  /** Writes down what happens to jobs when it happens, and lets others run while one waits. */
  private final class Watching implements RunningJob.Watcher {
    @Override
    public void changed(RunningJob job) {
      save(job);
      listeners.changed(job.job());
      tender.wake();
    }

    @Override
    public void parked() {
      resize(1);
    }

    @Override
    public void unparked() {
      resize(-1);
    }

    private void resize(int by) {
      synchronized (threads) {
        int size = threads.getCorePoolSize() + by;
        if (by > 0) {
          threads.setMaximumPoolSize(size);
          threads.setCorePoolSize(size);
        } else {
          threads.setCorePoolSize(size);
          threads.setMaximumPoolSize(size);
        }
      }
    }
  }

  private void run(RunningJob job) {
    if (job.cancellation().cancelled()) {
      end(job, stopped(), stoppedEnding());
      return;
    }
    job.begins();
    save(job);
    listeners.changed(job.job());
    CallObserver.Observed observed =
        observer.began(job.order().tool().spec().name(), job.request());
    job.heardBy(observed.work());
    boolean reported = false;
    try {
      ToolOutcome outcome;
      try (CallEnd _ = job.end()) {
        outcome = job.order().tool().call(job.order().arguments(), job).remarked(job.remarks());
      }
      observed.ended(job.report(outcome));
      reported = true;
      ended(job, outcome);
    } catch (MissingCapabilityException e) {
      observed.ended(job.report(new ToolOutcome.Failure("missing_capability", e.getMessage())));
      ObjectNode error = JsonNodeFactory.instance.objectNode();
      error.put("code", JobEnding.MISSING_CAPABILITY).put("message", e.getMessage());
      error.putObject("data").putObject("requiredCapabilities").putObject(e.capability());
      end(job, JobState.FAILED, new JobEnding.Refusal(error));
    } catch (RuntimeException e) {
      LOG.error("The job {} failed", job.requestId(), e);
      if (!reported) {
        observed.ended(job.report(new ToolOutcome.Failure("internal_error", "the server failed")));
      }
      end(
          job,
          JobState.FAILED,
          JobEnding.Refusal.of(
              JobEnding.INTERNAL_ERROR,
              "internal error; the server's log has it under " + job.requestId()));
    }
  }

  private void ended(RunningJob job, ToolOutcome outcome) {
    boolean failed = outcome instanceof ToolOutcome.Failure;
    if (failed && job.cancellation().cancelled()) {
      end(job, stopped(), stoppedEnding());
    } else {
      end(
          job,
          failed ? JobState.FAILED : JobState.FINISHED,
          new JobEnding.Result(ToolJson.result(outcome)));
    }
  }

  private JobState stopped() {
    return closing ? JobState.INTERRUPTED : JobState.CANCELLED;
  }

  private JobEnding stoppedEnding() {
    return closing ? JobEnding.INTERRUPTED : JobEnding.CANCELLED;
  }

  private void end(RunningJob job, JobState state, JobEnding how) {
    try {
      job.ends(state, how, store);
    } catch (JobStoreException e) {
      LOG.warn(
          "The job {} is {}, which is not on disk: {}", job.requestId(), state, e.getMessage());
    }
    running.remove(job.requestId());
    listeners.changed(job.job());
  }

  private void save(RunningJob job) {
    try {
      job.save(store);
    } catch (JobStoreException e) {
      LOG.warn("How the job {} stands is not on disk: {}", job.requestId(), e.getMessage());
    }
  }

  /**
   * How a job stands.
   *
   * @throws ToolException with the code {@code unknown_job} if the principal has no such job
   */
  public Job get(String principal, String id) throws ToolException {
    RunningJob here = running.get(id);
    if (here != null && here.order().principal().equals(principal)) {
      Job job = here.job();
      if (!job.state().ended()) {
        return job;
      }
    }
    try {
      return store.find(principal, id).orElseThrow(() -> unknown(id));
    } catch (JobStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  private static ToolException unknown(String id) {
    return new ToolException(
        "unknown_job",
        "there is no job %s; jobs go %d hours after their end, job_list names those that are known"
            .formatted(id, Job.LIFETIME.toHours()));
  }

  /**
   * Waits for a job's end, or for a question of it.
   *
   * @param limit how long
   * @param looked sees how it stands meanwhile
   * @param enough ends the waiting early
   * @return how it stands then
   * @throws ToolException as for {@link #get}
   */
  public Job await(
      String principal, String id, Duration limit, Consumer<Job> looked, Cancellation enough)
      throws ToolException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Job job = get(principal, id);
      looked.accept(job);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (job.state().ended()
          || job.state() == JobState.INPUT_REQUIRED
          || left <= 0
          || enough.cancelled()) {
        return job;
      }
      RunningJob here = running.get(id);
      if (here != null) {
        here.await(Math.min(left, POLL_MILLIS));
      } else {
        Thread.sleep(Math.min(left, POLL_MILLIS));
      }
    }
  }

  /** A principal's jobs, the latest first. */
  public List<Job> list(String principal, int limit) throws ToolException {
    try {
      return store.list(principal, limit).stream()
          .map(job -> Optional.ofNullable(running.get(job.id())).map(RunningJob::job).orElse(job))
          .toList();
    } catch (JobStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  /**
   * Asks a job to stop; one that has ended stays as it is.
   *
   * @throws ToolException as for {@link #get}
   */
  public void cancel(String principal, String id) throws ToolException {
    if (get(principal, id).state().ended()) {
      return;
    }
    RunningJob here = running.get(id);
    if (here != null) {
      here.cancellation().cancel();
      return;
    }
    try {
      store.wantCancelled(id);
    } catch (JobStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  /**
   * Answers questions of a job; answers to questions that are not open are dropped.
   *
   * @throws ToolException as for {@link #get}
   */
  public void answer(String principal, String id, Map<String, ObjectNode> answers)
      throws ToolException {
    if (get(principal, id).state().ended()) {
      return;
    }
    RunningJob here = running.get(id);
    if (here != null) {
      here.answer(answers);
      return;
    }
    try {
      store.answer(id, answers);
    } catch (JobStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  /** Forgets a job whose result has been handed over. */
  public void forget(String principal, String id) throws ToolException {
    if (get(principal, id).state().ended()) {
      try {
        store.remove(id);
      } catch (JobStoreException e) {
        throw new ToolException(e.code(), e.getMessage());
      }
    }
  }

  /** Hears of changes of jobs that this process runs, until closed. */
  public JobListeners listeners() {
    return listeners;
  }

  /** Stops what runs and writes it down as interrupted; waits a moment for that. */
  @Override
  public void close() {
    closing = true;
    threads.shutdown();
    running.values().forEach(job -> job.cancellation().cancel());
    try {
      if (!threads.awaitTermination(settings.ending().toMillis(), TimeUnit.MILLISECONDS)) {
        running
            .values()
            .forEach(job -> {
              LOG.warn("The job {} has not stopped", job.requestId());
              end(job, JobState.INTERRUPTED, JobEnding.INTERRUPTED);
            });
      }
      tender.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
