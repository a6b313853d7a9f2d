package dev.qwenmcp.engine.kv;

/**
 * What stores did since they were opened.
 *
 * @param pages known now
 * @param bytes of these
 * @param writtenPages written by this process
 * @param readPages read back
 * @param damagedPages found damaged and dropped
 * @param failedWrites that met an error
 */
public record StoreStatistics(
    long pages,
    long bytes,
    long writtenPages,
    long readPages,
    long damagedPages,
    long failedWrites) {
  public static final StoreStatistics NONE = new StoreStatistics(0, 0, 0, 0, 0, 0);
}
