package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  @TempDir Path folder;
  private Path target;

  /** One tensor "t" of 10 bytes. */
  private GgufDraft draft;

  @BeforeEach
  void draft() {
    target = folder.resolve("out.gguf");
    draft = new GgufDraft().tensor("t", GgmlType.I8, List.of(10L));
  }

  @Test
  void streamsATensorInPieces() throws IOException {
    try (GgufWriter writer = GgufWriter.create(target, draft)) {
      writer.write(
          "t",
          channel -> {
            for (byte i = 0; i < 10; i++) {
              channel.write(ByteBuffer.wrap(new byte[] {i}));
            }
          });
      writer.finish();
    }
    try (GgufFile file = GgufFile.open(target)) {
      assertThat(file.data(file.tensor("t").orElseThrow()).toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    assertThat(Files.size(target)).isEqualTo(draft.fileSize());
    assertOnly(target);
  }

  @Test
  void replacesAnExistingFileOnlyWhenFinished() throws IOException {
    Files.writeString(target, "old");
    try (GgufWriter writer = GgufWriter.create(target, draft)) {
      writer.write("t", MemorySegment.ofArray(new byte[10]));
      assertThat(target).hasContent("old");
      writer.finish();
    }
    GgufFile.open(target).close();
    assertOnly(target);
  }

  @Test
  void leavesNothingBehindWhenItIsNotFinished() throws IOException {
    try (GgufWriter writer = GgufWriter.create(target, draft)) {
      writer.write("t", MemorySegment.ofArray(new byte[10]));
    }
    assertOnly();
  }

  @Test
  void refusesATensorOfAnotherSize() throws IOException {
    for (int size : new int[] {0, 9, 11}) {
      refused(
          writer -> writer.write("t", MemorySegment.ofArray(new byte[size])),
          "tensor \"t\" of type I8 and shape [10] takes 10 bytes, not " + size);
    }
  }

  @Test
  void refusesAStreamOfAnotherSize() throws IOException {
    refused(
        writer -> writer.write("t", channel -> channel.write(ByteBuffer.allocate(9))),
        "takes 10 bytes, not 9");
    refused(
        writer -> writer.write("t", channel -> channel.write(ByteBuffer.allocate(11))),
        "takes 10 bytes, not more");
  }

  @Test
  void refusesTensorsThatAreNotDue() throws IOException {
    refused(
        writer -> writer.write("u", MemorySegment.ofArray(new byte[10])),
        "tensor \"t\" is due, not \"u\"");
    refused(
        writer -> {
          writer.write("t", MemorySegment.ofArray(new byte[10]));
          writer.write("t", MemorySegment.ofArray(new byte[10]));
        },
        "no tensor is due, not \"t\"");
  }

  @Test
  void refusesToFinishWithoutEveryTensor() throws IOException {
    assertThatThrownBy(
            () -> {
              try (GgufWriter writer = GgufWriter.create(target, draft)) {
                writer.finish();
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tensor \"t\" of " + target + " is missing");
    assertOnly();
  }

  @Test
  void refusesToFinishAfterAFailedStream() throws IOException {
    try (GgufWriter writer = GgufWriter.create(target, draft)) {
      assertThatThrownBy(() ->
              writer.write(
                  "t",
                  channel -> {
                    channel.write(ByteBuffer.allocate(10));
                    throw new IOException("source broke");
                  }))
          .hasMessage("source broke");
      assertThatThrownBy(writer::finish).hasMessageContaining("could not be written");
    }
    assertOnly();
  }

  @Test
  void saysHowFarItCameWhenTheDiskIsFull() throws IOException {
    PendingFile full = new PendingFile(target, draft.fileSize(), file -> new FullDisk(file, 20));
    assertThatThrownBy(() -> GgufWriter.create("out", full, draft).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(target.toString())
        .hasMessageContaining("after 20 of " + draft.fileSize() + " bytes")
        .hasMessageContaining("No space left on device");
    assertOnly();
  }

  @Test
  void looksForRoomBeforeItWrites() throws IOException {
    GgufDraft huge = new GgufDraft().tensor("t", GgmlType.I8, List.of(1L << 55));
    assertThatThrownBy(() -> GgufWriter.create(target, huge).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("takes " + huge.fileSize() + " bytes");
    assertOnly();
  }

  @Test
  void refusesDraftsThatNoReaderWouldAccept() {
    GgufDraft d = new GgufDraft().uint32("k", 1).tensor("t", GgmlType.Q8_0, List.of(32L));
    assertIllegal(() -> d.uint32("k", 2), "\"k\" is set twice");
    assertIllegal(() -> d.uint32("", 2), "key of 0 bytes");
    assertIllegal(() -> d.uint32("u", -1), "-1 is out of the range of UINT32");
    assertIllegal(() -> d.put("b", GgufValueType.BOOL, 1), "BOOL takes a Boolean");
    assertIllegal(() -> d.tensor("t", GgmlType.F32, List.of(1L)), "declared twice");
    assertIllegal(() -> d.tensor("n".repeat(64), GgmlType.F32, List.of(1L)), "64 bytes");
    assertIllegal(() -> d.tensor("u", GgmlType.Q8_0, List.of(33L)), "multiple of 32");
    assertIllegal(() -> d.tensor("u", GgmlType.F32, List.of()), "shape []");
    assertIllegal(() -> d.tensor("u", GgmlType.F32, List.of(1L, 0L)), "shape [1, 0]");
    assertIllegal(() -> d.tensor("u", GgmlType.F32, List.of(1L, 1L, 1L, 1L, 1L)), "shape");
    assertIllegal(() -> d.alignment(64), "before the first tensor");
    assertIllegal(() -> new GgufDraft().alignment(48), "alignment of 48");
  }

  /** Takes some bytes, then fails as the system does. */
  private static final class FullDisk implements WritableByteChannel {
    private final WritableByteChannel file;
    private int room;

    FullDisk(WritableByteChannel file, int room) {
      this.file = file;
      this.room = room;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (room == 0) {
        throw new IOException("No space left on device");
      }
      int count = Math.min(room, source.remaining());
      file.write(source.slice(source.position(), count));
      source.position(source.position() + count);
      room -= count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private interface Use {
    void of(GgufWriter writer) throws IOException;
  }

  private void refused(Use use, String message) throws IOException {
    assertThatThrownBy(
            () -> {
              try (GgufWriter writer = GgufWriter.create(target, draft)) {
                use.of(writer);
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertOnly();
  }

  private static void assertIllegal(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  /** Holds the folder against what should be in it: no half files, no temporary ones. */
  private void assertOnly(Path... files) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      assertThat(found).containsExactlyInAnyOrder(files);
    }
  }
}
