package dev.qwenmcp.server.document.reader;

import java.time.Duration;

/**
 * What a file may cost.
 *
 * @param characters most UTF-16 units of text that a document may have
 * @param memoryMegabytes heap of the process that parses
 * @param time longest time for one file
 * @param idle how long the process is kept when nothing is to be parsed
 */
public record ParserLimits(int characters, int memoryMegabytes, Duration time, Duration idle) {
  /** 4 million characters are a book of 2,000 pages, and what one call of {@code ingest} takes. */
  public static final ParserLimits DEFAULT =
      new ParserLimits(4_000_000, 512, Duration.ofSeconds(30), Duration.ofSeconds(60));
}
