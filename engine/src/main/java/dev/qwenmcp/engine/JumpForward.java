package dev.qwenmcp.engine;

import dev.qwenmcp.engine.grammar.ForcedText;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Text that a constraint leaves no choice about, as the tokens that a text of it has: no model step
 * is needed for them (jump-forward).
 *
 * <p>What comes after such text must not find a token cut that plain text would have had whole: so
 * only tokens are given that are the same whatever follows, and only after tokens that are those of
 * plain text as well. The rest is drawn, as if there were no jump.
 */
final class JumpForward {
  /** Tokens before the text that are looked at: enough for any word. */
  private static final int CONTEXT = 16;

  private static final int[] NOTHING = {};

  private final BpeTokenizer tokenizer;

  JumpForward(BpeTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * The tokens that come next, none if there is a choice at once.
   *
   * @param tokens so far, prompt included
   * @param constraint stands after these; does not move
   */
  int[] next(TokenSequence tokens, TokenConstraint constraint) {
    ForcedText forced = constraint.forcedText();
    if (forced.text().isEmpty()) {
      return NOTHING;
    }
    byte[] before = before(tokens);
    String context;
    try {
      context = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(before)).toString();
    } catch (CharacterCodingException e) {
      return NOTHING; // within a character
    }
    String whole = context + forced.text();
    int[] ids = forced.ends() ? tokenizer.encode(whole) : tokenizer.encodeSettled(whole);
    int first = boundary(ids, before.length);
    if (first < 0 || first > 0 && ids[first - 1] != tokens.get(tokens.size() - 1)) {
      return NOTHING;
    }
    int[] next = Arrays.copyOfRange(ids, first, ids.length);
    if (!spells(next, forced.text().getBytes(StandardCharsets.UTF_8))) {
      return NOTHING; // it was normalised
    }
    return Arrays.copyOf(next, constraint.fitting(next));
  }

  /** Bytes of the last tokens, from a whole character on, back to a special token. */
  private byte[] before(TokenSequence tokens) {
    int first = tokens.size();
    while (first > 0 && tokens.size() - first < CONTEXT && !special(tokens.get(first - 1))) {
      first--;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = first; i < tokens.size(); i++) {
      bytes.writeBytes(tokenizer.bytes(tokens.get(i)));
    }
    byte[] all = bytes.toByteArray();
    int start = 0;
    while (start < Math.min(3, all.length) && (all[start] & 0xC0) == 0x80) {
      start++;
    }
    return Arrays.copyOfRange(all, start, all.length);
  }

  private boolean special(int id) {
    if (id >= tokenizer.size() || tokenizer.isControl(id)) {
      return true;
    }
    byte[] bytes = tokenizer.bytes(id);
    OptionalInt special = tokenizer.special(new String(bytes, StandardCharsets.UTF_8));
    return special.isPresent() && special.getAsInt() == id;
  }

  /** The token that begins after so many bytes, -1 if none does. */
  private int boundary(int[] ids, int bytes) {
    int at = 0;
    for (int i = 0; i < ids.length; i++) {
      if (at >= bytes) {
        return at == bytes ? i : -1;
      }
      at += tokenizer.bytes(ids[i]).length;
    }
    return -1;
  }

  private boolean spells(int[] ids, byte[] text) {
    int at = 0;
    for (int id : ids) {
      byte[] bytes = tokenizer.bytes(id);
      if (at + bytes.length > text.length
          || !Arrays.equals(bytes, 0, bytes.length, text, at, at + bytes.length)) {
        return false;
      }
      at += bytes.length;
    }
    return true;
  }
}
