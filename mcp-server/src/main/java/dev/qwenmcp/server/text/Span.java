package dev.qwenmcp.server.text;

/**
 * A part of a text.
 *
 * @param start offset of its first UTF-16 unit
 * @param end offset after its last
 */
public record Span(int start, int end) {
  public int length() {
    return end - start;
  }

  public String of(String text) {
    return text.substring(start, end);
  }
}
