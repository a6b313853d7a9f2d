package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Block;
import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server and the process that parses write to each other. A request is a format, the most
 * characters wanted and the file's bytes; an answer is a document or a failure. Neither side trusts
 * a length that the other names beyond the limits.
 */
final class Frames {
  private static final int MOST_FIELDS = 100;
  private static final int MOST_FIELD = 64 * 1024;
  private static final int BYTES_A_CHARACTER = 3;
  private static final byte DOCUMENT = 1;
  private static final byte FAILURE = 2;

  private Frames() {}

  /** One file to be parsed. */
  record Request(Format format, int mostCharacters, byte[] content) {}

  static void write(DataOutputStream out, Request request) throws IOException {
    out.writeByte(request.format.ordinal());
    out.writeInt(request.mostCharacters);
    bytes(out, request.content);
    out.flush();
  }

  static Request readRequest(DataInputStream in) throws IOException {
    Format format = Format.values()[in.readUnsignedByte()];
    int most = in.readInt();
    return new Request(format, most, in.readNBytes(in.readInt()));
  }

  static void write(DataOutputStream out, Document document) throws IOException {
    out.writeByte(DOCUMENT);
    string(out, document.title());
    string(out, document.text());
    string(out, document.mediaType());
    out.writeInt(document.metadata().size());
    for (Map.Entry<String, String> field : document.metadata().entrySet()) {
      string(out, field.getKey());
      string(out, field.getValue());
    }
    out.writeInt(document.blocks().size());
    for (Block block : document.blocks()) {
      out.writeByte(block.kind().ordinal());
      out.writeInt(block.start());
      out.writeInt(block.end());
      out.writeInt(block.level());
      out.writeInt(block.page());
    }
    out.flush();
  }

  static void write(DataOutputStream out, DocumentException failure) throws IOException {
    out.writeByte(FAILURE);
    out.writeByte(failure.kind().ordinal());
    string(out, failure.getMessage());
    out.flush();
  }

  /**
   * @throws IOException if what comes is no answer
   * @throws DocumentException if it is a failure
   */
  static Document readAnswer(DataInputStream in, int mostCharacters)
      throws IOException, DocumentException {
    try {
      byte type = in.readByte();
      if (type == FAILURE) {
        DocumentException.Kind kind = DocumentException.Kind.values()[in.readUnsignedByte()];
        throw new DocumentException(kind, string(in, MOST_FIELD));
      }
      if (type != DOCUMENT) {
        throw new IOException("an answer of the unknown type " + type);
      }
      String title = string(in, MOST_FIELD);
      String text = string(in, BYTES_A_CHARACTER * mostCharacters);
      String mediaType = string(in, MOST_FIELD);
      Map<String, String> metadata = new HashMap<>();
      for (int i = bounded(in.readInt(), MOST_FIELDS); i > 0; i--) {
        metadata.put(string(in, MOST_FIELD), string(in, MOST_FIELD));
      }
      List<Block> blocks = new ArrayList<>();
      for (int i = bounded(in.readInt(), mostCharacters); i > 0; i--) {
        Block.Kind kind = Block.Kind.values()[in.readUnsignedByte()];
        blocks.add(new Block(kind, in.readInt(), in.readInt(), in.readInt(), in.readInt()));
      }
      return new Document(title, text, blocks, metadata, mediaType);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("an answer that is no document", e);
    }
  }

  private static int bounded(int count, int most) throws IOException {
    if (count < 0 || count > most) {
      throw new IOException("an answer with the impossible length " + count);
    }
    return count;
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String string(DataInputStream in, int mostBytes) throws IOException {
    int length = bounded(in.readInt(), mostBytes);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
