package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections whose vectors are given to another model. */
class ReembeddingTest {
  private static final String ME = "local";
  private static final String ALL = "default";
  private static final int DOCUMENTS = 100;

  @TempDir private Path folder;

  private final TopicEmbedder before = new TopicEmbedder();
  private final TopicEmbedder after = new TopicEmbedder();

  /** Both models are there. */
  private final class Choice implements EmbeddingChoice {
    private final TopicEmbedder preferred;
    private final boolean chosen;

    Choice(TopicEmbedder preferred, boolean chosen) {
      this.preferred = preferred;
      this.chosen = chosen;
    }

    private static Embedders of(TopicEmbedder embedder) {
      return new Embedders(Optional.of(embedder), Optional.empty());
    }

    @Override
    public Embedders preferred() {
      return of(preferred);
    }

    @Override
    public boolean chosen() {
      return chosen;
    }

    @Override
    public Optional<Embedders> byName(String name, String location) {
      return name.equals("before") ? Optional.of(of(before)) : Optional.of(of(after));
    }
  }

  private KnowledgeBase open(TopicEmbedder preferred, boolean chosen) {
    before.name = "before";
    after.name = "after";
    return new LuceneKnowledgeBase(KnowledgeSettings.in(folder, new Choice(preferred, chosen)));
  }

  private void ingestAll() throws Exception {
    try (KnowledgeBase base = open(before, false)) {
      List<SourceDocument> documents = new ArrayList<>();
      for (int i = 0; i < DOCUMENTS; i++) {
        documents.add(new SourceDocument("d" + i, "", "sandal number " + i));
      }
      base.ingest(ME, ALL, documents, _ -> {});
      assertThat(base.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();
    }
    assertThat(before.texts.get()).isEqualTo(DOCUMENTS);
  }

  private static SearchResult search(KnowledgeBase base) throws Exception {
    return base.search(ME, ALL, SearchRequest.of("footwear", 5).mode(SearchMode.VECTORS));
  }

  private static void awaitNoNotes(KnowledgeBase base) throws Exception {
    for (int i = 0; i < 400 && !search(base).notes().isEmpty(); i++) {
      Thread.sleep(25);
    }
    assertThat(search(base).notes()).isEmpty();
  }

  @Test
  void oldVectorsServeUntilTheNewOnesAreMade() throws Exception {
    ingestAll();
    after.gate = new CountDownLatch(1);
    try (KnowledgeBase base = open(after, true)) {
      SearchResult found = search(base);
      assertThat(found.passages()).hasSize(5);
      assertThat(found.mode()).isEqualTo(SearchMode.VECTORS);
      assertThat(found.notes()).singleElement().asString().contains("after", "before");
      after.gate.countDown();
      awaitNoNotes(base);
      int asked = before.texts.get();
      assertThat(search(base).passages()).hasSize(5);
      assertThat(before.texts.get()).isEqualTo(asked);
      base.ingest(ME, ALL, List.of(new SourceDocument("new", "", "boot")), _ -> {});
      assertThat(base.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();
      assertThat(before.texts.get()).isEqualTo(asked);
    }
    assertThat(after.texts.get()).isGreaterThanOrEqualTo(DOCUMENTS);
  }

  @Test
  void whoChoseNothingKeepsWhatIsThere() throws Exception {
    ingestAll();
    try (KnowledgeBase base = open(after, false)) {
      assertThat(search(base).passages()).hasSize(5);
      assertThat(search(base).notes()).isEmpty();
    }
    assertThat(after.texts.get()).isZero();
  }

  @Test
  void whatWasInterruptedGoesOnWhereItWas() throws Exception {
    ingestAll();
    try (KnowledgeBase base = open(after, true)) {
      search(base);
      for (int i = 0; i < 400 && after.texts.get() < 10; i++) {
        Thread.sleep(5);
      }
    }
    int first = after.texts.get();
    assertThat(first).isPositive();
    try (KnowledgeBase base = open(after, false)) { // and whoever comes next does the rest
      awaitNoNotes(base);
    }
    // The query was embedded by it, too, once it served.
    assertThat(after.texts.get()).isBetween(DOCUMENTS, 2 * DOCUMENTS + 10);
  }
}
