package dev.qwenmcp.server.flow.sample;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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

  /** Name, likewise, of the ids by which a collection is known not to have all of them. */
  public static final String UNFINISHED = "shop_faq_unfinished";

  /** Collection that the shipped flow searches if it is given none. */
  public static final String COLLECTION = "shop-faq";

  private static final String RESOURCE = "shop-faq.json";

  /** Between an entry's id and the number of a wording. */
  private static final String WORDING = "/";

  private static final Comparator<ObjectNode> BY_ID =
      Comparator.comparing(document -> document.get("id").stringValue());

  /** Documents that ingest takes at once. */
  private static final int BATCH = 100;

  public ShopFaq {
    entries = List.copyOf(entries);
  }

  /**
   * One question with its answer.
   *
   * @param id unique
   * @param language ISO 639-1
   * @param topic what it is about, a word
   * @param question as the shop words it
   * @param alsoAsked as customers may word it
   * @param answer to all of them
   */
  public record Entry(
      String id,
      String language,
      String topic,
      String question,
      @JsonProperty("also_asked") List<String> alsoAsked,
      String answer) {
    public Entry {
      alsoAsked = List.copyOf(alsoAsked);
    }
  }

  /** Reads them from the program. */
  public static ShopFaq load() {
    try (InputStream in = ShopFaq.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing; build the program anew");
      }
      return new ShopFaq(JsonMapper.shared().readValue(in, new TypeReference<List<Entry>>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entry that a document was made from. */
  public static String entryOf(String documentId) {
    int at = documentId.indexOf(WORDING);
    return at < 0 ? documentId : documentId.substring(0, at);
  }

  /**
   * As the tool {@code ingest} takes them, in lists that fit one call each.
   *
   * <p>Each wording of a question is a document of its own, titled with the question, so that its
   * words and its meaning are compared by themselves; searches return the answer that they share
   * once. The one whose id comes first by the alphabet is the last.
   */
  public ArrayNode batches() {
    List<ObjectNode> documents = documents();
    ArrayNode batches = JsonNodeFactory.instance.arrayNode();
    for (int from = 0; from < documents.size(); from += BATCH) {
      batches.addArray().addAll(documents.subList(from, Math.min(from + BATCH, documents.size())));
    }
    return batches;
  }

  /**
   * Ids of all documents but the last: a list of a collection's documents by id begins with one of
   * these while the last has not been put in.
   */
  public ArrayNode unfinished() {
    ArrayNode ids = JsonNodeFactory.instance.arrayNode();
    List<ObjectNode> documents = documents();
    documents.subList(0, documents.size() - 1).forEach(document -> ids.add(document.get("id")));
    return ids;
  }

  private List<ObjectNode> documents() {
    List<ObjectNode> documents = new ArrayList<>();
    for (Entry entry : entries) {
      int wording = 1;
      for (String question :
          Stream.concat(Stream.of(entry.question()), entry.alsoAsked().stream()).toList()) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document
            .put("id", wording == 1 ? entry.id() : entry.id() + WORDING + wording)
            .put("title", question)
            .put("text", entry.answer());
        document
            .putObject("metadata")
            .put("language", entry.language())
            .put("topic", entry.topic());
        documents.add(document);
        wording++;
      }
    }
    documents.add(documents.remove(documents.indexOf(Collections.min(documents, BY_ID))));
    return documents;
  }
}
