package dev.qwenmcp.server.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Settings in YAML: one mapping, each key the name of an option without its dashes, each value a
 * scalar or a list of scalars.
 */
public final class SettingsFile {
  private static final int MOST_BYTES = 1 << 20;

  private SettingsFile() {}

  /**
   * Reads a file; values stay the texts that they are.
   *
   * @param known the keys that there are
   * @return values by key, in the order of the file
   * @throws SettingsException if it is no such file or has a key that is not known
   */
  public static Map<String, List<String>> read(Path file, Set<String> known)
      throws SettingsException {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : mapping(file).entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw new SettingsException(file, "expected keys that are words, found " + entry.getKey());
      }
      if (!known.contains(key)) {
        throw new SettingsException(file, "unknown key " + key + instead(key, known));
      }
      values.put(key, texts(file, key, entry.getValue()));
    }
    return values;
  }

  private static String instead(String key, Set<String> known) {
    return NearestName.of(key, known)
        .map(name -> "; did you mean " + name + "?")
        .orElse("; qwen-mcp config lists the keys");
  }

  private static Map<?, ?> mapping(Path file) throws SettingsException {
    LoadSettings strict =
        LoadSettings.builder()
            .setLabel(file.getFileName().toString())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(0)
            .setSchema(new TextSchema())
            .build();
    Object content;
    try {
      content = new Load(strict).loadFromString(text(file));
    } catch (YamlEngineException e) {
      throw new SettingsException(file, "is not YAML: " + e.getMessage().strip());
    }
    return switch (content) {
      case null -> Map.of();
      case String text when text.isBlank() -> Map.of();
      case Map<?, ?> map -> map;
      default -> throw new SettingsException(file, "expected lines such as \"threads: 4\"");
    };
  }

  /** Leaves every scalar the text that it is; what is left out is an empty one. */
  private static final class TextSchema extends FailsafeSchema {
    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of(Tag.NULL, node -> "");
    }
  }

  private static String text(Path file) throws SettingsException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new SettingsException(file, "is too large for settings");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SettingsException(file, "does not exist");
    } catch (CharacterCodingException e) {
      throw new SettingsException(file, "is not UTF-8");
    } catch (IOException e) {
      throw new SettingsException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static List<String> texts(Path file, String key, Object value) throws SettingsException {
    List<String> texts = new ArrayList<>();
    for (Object element : value instanceof List<?> list ? list : listOf(value)) {
      if (!(element instanceof String text) || text.isEmpty()) {
        throw new SettingsException(file, key + ": expected a value or a list of values");
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  private static List<?> listOf(Object value) {
    List<Object> one = new ArrayList<>();
    one.add(value);
    return one;
  }
}
