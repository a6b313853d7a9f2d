package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufSplitTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void opensTheWholeModelFromAnyPart(int given) throws IOException {
    writeParts(3);
    try (GgufFile file = GgufFile.open(path(given, 3))) {
      assertThat(file.parts()).isEqualTo(3);
      assertThat(file.metadata().string("general.name")).contains("whole");
      assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("t1", "t2", "t3");
      for (int i = 1; i <= 3; i++) {
        TensorInfo tensor = file.tensor("t" + i).orElseThrow();
        assertThat(tensor.part()).isEqualTo(i - 1);
        assertThat(file.data(tensor).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void acceptsAFirstPartWithoutTensors() throws IOException {
    write(1, 2, new GgufDraft().string("general.name", "whole"), 2, 0);
    write(2, 2, new GgufDraft(), 2, 2);
    try (GgufFile file = GgufFile.open(path(1, 2))) {
      assertThat(file.tensors()).extracting(TensorInfo::part).containsExactly(1, 1);
    }
  }

  @Test
  void namesTheMissingPart() throws IOException {
    writeParts(3);
    Files.delete(path(2, 3));
    error(path(3, 3))
        .hasMessageContaining("all 3 parts of the model beside it")
        .hasMessageContaining("model-00002-of-00003.gguf");
  }

  @Test
  void asksForTheNameThatLeadsToTheOtherParts() throws IOException {
    writeParts(3);
    Path renamed = Files.move(path(1, 3), folder.resolve("renamed.gguf"));
    error(renamed).hasMessageContaining("NAME-#####-of-00003.gguf");
  }

  @Test
  void refusesPartsThatDoNotBelongTogether() throws IOException {
    writeParts(3);
    Files.delete(path(2, 3));
    Files.copy(path(3, 3), path(2, 3));
    error(path(1, 3)).hasMessageContaining("split.no to be 1, found 2");
  }

  @Test
  void refusesPartsOfAnotherCount() throws IOException {
    writeParts(3);
    Files.delete(path(2, 3));
    writeParts(4);
    Files.move(path(2, 4), path(2, 3));
    error(path(1, 3)).hasMessageContaining("split.count to be 3, found 4");
  }

  @Test
  void refusesAWrongNumberOfTensors() throws IOException {
    write(1, 2, new GgufDraft(), 7, 1);
    write(2, 2, new GgufDraft(), 7, 0);
    error(path(1, 2)).hasMessageContaining("split.tensors.count to be 1").hasMessageContaining("7");
  }

  @Test
  void refusesATensorInTwoParts() throws IOException {
    write(1, 2, new GgufDraft(), 4, 2);
    write(2, 2, new GgufDraft(), 4, 2);
    error(path(1, 2)).hasMessageContaining("in an earlier part as well");
  }

  @Test
  void refusesDamageInAnyPartWithThatPartsName() throws IOException {
    writeParts(3);
    byte[] bytes = Files.readAllBytes(path(2, 3));
    Files.write(path(2, 3), Arrays.copyOf(bytes, bytes.length - 40));
    error(path(1, 3)).hasMessageContaining("model-00002-of-00003.gguf at byte");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> error(Path path) {
    return assertThatThrownBy(() -> GgufFile.open(path).close())
        .isInstanceOf(GgufFormatException.class);
  }

  private Path path(int part, int count) {
    return folder.resolve(String.format("model-%05d-of-%05d.gguf", part, count));
  }

  /** Part i holds tensor ti, filled with i. */
  private void writeParts(int count) throws IOException {
    for (int part = 1; part <= count; part++) {
      GgufDraft draft = new GgufDraft();
      if (part == 1) {
        draft.string("general.name", "whole");
      }
      splitKeys(draft, part, count, count);
      draft.tensor("t" + part, GgmlType.I8, List.of(33L));
      try (GgufWriter writer = GgufWriter.create(path(part, count), draft)) {
        byte[] data = new byte[33];
        Arrays.fill(data, (byte) part);
        writer.write("t" + part, MemorySegment.ofArray(data));
        writer.finish();
      }
    }
  }

  /** A part with tensors x0, x1, …. */
  private void write(int part, int count, GgufDraft draft, int claimed, int tensors)
      throws IOException {
    splitKeys(draft, part, count, claimed);
    for (int i = 0; i < tensors; i++) {
      draft.tensor("x" + i, GgmlType.I8, List.of(1L));
    }
    try (GgufWriter writer = GgufWriter.create(path(part, count), draft)) {
      for (int i = 0; i < tensors; i++) {
        writer.write("x" + i, MemorySegment.ofArray(new byte[1]));
      }
      writer.finish();
    }
  }

  private static void splitKeys(GgufDraft draft, int part, int count, int tensors) {
    draft
        .put("split.no", GgufValueType.UINT16, part - 1)
        .put("split.count", GgufValueType.UINT16, count)
        .put("split.tensors.count", GgufValueType.INT32, tensors);
  }
}
