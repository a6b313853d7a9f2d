package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.RpcPeer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The resources that one client wants to hear of.
 *
 * <p>A notice says that a resource reads differently now, so several changes may become one; it is
 * kept until the client takes it, however slowly that reads.
 */
final class Subscriptions implements AutoCloseable {
  private static final String UPDATED = "notifications/resources/updated";
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Resources resources;
  private final Scheduler threads;
  private final Set<String> wanted = new LinkedHashSet<>();
  private final Set<String> due = new LinkedHashSet<>();
  private RpcPeer peer;
  private Resources.Watch watch;
  private boolean retrying;
  private boolean closed;

  Subscriptions(Resources resources, Scheduler threads) {
    this.resources = resources;
    this.threads = threads;
  }

  /** Wants to hear of a resource; entries that do not exist yet are told when they do. */
  synchronized void add(String uri, RpcPeer client) throws ToolException {
    resources.requireWatchable(client.principal(), uri);
    if (closed) {
      return;
    }
    if (watch == null) {
      peer = client;
      watch = resources.watch(client.principal(), this::changed, this::anything);
    }
    wanted.add(uri);
  }

  /** No longer wants to; the watch stays, for clients that come back to it. */
  synchronized void remove(String uri) {
    wanted.remove(uri);
    due.remove(uri);
  }

  private synchronized void changed(List<String> uris) {
    for (String uri : uris) {
      if (wanted.contains(uri)) {
        due.add(uri);
      }
    }
    send();
  }

  private synchronized void anything() {
    due.addAll(wanted);
    send();
  }

  private synchronized void send() {
    Iterator<String> next = due.iterator();
    while (next.hasNext() && !closed) {
      ObjectNode params = JsonNodeFactory.instance.objectNode().put("uri", next.next());
      if (!peer.announce(UPDATED, params)) {
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

  @Override
  public void close() {
    Resources.Watch ended;
    synchronized (this) {
      closed = true;
      ended = watch;
    }
    if (ended != null) {
      ended.close();
    }
  }
}
