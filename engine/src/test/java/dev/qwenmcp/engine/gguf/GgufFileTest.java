package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path folder;

  @Test
  void readsVersion2LikeVersion3() throws IOException {
    MemorySegment bytes = RawGguf.header(1, 0).tensor("t", 0, 0, 2, 3).data(24).segment();
    bytes.set(ValueLayout.JAVA_BYTE, 4, (byte) 2);
    GgufFile file = GgufFile.of("v2", bytes);
    assertThat(file.version()).isEqualTo(2);
    assertThat(file.tensors())
        .containsExactly(new TensorInfo("t", GgmlType.F32, List.of(2L, 3L), 0, 0, 24));
  }

  @Test
  void readsTypesThatTheEngineDoesNotComputeWith() throws IOException {
    GgufFile file = RawGguf.header(1, 0).tensor("t", 16, 0, 256).data(66).read();
    assertThat(file.tensor("t").orElseThrow().type()).isEqualTo(GgmlType.IQ2_XXS);
    assertThat(file.tensor("t").orElseThrow().type().supported()).isFalse();
  }

  @Test
  void acceptsTensorsInAnyOrderAndWithGaps() throws IOException {
    GgufFile file =
        RawGguf.header(2, 0).tensor("late", 0, 96, 8).tensor("early", 0, 0, 9).data(128).read();
    assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("late", "early");
  }

  @Test
  void givesTensorDataReadOnlyAndOfTheExactSize() throws IOException {
    RawGguf raw = RawGguf.header(1, 0).tensor("t", 0, 32, 3).data(32);
    MemorySegment bytes = raw.int32(1).int32(2).int32(3).segment();
    GgufFile file = GgufFile.of("m", bytes);
    MemorySegment data = file.data(file.tensor("t").orElseThrow());
    assertThat(data.byteSize()).isEqualTo(12);
    assertThat(data.isReadOnly()).isTrue();
    assertThat(data.get(GgufCursor.INT, 8)).isEqualTo(3);
  }

  @Test
  void givesNoDataForTensorsOfOtherFiles() throws IOException {
    GgufFile file = RawGguf.header(1, 0).tensor("t", 0, 0, 8).data(64).read();
    TensorInfo other = new TensorInfo("t", GgmlType.F32, List.of(16L), 0, 0, 64);
    assertThatThrownBy(() -> file.data(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"t\" is no tensor of raw.gguf");
  }

  @Test
  void findsTensorsByName() throws IOException {
    GgufFile file = RawGguf.header(1, 0).tensor("t", 0, 0, 8).data(64).read();
    assertThat(file.tensor("t")).isPresent();
    assertThat(file.tensor("u")).isEmpty();
  }

  @Test
  void followsTheFilesAlignment() throws IOException {
    GgufDraft draft = new GgufDraft().alignment(4096);
    draft.tensor("a", GgmlType.I8, List.of(5L)).tensor("b", GgmlType.I8, List.of(7L));
    Path path = folder.resolve("aligned.gguf");
    try (GgufWriter writer = GgufWriter.create(path, draft)) {
      writer.write("a", MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5}));
      writer.write("b", MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6, 7}));
      writer.finish();
    }
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.alignment()).isEqualTo(4096);
      MemorySegment b = file.data(file.tensor("b").orElseThrow());
      assertThat(b.address() % 4096).isZero();
      assertThat(b.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }
  }

  @Test
  void letsGoOfTheFileWhenClosedOnceOrTwice() throws IOException {
    Path path = folder.resolve("m.gguf");
    MemorySegment bytes = RawGguf.header(1, 0).tensor("t", 0, 0, 8).data(32).segment();
    Files.write(path, bytes.toArray(ValueLayout.JAVA_BYTE));
    GgufFile file = GgufFile.open(path);
    MemorySegment data = file.data(file.tensor("t").orElseThrow());
    file.close();
    file.close();
    assertThat(data.scope().isAlive()).isFalse();
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tellsMissingFilesFromFoldersAndEmptyFiles() throws IOException {
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("none.gguf")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> GgufFile.open(folder))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("expected a file, found a folder");
    Path empty = Files.createFile(folder.resolve("empty.gguf"));
    assertThatThrownBy(() -> GgufFile.open(empty))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("signature");
  }
}
