package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PageKey;
import dev.qwenmcp.engine.kv.PageStore;
import dev.qwenmcp.engine.kv.PageStores;
import dev.qwenmcp.engine.kv.StoreStatistics;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pages on disk, below {@code <directory>/kv}: a folder for each root key, in it segments of this
 * and other processes. What {@code docs/reference/kv-segments.md} says holds after any crash: a
 * page is read back as it was written, or not at all.
 *
 * <p>Nothing is forced to the disk: a machine that loses power may lose what was written in the
 * last half minute, and checksums tell what is left of it.
 */
public final class DiskTier implements PageStores {
  private final Path root;
  private final KvLayout layout;
  private final DiskBudget budget;
  private final long writer = new SecureRandom().nextLong();
  private final TierCounters counters = new TierCounters();
  private final Map<PageKey, SegmentFolder> folders = new HashMap<>();

  /**
   * @param budgetBytes most bytes of all segments below the folder
   * @param clock tells when segments were used and when to look for others' again
   * @param space tells how full the disk is
   */
  record Settings(long budgetBytes, InstantSource clock, DiskSpace space) {}

  /**
   * @param directory the data directory; may be missing yet, and need not be writable
   * @param layout of all pages
   * @param budgetBytes most bytes of all segments below the folder
   */
  public DiskTier(Path directory, KvLayout layout, long budgetBytes) {
    this(directory, layout, new Settings(budgetBytes, InstantSource.system(), DiskSpace.SYSTEM));
  }

  DiskTier(Path directory, KvLayout layout, Settings settings) {
    this.root = directory.resolve("kv");
    this.layout = layout;
    this.budget = new DiskBudget(root, settings);
  }

  @Override
  public synchronized PageStore store(PageKey key) {
    return folders.computeIfAbsent(
        key,
        k ->
            new SegmentFolder(
                root.resolve(k.toString()),
                new SegmentHeader(k, layout),
                budget,
                writer,
                counters));
  }

  @Override
  public StoreStatistics statistics() {
    List<SegmentFolder> all = all();
    return new StoreStatistics(
        all.stream().mapToLong(SegmentFolder::pages).sum(),
        all.stream().mapToLong(SegmentFolder::bytes).sum(),
        counters.writtenPages(),
        counters.readPages(),
        counters.damagedPages(),
        counters.failedWrites());
  }

  @Override
  public void close() {
    all().forEach(SegmentFolder::close);
  }

  private synchronized List<SegmentFolder> all() {
    return List.copyOf(folders.values());
  }
}
