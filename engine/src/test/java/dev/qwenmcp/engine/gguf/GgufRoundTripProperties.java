package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgufDraft.Array;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read. */
class GgufRoundTripProperties {
  record Typed(GgufValueType type, Object value) {}

  record Tensor(GgmlType type, List<Long> shape) {}

  @Property(tries = 300)
  void metadataIsReadAsWritten(@ForAll("metadata") Map<String, Typed> metadata) throws IOException {
    GgufDraft draft = new GgufDraft();
    metadata.forEach((key, typed) -> draft.put(key, typed.type(), typed.value()));
    GgufMetadata read = write(draft, Map.of()).metadata();
    assertThat(read.keys()).containsExactlyElementsOf(metadata.keySet());
    metadata.forEach((key, typed) -> {
      assertThat(read.type(key)).contains(typed.type());
      assertThat(read.get(key)).contains(plain(typed.value()));
    });
  }

  @Property(tries = 200)
  void tensorsAreReadAsWritten(
      @ForAll("tensors") List<Tensor> tensors,
      @ForAll("alignments") int alignment,
      @ForAll long seed)
      throws IOException {
    GgufDraft draft = new GgufDraft().alignment(alignment);
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, byte[]> data = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      draft.tensor("t" + i, tensors.get(i).type(), tensors.get(i).shape());
    }
    for (TensorInfo tensor : draft.tensors()) {
      byte[] bytes = new byte[(int) tensor.byteSize()];
      random.nextBytes(bytes);
      data.put(tensor.name(), bytes);
    }
    GgufFile file = write(draft, data);
    assertThat(file.alignment()).isEqualTo(alignment);
    assertThat(file.tensors()).isEqualTo(draft.tensors());
    for (TensorInfo tensor : file.tensors()) {
      assertThat(tensor.offset() % alignment).isZero();
      assertThat(file.data(tensor).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(data.get(tensor.name()));
    }
  }

  @Property(tries = 100)
  void copiedMetadataHasTheSameBytes(@ForAll("metadata") Map<String, Typed> metadata)
      throws IOException {
    GgufDraft draft = new GgufDraft();
    metadata.forEach((key, typed) -> draft.put(key, typed.type(), typed.value()));
    GgufMetadata read = write(draft, Map.of()).metadata();
    GgufDraft copy = new GgufDraft();
    read.keys().forEach(key -> copy.copy(read, key));
    assertThat(copy.header()).isEqualTo(draft.header());
  }

  @Provide
  Arbitrary<Map<String, Typed>> metadata() {
    return Arbitraries.maps(
            Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(GgufRoundTripProperties::whole),
            typed(2))
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    return Combinators.combine(
            Arbitraries.of(GgmlType.class),
            Arbitraries.longs().between(1, 4),
            Arbitraries.longs().between(1, 5).list().ofMaxSize(3))
        .as((type, blocks, rest) -> {
          List<Long> shape = new ArrayList<>(List.of(blocks * type.blockSize()));
          shape.addAll(rest);
          return new Tensor(type, List.copyOf(shape));
        })
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<Integer> alignments() {
    return Arbitraries.of(8, 16, 32, 64, 4096);
  }

  /** Values of every type; arrays nest {@code depth} deep. */
  private static Arbitrary<Typed> typed(int depth) {
    return Arbitraries.of(GgufValueType.class)
        .filter(type -> depth > 0 || type != GgufValueType.ARRAY)
        .flatMap(type -> value(type, depth).map(value -> new Typed(type, value)));
  }

  private static Arbitrary<?> value(GgufValueType type, int depth) {
    return switch (type) {
      case BOOL -> Arbitraries.of(true, false);
      case STRING -> Arbitraries.strings().ofMaxLength(20).filter(GgufRoundTripProperties::whole);
      case FLOAT32 -> Arbitraries.floats().map(f -> (double) f);
      case FLOAT64 -> Arbitraries.doubles();
      case UINT8 -> Arbitraries.longs().between(0, 255);
      case INT8 -> Arbitraries.longs().between(-128, 127);
      case UINT16 -> Arbitraries.longs().between(0, 65535);
      case INT16 -> Arbitraries.longs().between(-32768, 32767);
      case UINT32 -> Arbitraries.longs().between(0, 0xffffffffL);
      case INT32 -> Arbitraries.longs().between(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UINT64 -> Arbitraries.longs().greaterOrEqual(0);
      case INT64 -> Arbitraries.longs();
      case ARRAY ->
          Arbitraries.of(GgufValueType.class)
              .filter(element -> depth > 1 || element != GgufValueType.ARRAY)
              .flatMap(element ->
                  value(element, depth - 1)
                      .list()
                      .ofMaxSize(5)
                      .map(list -> new Array(element, list)));
    };
  }

  /** Unpaired surrogates have no UTF-8. */
  private static boolean whole(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }

  /** Arrays as the reader gives them. */
  private static Object plain(Object value) {
    return value instanceof Array array
        ? array.elements().stream().map(GgufRoundTripProperties::plain).toList()
        : value;
  }

  private static GgufFile write(GgufDraft draft, Map<String, byte[]> data) throws IOException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) draft.fileSize()]);
    try (GgufWriter writer = GgufWriter.into(bytes, draft)) {
      for (TensorInfo tensor : draft.tensors()) {
        writer.write(tensor.name(), MemorySegment.ofArray(data.get(tensor.name())));
      }
      writer.finish();
    }
    return GgufFile.of("memory", bytes);
  }
}
