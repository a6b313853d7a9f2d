package dev.qwenmcp.engine.kv;

import java.util.Arrays;

/**
 * What a page is of. Two are equal if all of it is.
 *
 * @param parent key of the page before it, or the root key
 * @param key its own
 * @param index place in its sequence, 0 for the first page
 * @param tokens its 64 ids
 */
public record PageEntry(PageKey parent, PageKey key, int index, int[] tokens) {
  public PageEntry {
    if (tokens.length != KvLayout.PAGE_TOKENS || index < 0) {
      throw new IllegalArgumentException(
          "a page has " + KvLayout.PAGE_TOKENS + " tokens, not " + tokens.length);
    }
  }

  /** The page of these tokens after {@code parent}. */
  public static PageEntry of(PageKey parent, int index, int[] tokens) {
    return new PageEntry(parent, parent.child(tokens), index, tokens);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PageEntry e
        && key.equals(e.key)
        && parent.equals(e.parent)
        && index == e.index
        && Arrays.equals(tokens, e.tokens);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "page " + index + " " + key;
  }
}
