package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.remote.RemoteException.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A model behind one or more servers that hold the same one; safe for many threads.
 *
 * <p>Calls of one context go to one address as long as it works. Another is tried, and the same one
 * again after a while, only if nothing of the answer has come.
 */
public final class RemoteModel implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RemoteModel.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private final RemoteSettings settings;
  private final List<Address> addresses;
  private final HttpClient client;
  private final ChatCompletion completion;

  public RemoteModel(RemoteSettings settings) {
    this.settings = settings;
    this.addresses =
        settings.addresses().stream()
            .map(base -> new Address(base, settings.limits().openFor()))
            .toList();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // some servers mistake the offer of HTTP/2
            .connectTimeout(settings.limits().connect())
            .followRedirects(HttpClient.Redirect.NEVER) // the key is for the configured address
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    this.completion = new ChatCompletion(client, settings);
  }

  public String name() {
    return settings.name();
  }

  public RemoteSettings settings() {
    return settings;
  }

  /** Whether at least one address is not being left alone. */
  public boolean reachable() {
    return addresses.stream()
        .anyMatch(address -> address.breaker().getState() != CircuitBreaker.State.OPEN);
  }

  /**
   * Asks for an answer.
   *
   * @param listener hears of it on this thread, from one address only
   * @throws RemoteException if no address gave one
   * @throws InterruptedException if cancelled
   */
  public RemoteReply chat(RemoteRequest request, RemoteListener listener, Cancellation cancellation)
      throws RemoteException, InterruptedException {
    long end = System.nanoTime() + request.timeBudget().toNanos();
    List<Address> order = Address.inOrder(addresses, request.affinity());
    List<String> failures = new ArrayList<>();
    RemoteException last = null;
    for (int attempt = 0; attempt < settings.limits().attempts(); attempt++) {
      Address address = permitted(order, attempt);
      if (address == null) {
        break;
      }
      try {
        return attempt(address, request, listener, cancellation, end);
      } catch (FailedAttempt e) {
        last = e.failure();
        failures.add(last.getMessage());
        LOG.log(System.Logger.Level.WARNING, "remote model {0}: {1}", name(), last.getMessage());
        if (e.begun() || !last.worthAnotherTry()) {
          throw last;
        }
        if (attempt + 1 < settings.limits().attempts()) {
          pause(e.retryAfter(), attempt, order.size(), end, cancellation);
        }
      }
    }
    Kind kind = last == null ? Kind.UNREACHABLE : last.kind();
    throw new RemoteException(
        kind,
        last == null
            ? "all %d addresses of the model %s failed lately and are left alone for up to %d s; try again then, or choose another model"
                .formatted(addresses.size(), name(), settings.limits().openFor().toSeconds())
            : "the model %s did not answer: %s; try again later, or choose another model"
                .formatted(name(), String.join("; ", failures)),
        last);
  }

  /** The first address in order, counted from the attempt, whose breaker lets a call through. */
  private static Address permitted(List<Address> order, int attempt) {
    for (int i = 0; i < order.size(); i++) {
      Address address = order.get((attempt + i) % order.size());
      if (address.breaker().tryAcquirePermission()) {
        return address;
      }
    }
    return null;
  }

  private RemoteReply attempt(
      Address address,
      RemoteRequest request,
      RemoteListener listener,
      Cancellation cancellation,
      long end)
      throws FailedAttempt, InterruptedException {
    CircuitBreaker breaker = address.breaker();
    long begin = System.nanoTime();
    boolean told = false;
    try {
      RemoteReply reply =
          completion.run(
              address, request, listener, cancellation, Duration.ofNanos(Math.max(0, end - begin)));
      breaker.onSuccess(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
      told = true;
      return reply;
    } catch (FailedAttempt e) {
      if (e.failure().addressFailed()) {
        breaker.onError(System.nanoTime() - begin, TimeUnit.NANOSECONDS, e.failure());
      } else {
        breaker.onSuccess(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
      }
      told = true;
      throw e;
    } finally {
      if (!told) {
        breaker.releasePermission(); // cancelled: that says nothing about the address
      }
    }
  }

  /** Another address is tried at once; the same ones again only after a while. */
  private static void pause(
      Duration retryAfter, int attempt, int addresses, long end, Cancellation cancellation)
      throws InterruptedException {
    int round = (attempt + 1) / addresses;
    if ((attempt + 1) % addresses != 0) {
      return;
    }
    long nanos = FIRST_PAUSE.toNanos() << Math.min(round - 1, 4);
    nanos = Math.max(nanos, retryAfter.toNanos());
    nanos = Math.min(nanos, Math.max(0, end - System.nanoTime()));
    Thread sleeper = Thread.currentThread();
    try (Cancellation.Registration _ = cancellation.onCancel(sleeper::interrupt)) {
      Thread.sleep(Duration.ofNanos(nanos));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
