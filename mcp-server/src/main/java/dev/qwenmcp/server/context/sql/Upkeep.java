package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store does now and then on a thread of its own. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long TURN_MILLIS = 500;
  private static final int TURNS_BETWEEN_SWEEPS = 20;

  private final Database database;
  private final Renewals renewals;
  private final TextUpkeep texts;
  private final Sweep sweep;
  private final CountDownLatch end = new CountDownLatch(1);
  private Thread thread;
  private boolean troubled;

  /** Removes what has expired. */
  @FunctionalInterface
  interface Sweep {
    int run() throws ContextException;
  }

  Upkeep(Database database, Renewals renewals, TextUpkeep texts, Sweep sweep) {
    this.database = database;
    this.renewals = renewals;
    this.texts = texts;
    this.sweep = sweep;
  }

  void start() {
    thread = Thread.ofPlatform().daemon().name("context-upkeep").start(this::run);
  }

  private void run() {
    // Processes that were started together should not do the same at the same time.
    int turn = ThreadLocalRandom.current().nextInt(TURNS_BETWEEN_SWEEPS);
    try {
      while (!end.await(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
        turn(turn++ % TURNS_BETWEEN_SWEEPS == 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn(boolean sweeping) {
    try {
      writeRenewals();
      database.maintain();
      texts.run();
      if (sweeping) {
        sweep.run();
        trimChanges();
      }
      troubled = false;
    } catch (ContextException e) {
      if (!troubled) {
        LOG.warn("The contexts' upkeep waits: {}", e.getMessage());
        troubled = true;
      }
    } catch (IllegalStateException e) {
      LOG.debug("Closed meanwhile", e);
    } catch (RuntimeException e) {
      LOG.error("The contexts' upkeep failed", e);
    }
  }

  private void trimChanges() throws ContextException {
    while (database.read(Totals::isLong)) {
      database.write(session -> {
        Totals.trim(session);
        return null;
      });
    }
  }

  /** Writes the lifetimes that reading has renewed. */
  synchronized void writeRenewals() throws ContextException {
    if (renewals.isEmpty()) {
      return;
    }
    Map<Long, Long> pending = renewals.pending();
    database.writeLightly(session -> {
      for (Map.Entry<Long, Long> renewal : pending.entrySet()) {
        session.update(
            "UPDATE contexts SET expires = ? WHERE id = ? AND state = 0 AND expires < ?",
            renewal.getValue(),
            renewal.getKey(),
            renewal.getValue());
      }
      return null;
    });
    renewals.written(pending);
  }

  /** Writes what is still to be written. */
  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
      writeRenewals();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ContextException e) {
      LOG.warn("Lifetimes that were renewed last are lost: {}", e.getMessage());
    }
  }
}
