package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.ObjectNode;

/** The answers to {@code subscriptions/listen}, which go on until the client or the server ends. */
final class ListenStreams {
  private final Resources resources;
  private final Optional<TaskMethods> tasks;
  private final Scheduler threads;
  private final Set<ListenStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  ListenStreams(Resources resources, Optional<TaskMethods> tasks, Scheduler threads) {
    this.resources = resources;
    this.tasks = tasks;
    this.threads = threads;
  }

  Mono<ObjectNode> listen(ModernRequest request) {
    ListenFilter wanted = ListenFilter.of(request);
    if (!wanted.tasks().isEmpty() && !request.meta().declaresExtension(ModernProtocol.TASKS)) {
      throw ModernError.missingExtension(ModernProtocol.TASKS);
    }
    return Mono.<ObjectNode>create(
            sink -> {
              ListenStream stream =
                  new ListenStream(request, honoured(request, wanted), threads, sink::success);
              sink.onDispose(() -> {
                open.remove(stream);
                stream.close();
              });
              open.add(stream);
              stream.open(resources, tasks);
              if (ending) {
                stream.end();
              }
            })
        .subscribeOn(threads);
  }

  /** What of it the principal may hear; what it may not is as if there were no such thing. */
  private ListenFilter honoured(ModernRequest request, ListenFilter wanted) {
    List<String> watchable =
        wanted.resources().stream().filter(uri -> watchable(request.principal(), uri)).toList();
    List<String> known =
        wanted.tasks().stream()
            .filter(id -> tasks.flatMap(all -> all.standing(request.principal(), id)).isPresent())
            .toList();
    return new ListenFilter(wanted.resourceList(), watchable, known);
  }

  private boolean watchable(String principal, String uri) {
    try {
      resources.requireWatchable(principal, uri);
      return true;
    } catch (ToolException e) {
      return false;
    }
  }

  /** Answers all that are open, and from now on at once. */
  void ending() {
    ending = true;
    open.forEach(ListenStream::end);
  }
}
