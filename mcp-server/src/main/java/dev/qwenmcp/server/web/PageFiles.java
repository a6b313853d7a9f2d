package dev.qwenmcp.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the page, by the paths under which they are served. */
final class PageFiles {
  static final String ROOT = "/";

  private static final String INDEX = "index.html";
  private static final String FOLDER = "/web/";

  /** All but the page itself; a file that is not named here is not served. */
  private static final List<String> NAMES =
      List.of(
          "style.css",
          "icon.svg",
          "app.js",
          "api.js",
          "dom.js",
          "format.js",
          "overview.js",
          "experts.js",
          "contexts.js",
          "knowledge.js",
          "flows.js",
          "mcp.js",
          "form.js",
          "playground.js");

  static final Set<String> PATHS =
      Stream.concat(Stream.of(ROOT), NAMES.stream().map(name -> FOLDER + name))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, PageFile> files = new HashMap<>();

  /**
   * A file in memory.
   *
   * @param type media type
   * @param bytes its content
   */
  record PageFile(String type, byte[] bytes) {}

  PageFiles() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put(ROOT, INDEX);
    NAMES.forEach(name -> names.put(FOLDER + name, name));
    names.forEach((path, name) -> files.put(path, new PageFile(type(name), read(name))));
  }

  Optional<PageFile> at(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private static byte[] read(String name) {
    try (InputStream file = PageFiles.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".html" -> "text/html; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".js" -> "text/javascript; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("a file of no known kind: " + name);
    };
  }
}
