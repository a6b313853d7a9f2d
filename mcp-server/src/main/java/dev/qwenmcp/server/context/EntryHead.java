package dev.qwenmcp.server.context;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What is known of an entry without its content: enough to choose those worth reading.
 *
 * @param index position in its context, from 0
 * @param role as in {@link Entry}
 * @param tool the tool that wrote it
 * @param model the model that produced it
 * @param bytes what it counts for: text and structured content in UTF-8, four for each token id
 * @param textDigest of its text, see {@link #digest}
 * @param created when it was written
 */
public record EntryHead(
    int index,
    String role,
    String tool,
    ModelIdentity model,
    long bytes,
    String textDigest,
    Instant created) {

  static EntryHead of(Entry entry, String textDigest) {
    return new EntryHead(
        entry.index(),
        entry.role(),
        entry.tool(),
        entry.model(),
        entry.bytes(),
        textDigest,
        entry.created());
  }

  /** SHA-256 of a text in UTF-8, hexadecimal: equal for equal texts, and for no others. */
  public static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 of a text that is in UTF-8 already. */
  public static String digest(byte[] utf8) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
