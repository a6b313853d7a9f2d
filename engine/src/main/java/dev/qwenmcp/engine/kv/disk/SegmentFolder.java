package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.PageEntry;
import dev.qwenmcp.engine.kv.PageKey;
import dev.qwenmcp.engine.kv.PageStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All segments with one root key: those of this process, of others that are running, and of those
 * that have ended.
 *
 * <p>Scanning and writing have locks of their own, so that what asks the index alone never waits
 * for a disk.
 */
final class SegmentFolder implements PageStore {
  private static final System.Logger LOG = System.getLogger(SegmentFolder.class.getName());

  /** How often a look-up that misses may look for what other processes wrote. */
  private static final long RESCAN_MILLIS = 300;

  /** How often a segment in use is marked as such. */
  private static final long TOUCH_MILLIS = 60_000;

  /** Files that are scanned at once. */
  private static final int MOST_READERS = 16;

  private final Path path;
  private final SegmentHeader header;
  private final SegmentReader reader;
  private final SegmentWriter writer;
  private final DiskBudget budget;
  private final TierCounters counters;
  private final SegmentIndex index = new SegmentIndex();
  private final ReentrantLock scanning = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final Map<Path, Segment> segments = new HashMap<>(); // guarded by scanning
  private final Set<Path> foreign = new HashSet<>(); // guarded by scanning
  private long nextScan = Long.MIN_VALUE; // guarded by scanning
  private boolean damageTold; // guarded by scanning
  private volatile boolean closed;

  SegmentFolder(
      Path path, SegmentHeader header, DiskBudget budget, long writer, TierCounters counters) {
    this.path = path;
    this.header = header;
    this.reader = new SegmentReader(header);
    this.budget = budget;
    this.counters = counters;
    this.writer = new SegmentWriter(path, header, writer, budget.segmentBytes(header.stride()));
  }

  @Override
  public Optional<PageEntry> nearest(PageKey parent, int[] tokens) {
    Optional<PageEntry> found = index.nearest(parent, tokens);
    boolean whole =
        found.isPresent() && SegmentIndex.common(found.get().tokens(), tokens) == tokens.length;
    return whole || !rescan() ? found : index.nearest(parent, tokens);
  }

  @Override
  public boolean contains(PageKey key) {
    return index.place(key) != null;
  }

  @Override
  public boolean read(PageEntry entry, MemorySegment target) {
    SegmentIndex.Place place = index.place(entry.key());
    while (place != null) {
      if (read(place, entry, target)) {
        counters.read();
        return true;
      }
      place = index.place(entry.key());
    }
    return false;
  }

  /** Reads the page from one place, which is forgotten if it has no such page. */
  private boolean read(SegmentIndex.Place place, PageEntry entry, MemorySegment target) {
    Segment segment = place.segment();
    try {
      if (reader.read(segment.path(), place.record(), entry, target)) {
        touch(segment);
        return true;
      }
      damaged(segment, place.record(), "its checksum does not fit");
    } catch (NoSuchFileException _) {
      forget(segment);
      return false;
    } catch (IOException e) {
      damaged(segment, place.record(), e.toString());
    }
    index.remove(entry, segment, place.record());
    return false;
  }

  @Override
  public void write(PageEntry entry, MemorySegment page) throws IOException {
    writing.lock();
    try {
      if (closed || contains(entry.key())) {
        return;
      }
      budget.makeRoom(header.stride(), writer.segment() == null ? null : writer.segment().path());
      Segment segment = writer.segment();
      if (writer.needsFile()) {
        segment = writer.begin();
        scanning.lock();
        try {
          segments.put(segment.path(), segment);
        } finally {
          scanning.unlock();
        }
      }
      writer.append(entry, page);
      index.add(segment, entry);
      counters.wrote();
    } catch (IOException e) {
      counters.failed();
      throw e;
    } finally {
      writing.unlock();
    }
  }

  @Override
  public boolean writable() {
    return budget.allows(SegmentHeader.BYTES + header.stride());
  }

  @Override
  public void touch(PageKey key) {
    SegmentIndex.Place place = index.place(key);
    if (place != null) {
      touch(place.segment());
    }
  }

  private void touch(Segment segment) {
    long now = budget.now().toEpochMilli();
    synchronized (segment) {
      if (now - segment.touched() < TOUCH_MILLIS) {
        return;
      }
      segment.touched(now);
    }
    try {
      Files.setLastModifiedTime(segment.path(), FileTime.fromMillis(now));
    } catch (IOException _) {
      // Gone or not ours to mark: it then counts as used when it was written.
    }
  }

  /** Looks for segments and records that others have written; false if it was done just now. */
  private boolean rescan() {
    scanning.lock();
    try {
      long now = budget.now().toEpochMilli();
      if (closed || now < nextScan) {
        return false;
      }
      scan();
      nextScan = budget.now().toEpochMilli() + RESCAN_MILLIS;
      return true;
    } finally {
      scanning.unlock();
    }
  }

  private void scan() {
    Set<Path> there = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + SegmentWriter.SUFFIX)) {
      for (Path file : files) {
        there.add(file);
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      // Nothing was written yet.
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot look for keys and values on disk: {0}", e);
      return;
    }
    Iterator<Segment> known = segments.values().iterator();
    while (known.hasNext()) {
      Segment segment = known.next();
      if (!there.contains(segment.path())) {
        known.remove();
        index.remove(segment);
      }
    }
    foreign.retainAll(there);
    List<Callable<Addition>> readings = new ArrayList<>();
    for (Path file : there) {
      if (!foreign.contains(file) && !own(file)) {
        Segment segment = segments.computeIfAbsent(file, Segment::new);
        if (grown(segment)) {
          readings.add(() -> addition(segment));
        }
      }
    }
    readAll(readings).forEach(this::add);
  }

  /**
   * What a segment has that is not in the index.
   *
   * @param entries of its next records, null for each damaged one
   * @param problem why the file is no segment of these pages, or null
   */
  private record Addition(Segment segment, List<PageEntry> entries, String problem) {}

  /** Headers lie far apart: a disk answers many questions at once faster than one by one. */
  private static List<Addition> readAll(List<Callable<Addition>> readings) {
    if (readings.isEmpty()) {
      return List.of();
    }
    boolean interrupted = Thread.interrupted();
    try (ExecutorService readers =
        Executors.newFixedThreadPool(Math.min(MOST_READERS, readings.size()))) {
      List<Future<Addition>> running = readings.stream().map(readers::submit).toList();
      List<Addition> additions = new ArrayList<>();
      for (Future<Addition> one : running) {
        while (true) {
          try {
            additions.add(one.get());
            break;
          } catch (InterruptedException _) {
            interrupted = true;
          }
        }
      }
      return additions;
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading a segment failed unexpectedly", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Addition addition(Segment segment) {
    try {
      return new Addition(segment, reader.entries(segment.path(), segment.records()), null);
    } catch (SegmentReader.ForeignFileException e) {
      return new Addition(segment, List.of(), e.getMessage());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Skipping " + segment.path(), e);
      return new Addition(segment, List.of(), null);
    }
  }

  private void add(Addition addition) {
    Segment segment = addition.segment();
    if (addition.problem() != null) {
      LOG.log(System.Logger.Level.WARNING, addition.problem());
      foreign.add(segment.path());
      segments.remove(segment.path());
    }
    for (PageEntry entry : addition.entries()) {
      index.add(segment, entry);
      if (entry == null) {
        damaged(segment, segment.records() - 1, "its header is damaged");
      }
    }
  }

  /** What this process writes is in the index as it is written. */
  private boolean own(Path file) {
    return file.getFileName().toString().startsWith(writer.prefix());
  }

  /** Whether a file may have more records than are known. */
  private boolean grown(Segment segment) {
    try {
      return segment.records() == 0
          || header.records(Files.size(segment.path())) > segment.records();
    } catch (IOException _) {
      return false; // gone; the next scan notices
    }
  }

  private void forget(Segment segment) {
    scanning.lock();
    try {
      segments.remove(segment.path(), segment);
      index.remove(segment);
    } finally {
      scanning.unlock();
    }
  }

  private void damaged(Segment segment, int record, String problem) {
    counters.damaged();
    scanning.lock();
    try {
      LOG.log(
          damageTold ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
          "Page {0} of {1} is damaged and is computed again: {2}",
          record,
          segment.path(),
          problem);
      damageTold = true;
    } finally {
      scanning.unlock();
    }
  }

  long pages() {
    return index.pages();
  }

  long bytes() {
    return index.pages() * header.stride();
  }

  /** Waits for a write under way. */
  void close() {
    writing.lock();
    try {
      closed = true;
      writer.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Closing a segment", e);
    } finally {
      writing.unlock();
    }
  }
}
