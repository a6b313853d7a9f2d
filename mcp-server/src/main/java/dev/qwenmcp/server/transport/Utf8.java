package dev.qwenmcp.server.transport;

/**
 * Part of an array, which holds a message in UTF-8 or what claims to be one.
 *
 * @param from where it begins
 * @param to where it ends, exclusive
 */
record Utf8(byte[] bytes, int from, int to) {
  static final Utf8 EMPTY = new Utf8(new byte[0], 0, 0);

  static Utf8 of(byte[] whole) {
    return new Utf8(whole, 0, whole.length);
  }

  int length() {
    return to - from;
  }
}
