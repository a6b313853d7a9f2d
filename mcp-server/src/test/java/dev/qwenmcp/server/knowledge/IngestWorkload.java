package dev.qwenmcp.server.knowledge;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Ingests and forgets until it is killed, and says what was acknowledged. */
final class IngestWorkload {
  static final String ME = "local";
  static final String COLLECTION = "default";

  private IngestWorkload() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    int calls = Integer.parseInt(arguments[2]);
    Random random = new Random(seed);
    Embedders models = new Embedders(Optional.of(new TopicEmbedder()), Optional.empty());
    try (KnowledgeBase base =
        new LuceneKnowledgeBase(KnowledgeSettings.in(folder, EmbeddingChoice.of(models)))) {
      System.out.println("ready");
      for (int call = 0; call < calls || calls == 0; call++) {
        List<SourceDocument> batch = new ArrayList<>();
        StringBuilder ids = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
          String id = "d%s-%d-%d".formatted(arguments[1], call, i);
          batch.add(document(id));
          ids.append(' ').append(id);
        }
        base.ingest(ME, COLLECTION, batch, _ -> {});
        System.out.println("ingested" + ids);
        if (random.nextInt(4) == 0) {
          String id = batch.getFirst().id();
          System.out.println("forgetting " + id);
          base.forget(ME, COLLECTION, List.of(id));
          System.out.println("forgot " + id);
        }
      }
      System.out.println("done");
    }
  }

  /** A document of several passages whose text says its id throughout. */
  static SourceDocument document(String id) {
    String word = word(id);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append("The sandal ").append(word).append(" has line ").append(i).append(" here. ");
    }
    return new SourceDocument(id, "Title of " + word, text.toString());
  }

  static String word(String id) {
    return id.replace('-', 'x') + "q";
  }
}
