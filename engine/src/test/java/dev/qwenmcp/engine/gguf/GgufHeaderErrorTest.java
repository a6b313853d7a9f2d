package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader says of headers that cannot be right. */
class GgufHeaderErrorTest {
  private static final int F32 = 0;
  private static final int Q4_K = 12;

  @Test
  void namesFilePlaceExpectationAndFinding() {
    GgufFormatException e = error(RawGguf.header(0, 0).segment().asSlice(0, 20));
    assertThat(e.file()).isEqualTo("raw.gguf");
    assertThat(e.offset()).isEqualTo(16);
    assertThat(e.expected()).isEqualTo("8 bytes for number of key-value pairs of the header");
    assertThat(e.found()).contains("end of the file after 4").contains("incomplete download");
    assertThat(e).hasMessageContainingAll("raw.gguf at byte 16", e.expected(), e.found());
  }

  @Test
  void refusesOtherFiles() {
    assertThat(error(new RawGguf().segment())).hasMessageContaining("signature \"GGUF\"");
    assertThat(error(new RawGguf().ascii("PK\3\4 and more").segment()))
        .hasMessageContaining("signature \"GGUF\"")
        .hasMessageContaining("504b0304");
  }

  @Test
  void refusesOtherVersionsAndBigEndianFiles() {
    assertThat(version(1)).hasMessageContaining("version 1 of 2023");
    assertThat(version(4)).hasMessageContaining("found version 4");
    assertThat(version(0)).hasMessageContaining("found version 0");
    assertThat(version(-1)).hasMessageContaining("found version 4294967295");
    assertThat(version(3 << 24)).hasMessageContaining("big-endian one of version 3");
  }

  private static GgufFormatException version(int version) {
    return error(new RawGguf().ascii("GGUF").int32(version).int64(0).int64(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 1L << 32, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void holdsCountsAgainstTheBytesThatAreLeft(long count) {
    assertThat(error(RawGguf.header(count, 0).int64(0).int64(0).int64(0)))
        .hasMessageContaining("number of tensors");
    assertThat(error(RawGguf.header(0, count).int64(0)))
        .hasMessageContaining("number of key-value pairs");
    assertThat(error(RawGguf.header(0, 1).int64(count + 100).int64(0)))
        .hasMessageContaining("name length of metadata key 0");
    assertThat(error(RawGguf.pair("s", GgufValueType.STRING).int64(count)))
        .hasMessageContaining("text length of metadata \"s\"");
    for (GgufValueType element : GgufValueType.values()) {
      assertThat(error(RawGguf.pair("a", GgufValueType.ARRAY).int32(element.id()).int64(count)))
          .hasMessageContaining("number of elements of metadata \"a\"");
    }
  }

  @Test
  void refusesBadKeys() {
    assertThat(error(RawGguf.header(0, 1).string("").int64(0)))
        .hasMessageContaining("name of metadata key 0 of 1 to 65535 bytes, found 0");
    assertThat(error(RawGguf.header(0, 1).string("k".repeat(65536)).int64(0)))
        .hasMessageContaining("found 65536 bytes");
    assertThat(error(RawGguf.header(0, 1).int64(2).bytes((byte) 0xc3, (byte) 0x28).int64(0)))
        .hasMessageContaining("name of metadata key 0 in UTF-8");
    assertThat(
            error(
                RawGguf.header(0, 2)
                    .string("twice")
                    .int32(GgufValueType.UINT32.id())
                    .int32(1)
                    .string("twice")
                    .int32(GgufValueType.UINT32.id())
                    .int32(1)))
        .hasMessageContaining("a second \"twice\"");
  }

  @Test
  void keepsControlCharactersOfTheFileOutOfItsMessages() {
    assertThat(
            error(RawGguf.header(0, 1).string("\u001b[2Jgone\n").int32(77).int32(0)).getMessage())
        .contains("\\u001b[2Jgone\\n")
        .doesNotContain("\u001b");
  }

  @Test
  void refusesBadValues() {
    assertThat(error(RawGguf.header(0, 1).string("k").int32(13).int64(0)))
        .hasMessageContaining("value type of metadata \"k\" from 0 to 12, found 13");
    assertThat(error(RawGguf.pair("flag", GgufValueType.BOOL).bytes((byte) 2)))
        .hasMessageContaining("value of metadata \"flag\" to be 0 or 1, found 2");
    assertThat(error(RawGguf.pair("n", GgufValueType.UINT64).int32(0)))
        .hasMessageContaining("8 bytes for value of metadata \"n\"");
    RawGguf nested = RawGguf.pair("deep", GgufValueType.ARRAY);
    for (int depth = 0; depth < 6; depth++) {
      nested.int32(GgufValueType.ARRAY.id()).int64(1);
    }
    assertThat(error(nested.int64(0).int64(0))).hasMessageContaining("nested at most 4 deep");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 24, 33, 1 << 21, -32, Integer.MIN_VALUE})
  void refusesAnAlignmentThatIsNoPowerOfTwoInReason(int alignment) {
    assertThat(error(RawGguf.pair("general.alignment", GgufValueType.UINT32).int32(alignment)))
        .hasMessageContaining("general.alignment to be a power of two from 8 to 1048576");
  }

  @Test
  void refusesBadTensorNames() {
    String longest = "n".repeat(64);
    assertThat(
            catchThrowableOfType(
                GgufFormatException.class,
                () -> RawGguf.header(1, 0).tensor(longest, F32, 0, 1).data(4).read()))
        .isNull();
    assertThat(error(RawGguf.header(1, 0).tensor(longest + "n", F32, 0, 1).data(4)))
        .hasMessageContaining("name of tensor 0 of 1 to 64 bytes, found 65");
    assertThat(error(RawGguf.header(1, 0).tensor("", F32, 0, 1).data(4)))
        .hasMessageContaining("name of tensor 0 of 1 to 64 bytes, found 0");
    assertThat(error(RawGguf.header(2, 0).tensor("a", F32, 0, 1).tensor("a", F32, 32, 1).data(64)))
        .hasMessageContaining("each tensor once, found a second \"a\"");
  }

  @Test
  void refusesBadShapes() {
    assertThat(error(tensor(F32, 0))).hasMessageContaining("1 to 4 dimensions of tensor \"t\"");
    assertThat(error(tensor(F32, 0, 1, 1, 1, 1, 1))).hasMessageContaining("found 5");
    assertThat(error(tensor(F32, 0, 4, 0))).hasMessageContaining("dimension 1 of tensor \"t\"");
    assertThat(error(tensor(F32, 0, -1))).hasMessageContaining("dimension of tensor \"t\" below");
    assertThat(error(tensor(F32, 0, 1L << 62)))
        .hasMessageContaining("size of tensor \"t\" below 2^63");
    assertThat(error(tensor(F32, 0, 1L << 32, 1L << 32)))
        .hasMessageContaining("size of tensor \"t\" below 2^63");
    assertThat(error(tensor(Q4_K, 0, 128, 2)))
        .hasMessageContaining("multiple of 256 for Q4_K, found 128 elements");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 31, 36, 99, Integer.MAX_VALUE, -1})
  void namesUnknownTensorTypesByNumber(int type) {
    GgufFormatException e = error(tensor(type, 0, 32));
    assertThat(e).hasMessageContaining("tensor \"t\" has type " + Integer.toUnsignedString(type));
    // header, name, number of dimensions, one dimension
    assertThat(e.offset()).isEqualTo(24 + 9 + 4 + 8);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 16, 33, -32})
  void refusesUnalignedOffsets(long offset) {
    assertThat(error(tensor(F32, offset, 8))).hasMessageContaining("offset of tensor \"t\"");
  }

  @ParameterizedTest
  @ValueSource(longs = {64, 96, 1L << 40, Long.MAX_VALUE - 31})
  void refusesTensorsOutsideTheDataSection(long offset) {
    assertThat(error(tensor(F32, offset, 8)))
        .hasMessageContaining("to lie in the data section of 64 bytes");
    assertThat(error(tensor(F32, 0, 17))).hasMessageContaining("68 bytes at offset 0");
  }

  @Test
  void refusesTensorsThatOverlap() {
    assertThat(error(RawGguf.header(2, 0).tensor("a", F32, 32, 8).tensor("b", F32, 0, 9).data(96)))
        .hasMessageContaining("tensor \"a\" apart from the others, found it lies on \"b\"");
  }

  @Test
  void refusesAPartOfASplitFileInMemory() {
    assertThat(error(RawGguf.pair("split.count", GgufValueType.UINT16).bytes((byte) 2, (byte) 0)))
        .hasMessageContaining("one of 2 parts");
  }

  private static RawGguf tensor(int type, long offset, long... shape) {
    return RawGguf.header(1, 0).tensor("t", type, offset, shape).data(64);
  }

  private static GgufFormatException error(RawGguf raw) {
    return error(raw.segment());
  }

  private static GgufFormatException error(MemorySegment bytes) {
    GgufFormatException e =
        catchThrowableOfType(GgufFormatException.class, () -> GgufFile.of("raw.gguf", bytes));
    assertThat(e).as("the reader accepted the file").isNotNull();
    return e;
  }
}
