package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;

/** The small model inside the program's jar, with which everything works without a download. */
public final class EmbeddedModel {
  /** Its name in the catalogue. */
  public static final String NAME = "nano";

  /** Of its weights; NOTICE.md beside them says why. */
  private static final String LICENCE = "CC-BY-SA-4.0";

  private static final String RESOURCE = "nano-Q8_0.gguf";
  private static final int CHUNK_BYTES = 1 << 20;

  private EmbeddedModel() {}

  /** Its place in a catalogue. */
  static CatalogModel catalogModel() {
    return new CatalogModel(
        NAME,
        ModelKind.EMBEDDED,
        "Built in: 11 million parameters, made for demonstrations. Picks intents from a list and"
            + " holds simple customer-service dialogues in English; makes up facts.",
        List.of("en"),
        LICENCE,
        EmbeddedModel::open);
  }

  /** Copies it from the jar to native memory, which is freed when the file is closed. */
  public static GgufFile open() throws IOException {
    URL url = EmbeddedModel.class.getResource(RESOURCE);
    if (url == null) {
      throw new IOException(
          "the built-in model " + RESOURCE + " is missing from the program's jar; build it anew");
    }
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      Arena arena = Arena.ofShared();
      MemorySegment bytes;
      try {
        bytes = arena.allocate(connection.getContentLengthLong(), 64);
        fill(bytes, in);
      } catch (IOException | RuntimeException | Error e) {
        arena.close();
        throw e;
      }
      return GgufFile.of(NAME, bytes.asReadOnly(), arena);
    }
  }

  private static void fill(MemorySegment target, InputStream in) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long at = 0;
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      MemorySegment.copy(
          MemorySegment.ofArray(chunk), 0, target, at, read); // fails if longer than announced
      at += read;
    }
    if (at != target.byteSize()) {
      throw new EOFException(
          RESOURCE + " ends after " + at + " of " + target.byteSize() + " bytes");
    }
  }
}
