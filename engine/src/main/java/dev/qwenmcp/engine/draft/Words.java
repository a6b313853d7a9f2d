package dev.qwenmcp.engine.draft;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The text of a sequence as words, whatever tokens it came in: runs of letters, runs of digits,
 * single signs and line ends, and of what is not ASCII single characters below U+00C0 and from
 * U+0800 on (East Asian ones among them), each with the white space before it. A word is there once
 * nothing can be added to it.
 */
final class Words {
  private enum Kind {
    NONE,
    SPACE,
    LETTERS,
    DIGITS,
    SIGN,
    WIDE
  }

  /** Agreement beyond this says nothing more. */
  private static final int LONGEST = 32;

  private byte[] text = new byte[1024];
  private int length;
  private int[] ids = new int[256];
  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private boolean[] signs = new boolean[256];
  private int size;

  private final Map<String, Integer> known = new HashMap<>();
  private final Places ones = new Places();
  private final Places twos = new Places();

  private Kind open = Kind.NONE; // of the word under way
  private int openStart;
  private int missing; // bytes of a wide character still to come

  /** Adds a piece of text; characters and words may end in a later one. */
  void add(byte[] piece) {
    if (length + piece.length > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, length + piece.length));
    }
    for (byte b : piece) {
      Kind kind = kind(b);
      if (kind == Kind.NONE) {
        text[length++] = b; // within a character
        if (open == Kind.WIDE && --missing <= 0) {
          close();
        }
        continue;
      }
      if (open != Kind.NONE && kind != open) {
        close();
      }
      if (kind != Kind.SPACE && open == Kind.NONE) {
        open = kind;
        openStart = length;
      }
      text[length++] = b;
      if (kind == Kind.SIGN) {
        close();
      } else if (kind == Kind.WIDE) {
        missing = (b & 0xff) >= 0xf0 ? 3 : (b & 0xff) >= 0xe0 ? 2 : 1;
      }
    }
  }

  private static Kind kind(byte b) {
    int value = b & 0xff;
    if (value >= 0xe0 || value == 0xc2) {
      return Kind.WIDE;
    }
    if (value >= 0x80) {
      return value >= 0xc0 ? Kind.LETTERS : Kind.NONE;
    }
    if (value <= ' ') {
      return value == '\n' ? Kind.SIGN : Kind.SPACE;
    }
    if (value >= '0' && value <= '9') {
      return Kind.DIGITS;
    }
    return (value | 0x20) >= 'a' && (value | 0x20) <= 'z' ? Kind.LETTERS : Kind.SIGN;
  }

  private void close() {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      signs = Arrays.copyOf(signs, 2 * size);
    }
    // The ending before this word becomes findable only now that its follower is known.
    if (size >= 1) {
      ones.add(one(size - 1), size);
    }
    if (size >= 2) {
      twos.add(two(size - 1), size);
    }
    String word = new String(text, openStart, length - openStart, StandardCharsets.ISO_8859_1);
    Integer id = known.putIfAbsent(word, known.size());
    ids[size] = id == null ? known.size() - 1 : id;
    starts[size] = openStart;
    ends[size] = length;
    signs[size++] = open == Kind.SIGN || open == Kind.WIDE && isSign(openStart, length);
    open = Kind.NONE;
  }

  private boolean isSign(int start, int end) {
    return !Character.isLetterOrDigit(
        new String(text, start, end - start, StandardCharsets.UTF_8).codePointAt(0));
  }

  /** Words that are complete. */
  int size() {
    return size;
  }

  /** The same for equal words, without the space before them. */
  int id(int index) {
    return ids[index];
  }

  boolean isSign(int index) {
    return signs[index];
  }

  boolean isLineEnd(int index) {
    return text[starts[index]] == '\n';
  }

  /** A word's bytes. */
  byte[] word(int index) {
    return Arrays.copyOfRange(text, starts[index], ends[index]);
  }

  /** The white space before a word. */
  byte[] space(int index) {
    return Arrays.copyOfRange(text, index == 0 ? 0 : ends[index - 1], starts[index]);
  }

  /** What came after the last complete word: space, and the beginning of a word. */
  byte[] pending() {
    return Arrays.copyOfRange(text, size == 0 ? 0 : ends[size - 1], length);
  }

  /** Places by the word before them: {@link #one}. */
  Places ones() {
    return ones;
  }

  /** Places by the two words before them: {@link #two}. */
  Places twos() {
    return twos;
  }

  /** The ending of a word alone. */
  long one(int index) {
    return ids[index];
  }

  /** The ending of a word and the one before it. */
  long two(int index) {
    return Places.pair(ids[index - 1], ids[index]);
  }

  /** How many words before a place are those at the end, up to 32. */
  int agreement(int place) {
    int most = Math.min(place, LONGEST);
    int n = 0;
    while (n < most && ids[place - 1 - n] == ids[size - 1 - n]) {
      n++;
    }
    return n;
  }
}
