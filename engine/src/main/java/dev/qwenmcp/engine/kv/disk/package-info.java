/**
 * Pages on disk: append-only segment files that several processes share, as {@code
 * docs/reference/kv-segments.md} describes them byte by byte.
 *
 * <p>Implements {@link dev.qwenmcp.engine.kv.PageStores}. Start reading at {@link
 * dev.qwenmcp.engine.kv.disk.DiskTier}.
 */
package dev.qwenmcp.engine.kv.disk;
