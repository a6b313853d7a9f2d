package dev.qwenmcp.server.label;

/**
 * How much is kept.
 *
 * @param sets most sets of a principal
 * @param labels most labels of a set
 * @param examples most examples of a set
 * @param bytes most UTF-8 bytes of the texts of all sets of a principal
 */
public record LabelSetLimits(int sets, int labels, int examples, long bytes) {
  public static final LabelSetLimits DEFAULT = new LabelSetLimits(100, 1000, 50_000, 64L << 20);
}
