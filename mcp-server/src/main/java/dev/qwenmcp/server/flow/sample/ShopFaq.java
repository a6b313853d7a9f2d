package dev.qwenmcp.server.flow.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Questions and answers of the invented shop Brightleaf, half of them in English, half in Chinese.
 *
 * @param entries in the order of the file
 */
public record ShopFaq(List<Entry> entries) {
  /** Name of the documents among the values that flows can refer to. */
  public static final String SAMPLE = "shop_faq";

  /** Collection that the shipped flow searches if it is given none. */
  public static final String COLLECTION = "shop-faq";

  private static final String RESOURCE = "shop-faq.json";

  public ShopFaq {
    entries = List.copyOf(entries);
  }

  /**
   * One question with its answer.
   *
   * @param id unique
   * @param language ISO 639-1
   * @param topic what it is about, a word
   */
  public record Entry(String id, String language, String topic, String question, String answer) {}

  /** Reads them from the program. */
  public static ShopFaq load() {
    try (InputStream in = ShopFaq.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing; build the program anew");
      }
      return new ShopFaq(
          JsonMapper.shared().readValue(in, new TypeReference<List<Entry>>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the tool {@code ingest} takes them: the question is the title, so that it is searched too. */
  public ArrayNode documents() {
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    for (Entry entry : entries) {
      ObjectNode document = documents.addObject();
      document.put("id", entry.id()).put("title", entry.question()).put("text", entry.answer());
      document
          .putObject("metadata")
          .put("language", entry.language())
          .put("topic", entry.topic());
    }
    return documents;
  }
}
