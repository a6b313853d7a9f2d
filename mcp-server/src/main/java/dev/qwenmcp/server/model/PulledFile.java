package dev.qwenmcp.server.model;

import java.util.List;

/**
 * What is kept beside a pulled model, as {@code MODEL.pulled.json}.
 *
 * @param format of this record, 1
 * @param name of the model in the catalogue
 * @param hub such as {@code huggingface}
 * @param repository such as {@code Qwen/Qwen3-30B-A3B-GGUF}
 * @param revision that was pulled
 * @param licence that the hub stated, empty if it stated none
 * @param parts the files, in order
 */
public record PulledFile(
    int format,
    String name,
    String hub,
    String repository,
    String revision,
    String licence,
    List<Part> parts) {
  /** The present format. */
  public static final int FORMAT = 1;

  public PulledFile {
    parts = List.copyOf(parts);
  }

  /**
   * One file.
   *
   * @param file its name in the folder of this record
   * @param bytes its size
   * @param sha256 its checksum, 64 hexadecimal digits; empty if the hub stated none
   */
  public record Part(String file, long bytes, String sha256) {}

  /** All bytes. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }
}
