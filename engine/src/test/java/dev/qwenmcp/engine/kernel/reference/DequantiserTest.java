package dev.qwenmcp.engine.kernel.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DequantiserTest {

  /** A row of bytes and the floats that GGML makes of it. */
  record Golden(GgmlType type, byte[] bytes, float[] floats) {
    static Golden parse(String line) {
      String[] parts = line.split(" ");
      ByteBuffer values =
          ByteBuffer.wrap(HexFormat.of().parseHex(parts[2])).order(ByteOrder.LITTLE_ENDIAN);
      float[] floats = new float[values.remaining() / 4];
      values.asFloatBuffer().get(floats);
      return new Golden(GgmlType.valueOf(parts[0]), HexFormat.of().parseHex(parts[1]), floats);
    }

    @Override
    public String toString() {
      return type + " " + HexFormat.of().formatHex(bytes, 0, 4);
    }
  }

  static List<Golden> golden() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                DequantiserTest.class.getResourceAsStream("dequantised.txt"),
                StandardCharsets.US_ASCII))) {
      return lines.lines().filter(line -> !line.startsWith("#")).map(Golden::parse).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void givesTheBitsThatGgmlGives(Golden golden) {
    float[] out = new float[golden.floats.length + 3];
    new Dequantiser(golden.type, golden.floats.length)
        .row(MemorySegment.ofArray(golden.bytes), 0, out, 3);
    for (int i = 0; i < golden.floats.length; i++) {
      assertThat(Float.floatToRawIntBits(out[3 + i]))
          .as("element %d: %s, expected %s", i, out[3 + i], golden.floats[i])
          .isEqualTo(Float.floatToRawIntBits(golden.floats[i]));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void decodesRowsOfSeveralBlocksAtAnyOffset(Golden golden) {
    int count = golden.floats.length;
    int prefix = 5;
    byte[] bytes = new byte[prefix + 2 * golden.bytes.length];
    System.arraycopy(golden.bytes, 0, bytes, prefix, golden.bytes.length);
    System.arraycopy(golden.bytes, 0, bytes, prefix + golden.bytes.length, golden.bytes.length);
    float[] out = new float[2 * count];
    new Dequantiser(golden.type, 2 * count).row(MemorySegment.ofArray(bytes), prefix, out, 0);
    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isEqualTo(golden.floats[i % count]);
    }
  }

  @Test
  void theGoldenRowsCoverEveryTypeButF32() throws IOException {
    Set<GgmlType> covered = EnumSet.of(GgmlType.F32);
    golden().forEach(g -> covered.add(g.type));
    for (GgmlType type : GgmlType.values()) {
      assertThat(covered.contains(type)).as(type.name()).isEqualTo(type.supported());
    }
  }

  @Test
  void copiesF32() {
    float[] values = {0f, -0f, Float.MIN_VALUE, 1.5f, Float.NEGATIVE_INFINITY};
    ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    float[] out = new float[5];
    new Dequantiser(GgmlType.F32, 5).row(MemorySegment.ofArray(bytes.array()), 0, out, 0);
    assertThat(out).containsExactly(values);
  }

  @Test
  void refusesTypesAndRowsThatDoNotFit() {
    assertThatThrownBy(() -> new Dequantiser(GgmlType.IQ4_XS, 256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("IQ4_XS");
    assertThatThrownBy(() -> new Dequantiser(GgmlType.Q4_K, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
  }
}
