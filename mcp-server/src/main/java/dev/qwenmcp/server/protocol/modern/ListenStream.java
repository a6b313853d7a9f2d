package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.job.JobListeners;
import dev.qwenmcp.server.protocol.Resources;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One subscription: acknowledged first, then a notice for each change that its filter names.
 *
 * <p>A notice says that something stands differently now, so several changes may become one; it is
 * kept until the client takes it, however slowly that reads.
 */
final class ListenStream {
  private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
  private static final String UPDATED = "notifications/resources/updated";
  private static final String LIST_CHANGED = "notifications/resources/list_changed";
  private static final String TASK = "notifications/tasks";
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ModernRequest request;
  private final ListenFilter filter;
  private final Scheduler threads;
  private final Consumer<ObjectNode> answer;
  private final Set<String> watched;
  private final SequencedMap<String, Notice> due = new LinkedHashMap<>();
  private Resources.Watch watch = () -> {};
  private Resources.Watch listWatch = () -> {};
  private JobListeners.Registration jobs = () -> {};
  private boolean retrying;
  private boolean closed;

  /**
   * Something to be said.
   *
   * @param params how it stands when it is said; empty if there is nothing to say any more
   */
  private record Notice(String method, Supplier<Optional<ObjectNode>> params) {}

  /**
   * @param answer takes the result that ends the subscription
   */
  ListenStream(
      ModernRequest request, ListenFilter filter, Scheduler threads, Consumer<ObjectNode> answer) {
    this.request = request;
    this.filter = filter;
    this.threads = threads;
    this.answer = answer;
    this.watched = new HashSet<>(filter.resources());
  }

  /** Acknowledges, and begins to listen. */
  void open(Resources resources, Optional<TaskMethods> tasks) {
    ObjectNode agreed = JsonNodeFactory.instance.objectNode();
    agreed.set("notifications", filter.json());
    say("", new Notice(ACKNOWLEDGED, () -> Optional.of(agreed)));
    synchronized (this) {
      if (closed) {
        return;
      }
      if (!watched.isEmpty()) {
        watch = resources.watch(request.principal(), this::changed, this::anything);
      }
      if (filter.resourceList()) {
        listWatch =
            resources.watchList(
                request.principal(),
                () ->
                    say(
                        "list",
                        new Notice(
                            LIST_CHANGED,
                            () -> Optional.of(JsonNodeFactory.instance.objectNode()))));
      }
      if (!filter.tasks().isEmpty() && tasks.isPresent()) {
        TaskMethods all = tasks.get();
        jobs =
            all.jobs()
                .listeners()
                .add(job -> {
                  if (job.principal().equals(request.principal())
                      && filter.tasks().contains(job.id())) {
                    say(
                        "task " + job.id(),
                        new Notice(TASK, () -> all.standing(request.principal(), job.id())));
                  }
                });
      }
    }
  }

  private void changed(List<String> uris) {
    uris.stream().filter(watched::contains).forEach(this::updated);
  }

  private void anything() {
    filter.resources().forEach(this::updated);
  }

  private void updated(String uri) {
    say(
        "resource " + uri,
        new Notice(
            UPDATED, () -> Optional.of(JsonNodeFactory.instance.objectNode().put("uri", uri))));
  }

  private void say(String key, Notice notice) {
    synchronized (this) {
      due.putIfAbsent(key, notice);
    }
    // Whoever tells of a change must not be kept.
    threads.schedule(this::send);
  }

  private synchronized void send() {
    Iterator<Map.Entry<String, Notice>> next = due.sequencedEntrySet().iterator();
    while (next.hasNext() && !closed) {
      Notice notice = next.next().getValue();
      Optional<ObjectNode> params = notice.params().get();
      if (params.isPresent() && !request.peer().notify(notice.method(), tagged(params.get()))) {
        if (!retrying) {
          retrying = true;
          threads.schedule(this::again, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return;
      }
      next.remove();
    }
  }

  private synchronized void again() {
    retrying = false;
    send();
  }

  private ObjectNode tagged(ObjectNode params) {
    ObjectNode copy = params.deepCopy();
    copy.putObject("_meta").set(ModernProtocol.SUBSCRIPTION_KEY, request.message().id().json());
    return copy;
  }

  /** Ends it from the server's side. */
  void end() {
    send();
    answer.accept(tagged(JsonNodeFactory.instance.objectNode()));
  }

  void close() {
    Resources.Watch ended;
    Resources.Watch endedList;
    JobListeners.Registration endedJobs;
    synchronized (this) {
      closed = true;
      ended = watch;
      endedList = listWatch;
      endedJobs = jobs;
    }
    ended.close();
    endedList.close();
    endedJobs.close();
  }
}
