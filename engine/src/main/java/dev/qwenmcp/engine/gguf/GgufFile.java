package dev.qwenmcp.engine.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A validated GGUF file (version 2 or 3, single or split), mapped read-only.
 *
 * <p>Opening reads the header alone; memory taken is in proportion to the header's bytes, whatever
 * numbers it claims. Tensors may be of types that the engine does not compute with ({@link
 * GgmlType#supported()}). A file must not be truncated while it is open: the system ends a program
 * that reads mapped bytes which no longer exist.
 *
 * <p>Safe for many threads, as long as {@link #close()} comes last.
 */
public final class GgufFile implements AutoCloseable {
  private static final String SPLIT_COUNT = "split.count";
  private static final String SPLIT_NUMBER = "split.no";
  private static final String SPLIT_TENSORS = "split.tensors.count";

  private final String name;
  private final List<GgufPart> parts;
  private final Map<String, TensorInfo> byName;
  private final List<TensorInfo> tensors;

  /** Holds the bytes; null for a file in the caller's memory. */
  private final Arena arena;

  private final boolean mapped;
  private String identity; // null until asked for

  private GgufFile(String name, List<GgufPart> parts, Arena arena, boolean mapped)
      throws GgufFormatException {
    this.name = name;
    this.parts = List.copyOf(parts);
    this.arena = arena;
    this.mapped = mapped;
    this.byName = new HashMap<>();
    for (GgufPart part : parts) {
      for (TensorInfo tensor : part.tensors()) {
        if (byName.putIfAbsent(tensor.name(), tensor) != null) {
          throw new GgufFormatException(
              part.name(),
              -1,
              "each tensor in one part",
              Text.quote(tensor.name()) + " in an earlier part as well");
        }
      }
    }
    this.tensors = parts.stream().flatMap(p -> p.tensors().stream()).toList();
  }

  /**
   * Maps the file (for a split file: any part; its siblings are found beside it).
   *
   * @throws GgufFormatException if the file or one of its siblings is damaged, or a sibling is
   *     missing
   * @throws IOException if the system cannot read it
   */
  public static GgufFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new GgufFile(path.toString(), readParts(path, arena), arena, true);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads a file that is already in memory; {@code bytes} must outlive the result.
   *
   * <p>Tensors are as well aligned as {@code bytes} is: native memory for the kernels should be
   * allocated with the file's alignment. A split file cannot be read this way.
   */
  public static GgufFile of(String name, MemorySegment bytes) throws GgufFormatException {
    return new GgufFile(name, List.of(wholeModel(name, bytes)), null, false);
  }

  /**
   * Reads a file that is already in memory, which is freed when the file is closed, and at once if
   * it cannot be read.
   *
   * @param owned holds {@code bytes} and nothing else
   */
  public static GgufFile of(String name, MemorySegment bytes, Arena owned)
      throws GgufFormatException {
    try {
      return new GgufFile(name, List.of(wholeModel(name, bytes)), owned, false);
    } catch (GgufFormatException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static GgufPart wholeModel(String name, MemorySegment bytes) throws GgufFormatException {
    GgufPart part = GgufPart.read(name, bytes.asReadOnly(), 0);
    OptionalInt count = splitCount(part);
    if (count.isPresent()) {
      throw new GgufFormatException(
          name, -1, "a whole model", "one of " + count.getAsInt() + " parts; open it by its path");
    }
    return part;
  }

  private static List<GgufPart> readParts(Path path, Arena arena) throws IOException {
    String name = path.toString();
    MemorySegment bytes = map(path, arena);
    GgufPart given = GgufPart.read(name, bytes, 0);
    OptionalInt count = splitCount(given);
    if (count.isEmpty()) {
      return List.of(given);
    }
    SplitName split =
        SplitName.of(path)
            .filter(s -> s.count() == count.getAsInt())
            .orElseThrow(() ->
                new GgufFormatException(
                    name,
                    -1,
                    String.format(
                        "a file of a split model to be named NAME-#####-of-%05d.gguf",
                        count.getAsInt()),
                    "another name; give it back its own, or merge the parts into one file"));
    List<GgufPart> parts = new ArrayList<>();
    for (int i = 1; i <= count.getAsInt(); i++) {
      Path sibling = split.sibling(i);
      GgufPart part;
      if (i == split.number()) {
        part = GgufPart.read(name, bytes, i - 1);
      } else if (Files.exists(sibling)) {
        part = GgufPart.read(sibling.toString(), map(sibling, arena), i - 1);
      } else {
        throw new GgufFormatException(
            name, -1, "all " + count.getAsInt() + " parts of the model beside it", "no " + sibling);
      }
      checkPart(part, i, count.getAsInt());
      parts.add(part);
    }
    checkTensorCount(parts);
    return parts;
  }

  /** The whole file as one segment; the channel is closed at once, so no interrupt can close it. */
  private static MemorySegment map(Path path, Arena arena) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isRegularFile(path)) {
      throw new GgufFormatException(
          path.toString(), -1, "a file", Files.isDirectory(path) ? "a folder" : "a device or pipe");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** The number of parts, empty for a model in a single file. */
  private static OptionalInt splitCount(GgufPart part) throws GgufFormatException {
    Optional<Long> count = part.metadata().integer(SPLIT_COUNT);
    if (count.isEmpty() || count.get() == 0 || count.get() == 1) {
      return OptionalInt.empty();
    }
    if (count.get() < 0 || count.get() > 99_999) { // five digits in the file's name
      throw wrong(part, SPLIT_COUNT, "0 to 99999", count.get());
    }
    return OptionalInt.of(count.get().intValue());
  }

  private static void checkPart(GgufPart part, int number, int count) throws GgufFormatException {
    long no = part.metadata().integer(SPLIT_NUMBER).orElse(-1L);
    if (no != number - 1) {
      throw wrong(part, SPLIT_NUMBER, Integer.toString(number - 1), no);
    }
    long ofCount = part.metadata().integer(SPLIT_COUNT).orElse(-1L);
    if (ofCount != count) {
      throw wrong(part, SPLIT_COUNT, Integer.toString(count), ofCount);
    }
  }

  private static void checkTensorCount(List<GgufPart> parts) throws GgufFormatException {
    long found = parts.stream().mapToLong(p -> p.tensors().size()).sum();
    long claimed = parts.getFirst().metadata().integer(SPLIT_TENSORS).orElse(found);
    if (claimed != found) {
      throw wrong(parts.getFirst(), SPLIT_TENSORS, found + ", as in all parts together", claimed);
    }
  }

  private static GgufFormatException wrong(GgufPart part, String key, String expected, long found) {
    GgufValue value = part.metadata().raw(key);
    return new GgufFormatException(
        part.name(),
        value == null ? -1 : value.start(),
        key + " to be " + expected,
        value == null ? "none" : Long.toString(found));
  }

  /** The path or name given. */
  public String name() {
    return name;
  }

  /** The format's version, 2 or 3; of the first part. */
  public int version() {
    return parts.getFirst().version();
  }

  /** Number of files that make up the model, 1 if it is not split. */
  public int parts() {
    return parts.size();
  }

  /** The alignment of tensors; of the first part. */
  public int alignment() {
    return parts.getFirst().alignment();
  }

  /** Key-value pairs; of the first part. */
  public GgufMetadata metadata() {
    return parts.getFirst().metadata();
  }

  /** All tensors, in file order, part after part. */
  public List<TensorInfo> tensors() {
    return tensors;
  }

  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * The tensor's bytes, read-only, exactly {@link TensorInfo#byteSize()} long.
   *
   * @throws IllegalArgumentException if the tensor is not one of this file's
   */
  public MemorySegment data(TensorInfo tensor) {
    if (!tensor.equals(byName.get(tensor.name()))) {
      throw new IllegalArgumentException(Text.quote(tensor.name()) + " is no tensor of " + name);
    }
    return parts.get(tensor.part()).data().asSlice(tensor.offset(), tensor.byteSize());
  }

  /** What {@link ModelIdentity#of} gives. */
  synchronized String identity() throws IOException {
    if (identity == null) {
      identity = ModelIdentity.compute(this);
    }
    return identity;
  }

  /** The parts, one for a file that is not split. */
  List<GgufPart> partList() {
    return parts;
  }

  /** Whether the parts are files by their names, rather than the caller's memory. */
  boolean onDisk() {
    return mapped;
  }

  /** Unmaps the file; segments from {@link #data} and the metadata are dead afterwards. */
  @Override
  public void close() {
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
    }
  }
}
