package dev.qwenmcp.server.job;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.Answers;
import dev.qwenmcp.server.protocol.CallEnd;
import dev.qwenmcp.server.protocol.ClientRequest;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.QuestionJson;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.WorkListener;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job that this process runs, as its tool sees it: a call that nobody waits for, whose questions
 * stand until somebody answers them.
 */
final class RunningJob implements ToolContext {
  private static final int MOST_MESSAGE = 1000;
  private static final long POLL_MILLIS = 100;

  private final JobOrder order;
  private final InstantSource clock;
  private final Watcher watcher;
  private final Cancellation cancellation = new Cancellation();
  private final CallEnd end = new CallEnd();
  private final Set<String> remarks = new LinkedHashSet<>();
  private final Map<String, ObjectNode> answers = new LinkedHashMap<>();
  private final AtomicInteger unnamed = new AtomicInteger();
  private final Object saving = new Object();
  private final AtomicReference<Usage> usage = new AtomicReference<>(Usage.NONE);
  private volatile WorkListener work = WorkListener.NONE;
  private Job job;
  private boolean written = true;

  /** Hears how a job stands; outside of the job's lock. */
  interface Watcher {
    /** The job began to wait for answers, has all of them, or said how it goes on. */
    void changed(RunningJob job);

    /** The job waits for somebody else: another may run. */
    void parked();

    /** The job runs again. */
    void unparked();
  }

  RunningJob(Job job, JobOrder order, InstantSource clock, Watcher watcher) {
    this.job = job;
    this.order = order;
    this.clock = clock;
    this.watcher = watcher;
    answers.putAll(order.known());
  }

  JobOrder order() {
    return order;
  }

  /** The job's call as those who look at calls see it. */
  CallRequest request() {
    return new CallRequest(requestId(), principal(), order.arguments(), null, Map.of());
  }

  /** How the call went. */
  CallReport report(ToolOutcome outcome) {
    return new CallReport(outcome, cancellation.cancelled(), usage.get());
  }

  @Override
  public void used(Usage more) {
    usage.accumulateAndGet(more, Usage::plus);
  }

  /** From here on somebody hears the models that work for it. */
  void heardBy(WorkListener listener) {
    work = listener;
  }

  @Override
  public WorkListener work() {
    return work;
  }

  synchronized Job job() {
    return job;
  }

  synchronized List<String> remarks() {
    return List.copyOf(remarks);
  }

  CallEnd end() {
    return end;
  }

  /** Writes down how it stands, unless that has been done; one writes at a time. */
  void save(JobStore store) throws JobStoreException {
    synchronized (saving) {
      Job now;
      synchronized (this) {
        if (written) {
          return;
        }
        written = true;
        now = job;
      }
      store.write(now);
    }
  }

  /** It begins to run. */
  synchronized void begins() {
    job = job.at(JobState.RUNNING, clock.instant());
    written = false;
  }

  /**
   * It has ended: that is written down before anybody can see it.
   *
   * @throws JobStoreException if it is not on disk; it has ended all the same
   */
  Job ends(JobState state, JobEnding how, JobStore store) throws JobStoreException {
    synchronized (saving) {
      Job ended = job().ended(state, how, clock.instant());
      try {
        store.write(ended);
      } finally {
        synchronized (this) {
          job = ended;
          written = true;
          notifyAll();
        }
      }
      return ended;
    }
  }

  /** Waits until the job has ended or asks something, or for so long; whichever is first. */
  synchronized void await(long millis) throws InterruptedException {
    if (!job.state().ended() && job.state() != JobState.INPUT_REQUIRED) {
      wait(Math.max(1, millis));
    }
  }

  /** Takes answers; those to questions that are not open are dropped. */
  void answer(Map<String, ObjectNode> given) {
    boolean changed = false;
    synchronized (this) {
      SequencedMap<String, ClientRequest> open = new LinkedHashMap<>(job.questions());
      for (Map.Entry<String, ObjectNode> each : given.entrySet()) {
        if (open.remove(each.getKey()) != null) {
          answers.put(each.getKey(), each.getValue());
          changed = true;
        }
      }
      if (changed) {
        job = job.asking(open, clock.instant());
        written = false;
        notifyAll();
      }
    }
    if (changed) {
      watcher.changed(this);
    }
  }

  /** Questions without a key are told apart by their order. */
  @Override
  public <A> Optional<A> ask(Question<A> question) throws ToolException, InterruptedException {
    SequencedMap<String, Question<?>> questions = new LinkedHashMap<>();
    String key = "question_" + unnamed.incrementAndGet();
    questions.put(key, question);
    return askAll(questions).map(heard -> heard.to(key, question));
  }

  @Override
  public Optional<Answers> askAll(SequencedMap<String, Question<?>> questions)
      throws ToolException, InterruptedException {
    if (!questions.values().stream().allMatch(order.answers())) {
      return Optional.empty();
    }
    SequencedMap<String, ClientRequest> open = new LinkedHashMap<>();
    questions.forEach((key, question) -> open.put(key, ClientRequest.of(question)));
    boolean waits;
    synchronized (this) {
      open.keySet().removeAll(answers.keySet());
      waits = !open.isEmpty();
      if (waits) {
        job = job.asking(open, clock.instant());
        written = false;
        notifyAll();
      }
    }
    if (waits) {
      watcher.changed(this);
      watcher.parked();
      try {
        awaitAnswers();
      } finally {
        watcher.unparked();
      }
    }
    Map<String, Object> heard = new LinkedHashMap<>();
    synchronized (this) {
      for (Map.Entry<String, Question<?>> each : questions.entrySet()) {
        heard.put(each.getKey(), QuestionJson.answer(each.getValue(), answers.get(each.getKey())));
      }
    }
    return Optional.of(new Answers(heard));
  }

  private synchronized void awaitAnswers() throws InterruptedException {
    while (!job.questions().isEmpty()) {
      if (cancellation.cancelled()) {
        throw new InterruptedException("the job was cancelled");
      }
      wait(POLL_MILLIS);
    }
  }

  @Override
  public String requestId() {
    return job().id();
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public String principal() {
    return order.principal();
  }

  @Override
  public synchronized void progress(double progress, Double total, String message) {
    String shown =
        message == null || message.length() <= MOST_MESSAGE
            ? message
            : message.substring(0, MOST_MESSAGE) + "…";
    double last = job.progress().map(JobProgress::done).orElse(Double.NEGATIVE_INFINITY);
    if (Double.isFinite(progress) && progress > last && !job.state().ended()) {
      Double known = total != null && Double.isFinite(total) ? total : null;
      job = job.told(new JobProgress(progress, known, shown), clock.instant());
      written = false;
    }
  }

  @Override
  public boolean wantsProgress() {
    return true;
  }

  @Override
  public synchronized void remark(String remark) {
    remarks.add(remark);
  }

  @Override
  public void onEnd(Runnable action) {
    end.onEnd(action);
  }

  @Override
  public boolean inBackground() {
    return true;
  }

  @Override
  public void goesOnWith(ObjectNode arguments) {
    synchronized (this) {
      job = job.goingOnWith(arguments.deepCopy(), clock.instant());
      written = false;
    }
    watcher.changed(this);
  }
}
