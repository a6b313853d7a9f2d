package dev.qwenmcp.server.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The documents of the demonstration, as the {@code ingest} tool takes them. */
final class DemoDocuments {
  private static final String RESOURCE = "hotel-faq.md";
  private static final String HEADING = "## ";

  private DemoDocuments() {}

  /** One document for each section of the Markdown resource. */
  static List<Map<String, Object>> load() throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (String section : text().split("(?m)^" + HEADING)) {
      if (documents.isEmpty() && section.startsWith("# ")) {
        continue; // the heading of the whole file
      }
      String title = section.lines().findFirst().orElseThrow();
      documents.add(
          Map.of(
              "id",
              "faq-" + (documents.size() + 1),
              "title",
              title,
              "text",
              section.substring(title.length()).strip()));
    }
    return documents;
  }

  private static String text() throws IOException {
    try (InputStream in = DemoDocuments.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException(RESOURCE + " is missing from the program; build it anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
