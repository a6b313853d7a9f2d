package dev.qwenmcp.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages a valid file the way that transport, bad tools and attackers do: cut off, bits flipped,
 * pieces swapped with another file, and each length, count, type and offset replaced by a hostile
 * one.
 */
final class GgufMutations {
  /** Numbers at which sizes, signs and products turn over. */
  private static final long[] HOSTILE = {
    0,
    1,
    2,
    7,
    31,
    33,
    64,
    99,
    255,
    65535,
    1L << 20,
    (1L << 30) + 1,
    Integer.MAX_VALUE,
    1L << 31,
    0xffffffffL,
    1L << 32,
    (1L << 32) + 1,
    1L << 61,
    (1L << 62) + 8,
    Long.MAX_VALUE - 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -32,
    -1
  };

  /** A number in the header: its place and its size in bytes, 4 or 8. */
  private record Field(int at, int size) {}

  private static final GgufCursor.Subject ANY = new GgufCursor.Subject("valid", null);

  private final byte[] valid;
  private final byte[] donor;
  private final List<Field> fields = new ArrayList<>();
  private final List<Field> offsets = new ArrayList<>();
  private final int headerSize;

  /**
   * @param valid file to damage
   * @param donor another file, of which pieces are spliced in
   */
  GgufMutations(byte[] valid, byte[] donor) throws GgufFormatException {
    this.valid = valid;
    this.donor = donor;
    this.headerSize = findFields();
  }

  /** A damaged copy; may happen to be valid still. */
  byte[] next(SplittableRandom random) {
    return switch (random.nextInt(10)) {
      case 0 -> Arrays.copyOf(valid, random.nextInt(valid.length));
      case 1 -> Arrays.copyOf(valid, random.nextInt(headerSize));
      case 2 -> flipped(random, headerSize);
      case 3 -> flipped(random, valid.length);
      case 4, 5, 6 -> withHostileFields(random, fields);
      case 7 -> withHostileFields(random, offsets);
      case 8 -> withCopiedFields(random);
      default -> spliced(random);
    };
  }

  private byte[] flipped(SplittableRandom random, int within) {
    byte[] bytes = valid.clone();
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      bytes[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] withHostileFields(SplittableRandom random, List<Field> choice) {
    byte[] bytes = valid.clone();
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      Field field = choice.get(random.nextInt(choice.size()));
      long old = get(bytes, field);
      long value =
          switch (random.nextInt(4)) {
            case 0 -> old + random.nextInt(-40, 41);
            case 1 -> random.nextInt(valid.length + 64);
            default -> HOSTILE[random.nextInt(HOSTILE.length)];
          };
      put(bytes, field, value);
    }
    return bytes;
  }

  /** One field gets the value of another: two tensors at one place, a count that is an offset. */
  private byte[] withCopiedFields(SplittableRandom random) {
    byte[] bytes = valid.clone();
    List<Field> choice = random.nextBoolean() ? offsets : fields;
    Field from = choice.get(random.nextInt(choice.size()));
    put(bytes, choice.get(random.nextInt(choice.size())), get(bytes, from));
    return bytes;
  }

  /** A piece of either file is put in, in place of what is there or before it. */
  private byte[] spliced(SplittableRandom random) {
    byte[] source = random.nextBoolean() ? donor : valid;
    int from = random.nextInt(source.length);
    int length = random.nextInt(1, Math.min(200, source.length - from) + 1);
    int at = random.nextInt(headerSize);
    int dropped = random.nextBoolean() ? Math.min(length, valid.length - at) : 0;
    byte[] bytes = new byte[valid.length + length - dropped];
    System.arraycopy(valid, 0, bytes, 0, at);
    System.arraycopy(source, from, bytes, at, length);
    System.arraycopy(valid, at + dropped, bytes, at + length, valid.length - at - dropped);
    return bytes;
  }

  private static long get(byte[] bytes, Field field) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    return field.size() == 8
        ? segment.get(GgufCursor.LONG, field.at())
        : segment.get(GgufCursor.INT, field.at());
  }

  private static void put(byte[] bytes, Field field, long value) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    if (field.size() == 8) {
      segment.set(GgufCursor.LONG, field.at(), value);
    } else {
      segment.set(GgufCursor.INT, field.at(), (int) value);
    }
  }

  /** Walks the valid header and returns its length. */
  private int findFields() throws GgufFormatException {
    GgufCursor cursor = new GgufCursor("valid", MemorySegment.ofArray(valid));
    mark(cursor, 4);
    cursor.int32("signature", ANY);
    mark(cursor, 4);
    cursor.int32("version", ANY);
    mark(cursor, 8);
    long tensors = cursor.size("tensors", ANY);
    mark(cursor, 8);
    long pairs = cursor.size("pairs", ANY);
    for (long i = 0; i < pairs; i++) {
      mark(cursor, 8);
      cursor.name(ANY, GgufPart.LONGEST_KEY);
      mark(cursor, 4);
      GgufValueType type = cursor.valueType(ANY);
      markValue(cursor, type);
      cursor.value(type, ANY);
    }
    for (long i = 0; i < tensors; i++) {
      mark(cursor, 8);
      cursor.name(ANY, GgufPart.LONGEST_TENSOR_NAME);
      mark(cursor, 4);
      int dimensions = cursor.int32("dimensions", ANY);
      for (int d = 0; d < dimensions; d++) {
        mark(cursor, 8);
        cursor.size("dimension", ANY);
      }
      mark(cursor, 4);
      cursor.int32("type", ANY);
      mark(cursor, 8);
      offsets.add(fields.getLast());
      cursor.size("offset", ANY);
    }
    return (int) cursor.position();
  }

  private void markValue(GgufCursor cursor, GgufValueType type) {
    if (type == GgufValueType.ARRAY) {
      mark(cursor, 4);
      fields.add(new Field((int) cursor.position() + 4, 8));
    } else {
      mark(cursor, type.leastBytes() == 8 ? 8 : 4);
    }
  }

  private void mark(GgufCursor cursor, int size) {
    fields.add(new Field((int) cursor.position(), size));
  }
}
