package dev.qwenmcp.server.transport;

/** Finds out whether bytes are {@link Utf8#plain}, part by part as they come. */
final class Plainness {
  private long high;

  /** Adds the next part. */
  void add(byte[] bytes, int from, int to) {
    int i = from;
    long seen = high;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = EightBytes.at(bytes, i);
      seen |= eight | EightBytes.zeros(eight);
    }
    for (; i < to; i++) {
      seen |= bytes[i] <= 0 ? EightBytes.HIGHS : 0;
    }
    high = seen;
  }

  boolean plain() {
    return (high & EightBytes.HIGHS) == 0;
  }
}
