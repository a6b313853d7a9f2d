package dev.qwenmcp.engine.gguf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a file holds, for people.
 *
 * @param name path or name of the file
 * @param version of the format
 * @param parts number of files
 * @param alignment of tensors in bytes
 * @param metadata key-value pairs in file order, long values shortened
 * @param tensors in file order
 * @param totals one for each element type that occurs
 */
public record GgufSummary(
    String name,
    int version,
    int parts,
    int alignment,
    List<Pair> metadata,
    List<TensorInfo> tensors,
    List<Total> totals) {

  /** Elements of an array and characters of a string that are shown. */
  private static final int SHOWN_ELEMENTS = 6;

  private static final int SHOWN_CHARACTERS = 72;

  public GgufSummary {
    metadata = List.copyOf(metadata);
    tensors = List.copyOf(tensors);
    totals = List.copyOf(totals);
  }

  /**
   * A key with its value; no control characters in either.
   *
   * @param type such as {@code UINT32} or {@code ARRAY of 151936 STRING}
   */
  public record Pair(String key, String type, String value) {}

  /** The tensors of one element type. */
  public record Total(GgmlType type, int tensors, long elements, long bytes) {
    Total plus(TensorInfo tensor) {
      return new Total(type, tensors + 1, elements + tensor.elements(), bytes + tensor.byteSize());
    }
  }

  /** Summarises an open file; the summary outlives it. */
  public static GgufSummary of(GgufFile file) {
    List<Pair> pairs = new ArrayList<>();
    for (String key : file.metadata().keys()) {
      GgufValue value = file.metadata().raw(key);
      pairs.add(
          new Pair(Text.shorten(key, SHOWN_CHARACTERS), value.describeType(), show(value, 0)));
    }
    Map<GgmlType, Total> totals = new EnumMap<>(GgmlType.class);
    for (TensorInfo tensor : file.tensors()) {
      totals.merge(
          tensor.type(),
          new Total(tensor.type(), 0, 0, 0).plus(tensor),
          (sum, one) -> sum.plus(tensor));
    }
    return new GgufSummary(
        file.name(),
        file.version(),
        file.parts(),
        file.alignment(),
        pairs,
        file.tensors(),
        List.copyOf(totals.values()));
  }

  /** Elements of all tensors. */
  public long elements() {
    return totals.stream().mapToLong(Total::elements).sum();
  }

  /** Bytes of all tensors. */
  public long bytes() {
    return totals.stream().mapToLong(Total::bytes).sum();
  }

  /** The whole summary as lines of text. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Text.shorten(name, Integer.MAX_VALUE));
    lines.add(
        String.format(
            Locale.ROOT,
            "GGUF version %d, %s, alignment %d; %,d elements in %,d bytes (%.2f bits each)",
            version,
            parts == 1 ? "one file" : parts + " files",
            alignment,
            elements(),
            bytes(),
            elements() == 0 ? 0.0 : 8.0 * bytes() / elements()));
    lines.add("");
    metadataLines(lines);
    lines.add("");
    tensorLines(lines);
    lines.add("");
    totalLines(lines);
    return lines;
  }

  private void metadataLines(List<String> lines) {
    lines.add("Metadata: " + metadata.size());
    int keys = width(metadata.stream().map(Pair::key).toList());
    int types = width(metadata.stream().map(Pair::type).toList());
    for (Pair pair : metadata) {
      lines.add(
          String.format(
              "  %-" + keys + "s  %-" + types + "s  %s", pair.key(), pair.type(), pair.value()));
    }
  }

  private void tensorLines(List<String> lines) {
    lines.add("Tensors: " + tensors.size());
    List<String> names = tensors.stream().map(t -> Text.shorten(t.name(), 64)).toList();
    List<String> shapes = tensors.stream().map(t -> t.shape().toString()).toList();
    String format =
        "  %-" + width(names) + "s  %-7s  %-" + width(shapes) + "s  %,15d bytes at %,d%s";
    for (int i = 0; i < tensors.size(); i++) {
      TensorInfo tensor = tensors.get(i);
      lines.add(
          String.format(
              Locale.ROOT,
              format,
              names.get(i),
              tensor.type(),
              shapes.get(i),
              tensor.byteSize(),
              tensor.offset(),
              parts == 1 ? "" : " of part " + (tensor.part() + 1)));
    }
  }

  private void totalLines(List<String> lines) {
    lines.add("Types: " + totals.size());
    for (Total total : totals) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-7s  %,6d tensors  %,15d elements  %,15d bytes%s",
              total.type(),
              total.tensors(),
              total.elements(),
              total.bytes(),
              total.type().supported() ? "" : "  (the engine does not compute with this type)"));
    }
  }

  private static int width(List<String> column) {
    return Math.max(1, column.stream().mapToInt(String::length).max().orElse(1));
  }

  /** Decodes no more of a value than is shown. */
  private static String show(GgufValue value, int depth) {
    return switch (value.type()) {
      case STRING -> showString(value);
      case ARRAY -> showArray(value, depth);
      case FLOAT32 -> Float.toString(value.bytes().get(GgufCursor.FLOAT, value.start()));
      default -> String.valueOf(value.decode());
    };
  }

  private static String showString(GgufValue value) {
    long length = value.end() - value.start() - 8;
    int most = 4 * SHOWN_CHARACTERS; // a character takes up to four bytes
    String head = Utf8.lenient(value.bytes(), value.start() + 8, (int) Math.min(length, most));
    String shown = '"' + Text.shorten(head, SHOWN_CHARACTERS) + '"';
    return shown.indexOf('…') < 0 ? shown : shown + " (" + length + " bytes)";
  }

  private static String showArray(GgufValue array, int depth) {
    StringJoiner joiner = new StringJoiner(", ", "[", "]");
    GgufValueType type = array.elementType();
    long at = array.elements();
    for (int i = 0; i < array.count(); i++) {
      if (i == SHOWN_ELEMENTS || depth > 0 && i == 2) {
        joiner.add("…");
        break;
      }
      long end = GgufValue.end(array.bytes(), type, at);
      joiner.add(show(new GgufValue(array.bytes(), type, at, end), depth + 1));
      at = end;
    }
    return joiner.toString();
  }
}
