package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.EntryHead;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.context.VersionConflictException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A program that uses a store from several threads and says on standard output what was
 * acknowledged, so that whoever kills it can look whether that is there.
 *
 * <p>Lines: {@code open}; {@code ready}; {@code opened CONTEXT}; {@code appended CONTEXT FIRST
 * TAG}, a pair of entries; {@code ending CONTEXT}, before it is tried; {@code ended CONTEXT};
 * {@code error MESSAGE}, which should not happen.
 */
final class StoreWorkload {
  /** What the entry of a pair names itself. */
  record Pair(String tag, int half) {
    static Pair of(Entry entry) {
      String name = entry.tool();
      int slash = name.lastIndexOf('/');
      return new Pair(name.substring(0, slash), Integer.parseInt(name.substring(slash + 1)));
    }
  }

  private static final int THREADS = 3;
  private static final int MOST_BYTES = 100_000;

  /** Some texts are so large that they get files of their own. */
  private static final int LARGE_BYTES = 2 * TextFiles.LEAST_BYTES;

  private final ContextStore store;
  private final ContextId shared;
  private final PrintStream out;
  private final long deadline;

  private StoreWorkload(ContextStore store, ContextId shared, PrintStream out, long deadline) {
    this.store = store;
    this.shared = shared;
    this.out = out;
    this.deadline = deadline;
  }

  /**
   * @param arguments folder; seed; seconds, 0 for until killed; handle of a context to share, if
   *     any
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    out.println("open");
    long seconds = Long.parseLong(arguments[2]);
    ContextLimits limits = ContextLimits.DURABLE;
    try (ContextStore store =
        SqlContextStore.sqlite(
            SqliteSettings.in(Path.of(arguments[0])),
            limits,
            InstantSource.system(),
            new SecureRandom())) {
      out.println("ready");
      StoreWorkload workload =
          new StoreWorkload(
              store,
              arguments.length > 3 ? new ContextId(arguments[3]) : null,
              out,
              seconds == 0 ? Long.MAX_VALUE : System.nanoTime() + seconds * 1_000_000_000L);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(Long.parseLong(arguments[1]) + t);
        threads.add(Thread.ofPlatform().start(() -> workload.run(random)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (ContextException | RuntimeException e) {
      out.println("error " + e);
    }
  }

  private void run(Random random) {
    List<ContextId> mine = new ArrayList<>();
    try {
      mine.add(open());
      while (System.nanoTime() < deadline) {
        step(random, mine);
      }
    } catch (ContextException | RuntimeException e) {
      out.println("error " + e);
    }
  }

  private ContextId open() throws ContextException {
    ContextInfo info = store.open("local", "workload");
    out.println("opened " + info.id());
    return info.id();
  }

  private void step(Random random, List<ContextId> mine) throws ContextException {
    ContextId one = mine.get(random.nextInt(mine.size()));
    switch (random.nextInt(12)) {
      case 0 -> mine.add(open());
      case 1 -> mine.add(fork(random, one));
      case 2 -> {
        if (mine.size() > 3) {
          mine.remove(one);
          out.println("ending " + one);
          store.end("local", one);
          out.println("ended " + one);
        }
      }
      case 3, 4, 5 -> store.read("local", one, 0, 10);
      case 6 -> {
        if (shared != null) {
          store.info("local", shared);
        }
      }
      default -> {
        boolean mayShare = shared != null && random.nextInt(3) == 0;
        append(random, mayShare ? shared : one);
      }
    }
  }

  private ContextId fork(Random random, ContextId origin) throws ContextException {
    int entries = store.info("local", origin).entries();
    int version = entries == 0 ? 0 : 2 * random.nextInt(entries / 2 + 1);
    ContextInfo fork = store.fork("local", origin, OptionalInt.of(version), "fork");
    out.println("opened " + fork.id());
    return fork.id();
  }

  private void append(Random random, ContextId id) throws ContextException {
    String tag = Long.toUnsignedString(random.nextLong(), 36);
    int version = store.info("local", id).entries();
    OptionalInt expected = random.nextBoolean() ? OptionalInt.of(version) : OptionalInt.empty();
    if (version > 200) {
      return;
    }
    try {
      List<Entry> appended =
          store.append(
              "local", id, List.of(draft(tag, 0, random), draft(tag, 1, random)), expected);
      out.println("appended " + id + " " + appended.getFirst().index() + " " + tag);
    } catch (VersionConflictException e) {
      // Somebody else was first: documented, and nothing was written.
    }
  }

  private static EntryDraft draft(String tag, int half, Random random) {
    int most = random.nextInt(20) == 0 ? LARGE_BYTES : MOST_BYTES;
    String text = (tag + ' ').repeat(1 + random.nextInt(most) / (tag.length() + 1));
    return new EntryDraft(
        "document",
        tag + "/" + half,
        ModelIdentity.NONE,
        text,
        "\"" + EntryHead.digest(text) + "\"",
        List.of(half),
        Usage.NONE);
  }
}
