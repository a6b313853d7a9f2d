package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class GgufMetadataTest {
  @Test
  void keepsTheOrderOfTheFile() throws IOException {
    assertThat(read(new GgufDraft().uint32("z", 1).uint32("a", 2).uint32("m", 3)).keys())
        .containsExactly("z", "a", "m");
  }

  @Test
  void isEmptyForAbsentKeys() throws IOException {
    GgufMetadata metadata = read(new GgufDraft());
    assertThat(metadata.get("k")).isEmpty();
    assertThat(metadata.type("k")).isEmpty();
    assertThat(metadata.string("k")).isEmpty();
    assertThat(metadata.bytes("k")).isEmpty();
    assertThat(metadata.integer("k")).isEmpty();
    assertThat(metadata.number("k")).isEmpty();
    assertThat(metadata.bool("k")).isEmpty();
    assertThat(metadata.strings("k")).isEmpty();
    assertThat(metadata.integers("k")).isEmpty();
    assertThat(metadata.numbers("k")).isEmpty();
  }

  @Test
  void widensEveryIntegerType() throws IOException {
    GgufMetadata metadata =
        read(
            new GgufDraft()
                .put("u8", GgufValueType.UINT8, 255)
                .put("i8", GgufValueType.INT8, -128)
                .put("u16", GgufValueType.UINT16, 65535)
                .put("i16", GgufValueType.INT16, -32768)
                .put("u32", GgufValueType.UINT32, 4294967295L)
                .put("i32", GgufValueType.INT32, Integer.MIN_VALUE)
                .put("u64", GgufValueType.UINT64, Long.MAX_VALUE)
                .put("i64", GgufValueType.INT64, Long.MIN_VALUE));
    assertThat(metadata.integer("u8")).contains(255L);
    assertThat(metadata.integer("i8")).contains(-128L);
    assertThat(metadata.integer("u16")).contains(65535L);
    assertThat(metadata.integer("i16")).contains(-32768L);
    assertThat(metadata.integer("u32")).contains(4294967295L);
    assertThat(metadata.integer("i32")).contains((long) Integer.MIN_VALUE);
    assertThat(metadata.integer("u64")).contains(Long.MAX_VALUE);
    assertThat(metadata.integer("i64")).contains(Long.MIN_VALUE);
    assertThat(metadata.number("u32")).contains(4294967295.0);
  }

  @Test
  void refusesUnsignedNumbersBeyondTheRangeOfLong() throws IOException {
    GgufMetadata metadata = read(new GgufDraft().put("u64", GgufValueType.UINT64, -1L));
    assertThat(metadata.get("u64")).contains(new BigInteger("18446744073709551615"));
    assertThatThrownBy(() -> metadata.integer("u64"))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("below 2^63")
        .hasMessageContaining("18446744073709551615");
    assertThatThrownBy(() -> metadata.number("u64")).isInstanceOf(GgufFormatException.class);
  }

  @Test
  void namesKeyAndTypeOfAnUnexpectedValue() throws IOException {
    GgufMetadata metadata =
        read(new GgufDraft().uint32("n", 7).string("s", "x").float32("f", 1.5f).int32s("a", 1, 2));
    assertThatThrownBy(() -> metadata.string("n"))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("expected a string as \"n\", found UINT32 7");
    assertThatThrownBy(() -> metadata.integer("f"))
        .hasMessageContaining("expected an integer as \"f\", found FLOAT32 1.5");
    assertThatThrownBy(() -> metadata.number("s"))
        .hasMessageContaining("expected a number as \"s\", found STRING");
    assertThatThrownBy(() -> metadata.bool("n")).hasMessageContaining("expected a boolean");
    assertThatThrownBy(() -> metadata.strings("a"))
        .hasMessageContaining("expected an array of strings as \"a\", found ARRAY of 2 INT32");
    assertThatThrownBy(() -> metadata.integers("n")).hasMessageContaining("array of integers");
    assertThatThrownBy(() -> metadata.integer("a")).hasMessageContaining("ARRAY of 2 INT32");
  }

  @Test
  void readsArraysOfNumbers() throws IOException {
    GgufMetadata metadata =
        read(
            new GgufDraft()
                .int32s("i", 1, -2, 3)
                .put("u8", GgufValueType.ARRAY, array(GgufValueType.UINT8, 0, 200, 255))
                .put("f64", GgufValueType.ARRAY, array(GgufValueType.FLOAT64, 0.5, -2.0))
                .put("u32", GgufValueType.ARRAY, array(GgufValueType.UINT32, 1L << 31)));
    assertThat(metadata.integers("i").orElseThrow()).containsExactly(1, -2, 3);
    assertThat(metadata.integers("u8").orElseThrow()).containsExactly(0, 200, 255);
    assertThat(metadata.numbers("u8").orElseThrow()).containsExactly(0, 200, 255);
    assertThat(metadata.numbers("f64").orElseThrow()).containsExactly(0.5f, -2f);
    assertThatThrownBy(() -> metadata.integers("u32"))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("integers of 32 bits in \"u32\", found 2147483648");
    assertThatThrownBy(() -> metadata.integers("f64")).isInstanceOf(GgufFormatException.class);
  }

  @Test
  void readsArraysOfArrays() throws IOException {
    GgufDraft.Array inner = array(GgufValueType.STRING, "a", "bc");
    GgufDraft.Array empty = array(GgufValueType.UINT8);
    GgufDraft.Array nested = array(GgufValueType.ARRAY, inner, empty, inner);
    GgufMetadata metadata = read(new GgufDraft().put("n", GgufValueType.ARRAY, nested));
    assertThat(metadata.get("n"))
        .contains(List.of(List.of("a", "bc"), List.of(), List.of("a", "bc")));
  }

  @Test
  void refusesMalformedTextButShowsItAndGivesItsBytes() throws IOException {
    byte[] malformed = {'o', 'k', (byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80};
    GgufMetadata metadata =
        RawGguf.pair("s", GgufValueType.STRING)
            .int64(malformed.length)
            .bytes(malformed)
            .read()
            .metadata();
    assertThatThrownBy(() -> metadata.string("s"))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("UTF-8 in \"s\"");
    assertThat((String) metadata.get("s").orElseThrow()).startsWith("ok\uFFFD");
    assertThat(metadata.bytes("s").orElseThrow()).containsExactly(malformed);
  }

  @Test
  void acceptsTheReplacementCharacterItself() throws IOException {
    assertThat(read(new GgufDraft().string("s", "a\uFFFDb")).string("s")).contains("a\uFFFDb");
  }

  private static GgufDraft.Array array(GgufValueType type, Object... elements) {
    return new GgufDraft.Array(type, List.of(elements));
  }

  private static GgufMetadata read(GgufDraft draft) throws IOException {
    MemorySegment bytes = Arena.ofAuto().allocate(draft.fileSize());
    try (GgufWriter writer = GgufWriter.into(bytes, draft)) {
      writer.finish();
    }
    return GgufFile.of("draft.gguf", bytes).metadata();
  }
}
