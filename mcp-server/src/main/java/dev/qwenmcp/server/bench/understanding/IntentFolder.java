package dev.qwenmcp.server.bench.understanding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@link IntentData} from folders.
 *
 * <p>A folder holds {@code train} and {@code test}, and may hold {@code out_of_scope}, each as
 * {@code .csv} or {@code .tsv} (text, then label; a first line that says so is skipped) or {@code
 * .jsonl} (objects with {@code text} and {@code label}); or one {@code .json} file as CLINC150 has
 * it, with {@code train}, {@code val} or {@code test}, and {@code oos_val} or {@code oos_test}. A
 * folder of such folders holds several sets.
 */
public final class IntentFolder {
  private static final String OUT_OF_SCOPE = "out of scope";

  private IntentFolder() {}

  /**
   * All sets of a folder, by name.
   *
   * @throws IOException if there are none, or one cannot be read
   */
  public static List<IntentData> read(Path folder) throws IOException {
    List<IntentData> found = new ArrayList<>();
    one(folder).ifPresent(found::add);
    if (found.isEmpty()) {
      try (Stream<Path> children = Files.list(folder)) {
        for (Path child : children.filter(Files::isDirectory).sorted().toList()) {
          one(child).ifPresent(found::add);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IOException(
          folder
              + " holds neither train and test (.csv, .tsv, .jsonl), nor a .json file with train and val, nor folders that do");
    }
    return found;
  }

  private static Optional<IntentData> one(Path folder) throws IOException {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    Optional<List<IntentData.Item>> train = table(folder, "train");
    Optional<List<IntentData.Item>> test = table(folder, "test");
    if (train.isPresent() && test.isPresent()) {
      List<IntentData.Item> all = new ArrayList<>(test.get());
      table(folder, "out_of_scope")
          .ifPresent(items ->
              items.forEach(item -> all.add(new IntentData.Item(item.text(), OUT_OF_SCOPE))));
      return Optional.of(new IntentData(name, train.get(), all));
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        Optional<IntentData> data = clinc(name, file);
        if (data.isPresent()) {
          return data;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<List<IntentData.Item>> table(Path folder, String name)
      throws IOException {
    for (String ending : List.of(".csv", ".tsv", ".jsonl")) {
      Path file = folder.resolve(name + ending);
      if (Files.exists(file)) {
        return Optional.of(
            ending.equals(".jsonl")
                ? lines(file)
                : rows(Files.readString(file), ending.equals(".csv") ? ',' : '\t'));
      }
    }
    return Optional.empty();
  }

  private static List<IntentData.Item> lines(Path file) throws IOException {
    List<IntentData.Item> items = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          JsonNode node = JsonMapper.shared().readTree(line);
          items.add(
              new IntentData.Item(node.path("text").asString(""), node.path("label").asString("")));
        }
      }
    } catch (JacksonException e) {
      throw new IOException(file + " has a line that is no JSON: " + e.getMessage(), e);
    }
    return items;
  }

  /** Rows of a table; quotes may hold separators, line ends and doubled quotes (RFC 4180). */
  static List<IntentData.Item> rows(String table, char separator) {
    List<IntentData.Item> items = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i <= table.length(); i++) {
      char c = i < table.length() ? table.charAt(i) : '\n';
      if (quoted && i < table.length()) {
        if (c != '"') {
          cell.append(c);
        } else if (i + 1 < table.length() && table.charAt(i + 1) == '"') {
          cell.append(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"' && cell.isEmpty()) {
        quoted = true;
      } else if (c == separator || c == '\n') {
        row.add(cell.toString().strip());
        cell.setLength(0);
        if (c == '\n') {
          add(row, items);
          row.clear();
        }
      } else {
        cell.append(c);
      }
    }
    return items;
  }

  private static void add(List<String> row, List<IntentData.Item> items) {
    boolean header = items.isEmpty() && row.getFirst().equals("text");
    if (!header && !row.getFirst().isEmpty()) {
      items.add(new IntentData.Item(row.getFirst(), row.size() > 1 ? row.get(1) : ""));
    }
  }

  private static Optional<IntentData> clinc(String name, Path file) throws IOException {
    try {
      JsonNode node = JsonMapper.shared().readTree(file.toFile());
      String split = node.has("test") ? "test" : "val";
      if (!node.has("train") || !node.has(split)) {
        return Optional.empty();
      }
      List<IntentData.Item> test = pairs(node.get(split));
      pairs(node.path("oos_" + split))
          .forEach(item -> test.add(new IntentData.Item(item.text(), OUT_OF_SCOPE)));
      return Optional.of(new IntentData(name, pairs(node.get("train")), test));
    } catch (JacksonException e) {
      throw new IOException(file + " is no JSON: " + e.getMessage(), e);
    }
  }

  private static List<IntentData.Item> pairs(JsonNode list) {
    List<IntentData.Item> items = new ArrayList<>();
    list.forEach(
        pair -> items.add(new IntentData.Item(pair.get(0).asString(), pair.get(1).asString())));
    return items;
  }
}
