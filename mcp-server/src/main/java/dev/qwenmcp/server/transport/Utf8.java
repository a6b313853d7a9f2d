package dev.qwenmcp.server.transport;

/**
 * Part of an array, which holds a message in UTF-8 or what claims to be one.
 *
 * @param from where it begins
 * @param to where it ends, exclusive
 * @param plain whether all bytes are ASCII and none is zero: then they are UTF-8, and Jackson does
 *     not take them for UTF-16
 */
record Utf8(byte[] bytes, int from, int to, boolean plain) {
  static final Utf8 EMPTY = new Utf8(new byte[0], 0, 0, true);

  static Utf8 of(byte[] whole) {
    Plainness plainness = new Plainness();
    plainness.add(whole, 0, whole.length);
    return new Utf8(whole, 0, whole.length, plainness.plain());
  }

  int length() {
    return to - from;
  }
}
