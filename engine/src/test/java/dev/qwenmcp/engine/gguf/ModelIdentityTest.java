package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelIdentityTest {
  /**
   * Of the only tensor: many more than three blocks of 4 KiB, so that samples would miss changes.
   */
  private static final int FLOATS = 1 << 14;

  @TempDir private Path folder;

  private static byte[] model() {
    return RawGguf.header(1, 0)
        .tensor("t", 0, 0, FLOATS)
        .data(FLOATS * Float.BYTES)
        .segment()
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static String inMemory(byte[] model) throws IOException {
    return ModelIdentity.of(GgufFile.of("m", MemorySegment.ofArray(model)));
  }

  private String onDisk(String name, byte[] model) throws IOException {
    Path path = folder.resolve(name);
    Files.write(path, model);
    try (GgufFile file = GgufFile.open(path)) {
      return ModelIdentity.of(file);
    }
  }

  @Test
  void isThatOfTheBytesAndNotOfTheNameOrPlace() throws IOException {
    assertThat(inMemory(model())).hasSize(64).isEqualTo(inMemory(model()));
    String first = onDisk("a.gguf", model());
    assertThat(onDisk("b.gguf", model())).isEqualTo(first);
  }

  @Test
  void everyByteOfSmallDataCounts() throws IOException {
    Set<String> seen = new HashSet<>();
    seen.add(inMemory(model()));
    seen.add(onDisk("m.gguf", model()));
    int changes = 0;
    byte[] model = model();
    int data = model.length - FLOATS * Float.BYTES;
    for (int at = data; at < model.length; at += 997) {
      model[at] ^= 1;
      seen.add(inMemory(model));
      seen.add(onDisk("m.gguf", model));
      model[at] ^= 1;
      changes++;
    }
    assertThat(seen).hasSize(2 + 2 * changes);
  }

  @Test
  void theTimeOfASmallFileDoesNotCount() throws IOException {
    String first = onDisk("m.gguf", model());
    Path path = folder.resolve("m.gguf");
    Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(ModelIdentity.of(file)).isEqualTo(first);
    }
  }
}
