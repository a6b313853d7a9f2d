package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections in a folder, used by one process after the other and by several at once. */
class DurableCollectionsTest {
  private static final String ME = "local";
  private static final String ALL = "default";

  @TempDir private Path folder;

  private KnowledgeBase open() {
    return open(new TopicEmbedder());
  }

  private KnowledgeBase open(Embedder embedder) {
    Embedders models = new Embedders(Optional.of(embedder), Optional.empty());
    return new LuceneKnowledgeBase(
        KnowledgeSettings.in(folder.resolve("knowledge"), EmbeddingChoice.of(models))
            .withPatience(Duration.ofSeconds(3)));
  }

  private static IngestSummary add(KnowledgeBase base, String id, String text) throws Exception {
    return base.ingest(ME, ALL, List.of(new SourceDocument(id, "", text)), _ -> {});
  }

  private static List<String> find(KnowledgeBase base, String query, SearchMode mode)
      throws Exception {
    return base.search(ME, ALL, SearchRequest.of(query, 10).mode(mode)).passages().stream()
        .map(Passage::source)
        .toList();
  }

  private static void embedded(KnowledgeBase base) throws Exception {
    assertThat(base.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();
  }

  @Test
  void whatWasIngestedIsThereAfterARestart() throws Exception {
    try (KnowledgeBase base = open()) {
      assertThat(base.collections(ME)).isEmpty();
      add(base, "a", "sandal repair");
      add(base, "b", "vehicle repair");
      base.forget(ME, ALL, List.of("b"));
      embedded(base);
    }
    try (KnowledgeBase base = open()) {
      assertThat(find(base, "repair", SearchMode.KEYWORDS)).containsExactly("a");
      assertThat(find(base, "footwear", SearchMode.VECTORS)).containsExactly("a");
      assertThat(base.collections(ME)).containsExactly(new CollectionInfo(ALL, 1, 1, 13));
      assertThat(base.document(ME, ALL, "a").orElseThrow().text()).isEqualTo("sandal repair");
      assertThat(base.document(ME, ALL, "b")).isEmpty();
      IngestSummary again = add(base, "a", "sandal repair");
      assertThat(List.of(again.added(), again.replaced(), again.unchanged()))
          .containsExactly(0, 0, 1);
    }
  }

  @Test
  void whatWasNotEmbeddedIsEmbeddedAfterARestart() throws Exception {
    TopicEmbedder failing = new TopicEmbedder();
    failing.failure = "no memory";
    try (KnowledgeBase base = open(failing)) {
      add(base, "a", "sandal repair");
      embedded(base); // all that this process can
      assertThat(find(base, "footwear", SearchMode.VECTORS)).isEmpty();
    }
    try (KnowledgeBase base = open()) {
      embedded(base);
      assertThat(find(base, "footwear", SearchMode.VECTORS)).containsExactly("a");
    }
  }

  @Test
  void everyServerSeesWhatAnotherDoesWithinASecond() throws Exception {
    try (KnowledgeBase one = open();
        KnowledgeBase other = open()) {
      add(one, "a", "sandal repair");
      assertThat(find(other, "sandal", SearchMode.KEYWORDS)).containsExactly("a");
      for (int i = 0; i < 5; i++) {
        add(other, "b", "word" + i);
        long begin = System.nanoTime();
        while (find(one, "word" + i, SearchMode.KEYWORDS).isEmpty()) {
          assertThat(System.nanoTime() - begin).isLessThan(1_000_000_000L);
          Thread.sleep(5);
        }
        add(one, "c" + i, "more" + i);
      }
      assertThat(one.sources(ME, ALL)).hasSize(7);
      embedded(one);
      embedded(other);
      assertThat(find(other, "footwear", SearchMode.VECTORS)).containsExactly("a");
      assertThat(one.sources(ME, ALL)).allSatisfy(s -> assertThat(s.vectors()).isEqualTo(1));

      one.drop(ME, ALL);
      Thread.sleep(150);
      assertThatThrownBy(() -> find(other, "sandal", SearchMode.KEYWORDS))
          .isInstanceOf(KnowledgeException.class);
      add(other, "d", "a new life");
      assertThat(find(one, "life", SearchMode.KEYWORDS)).containsExactly("d");
      assertThat(find(one, "sandal", SearchMode.KEYWORDS)).isEmpty();
    }
  }

  @Test
  void principalsCannotTellOthersCollectionsFromNone() throws Exception {
    try (KnowledgeBase base = open()) {
      add(base, "a", "sandal repair");
      base.ingest("you", "mine", List.of(new SourceDocument("x", "", "secret")), _ -> {});
      String foreign = failure(base, "other", ALL);
      assertThat(foreign).isEqualTo(failure(base, "other", ALL + "x"));
      assertThat(failure(base, ME, "mine").replace("mine", "?"))
          .isEqualTo(failure(base, ME, "none").replace("none", "?"));
      assertThat(base.collections("other")).isEmpty();
    }
    try (Stream<Path> files = Files.walk(folder.resolve("knowledge"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .noneMatch(name -> name.equals(ME) || name.equals(ALL) || name.equals("mine"));
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("knowledge"))))
        .isEqualTo("rwx------");
  }

  private static String failure(KnowledgeBase base, String principal, String collection) {
    try {
      base.sources(principal, collection);
      throw new AssertionError("found");
    } catch (KnowledgeException e) {
      assertThat(e.kind()).isEqualTo(KnowledgeException.Kind.UNKNOWN_COLLECTION);
      return e.getMessage();
    }
  }

  @Test
  void aWriterThatHoldsTheIndexTooLongIsNamed() throws Exception {
    try (KnowledgeBase base = open()) {
      add(base, "a", "sandal repair");
      embedded(base);
      Path words;
      try (Stream<Path> files = Files.walk(folder)) {
        words = files.filter(f -> f.endsWith("words")).findFirst().orElseThrow();
      }
      try (var directory = org.apache.lucene.store.FSDirectory.open(words);
          var lock = directory.obtainLock("write.lock")) {
        assertThatThrownBy(() -> add(base, "b", "x"))
            .isInstanceOfSatisfying(
                KnowledgeException.class,
                e -> assertThat(e.kind()).isEqualTo(KnowledgeException.Kind.STORAGE_BUSY))
            .hasMessageContaining("try again");
        assertThat(find(base, "sandal", SearchMode.KEYWORDS)).containsExactly("a");
        lock.ensureValid();
      }
      add(base, "b", "boot polish");
      assertThat(find(base, "polish", SearchMode.KEYWORDS)).containsExactly("b");
    }
  }

  @Test
  void citationsAreWordForWordWhateverTheChunks() throws Exception {
    String text = "Intro.\r\n\r\n  Ünïcode 😀 text here.\n\tAnd 中文也在这里。 The end.";
    List<Chunk> chunks =
        List.of(
            new Chunk(0, 6, "Guide", Map.of("page", "1")),
            new Chunk(3, text.length() - 8, "Guide > More", Map.of("page", "2")));
    try (KnowledgeBase base = open()) {
      base.ingest(
          ME,
          ALL,
          List.of(new SourceDocument("a", "T", text, Map.of("path", "x/a.md"), chunks)),
          _ -> {});
      Passage found =
          base.search(ME, ALL, SearchRequest.of("中文", 5).mode(SearchMode.KEYWORDS))
              .passages()
              .getFirst();
      assertThat(found.text()).isEqualTo(text.substring(found.start(), found.end()));
      assertThat(found.heading()).isEqualTo("Guide > More");
      assertThat(found.metadata()).containsEntry("page", "2").containsEntry("path", "x/a.md");
      Passage wider =
          base.search(ME, ALL, SearchRequest.of("中文", 5).neighbours(1)).passages().getFirst();
      assertThat(wider.start()).isZero();
      assertThat(wider.text()).isEqualTo(text.substring(0, wider.end()));
      assertThatThrownBy(() ->
              base.ingest(
                  ME,
                  ALL,
                  List.of(new SourceDocument("b", "", "short", Map.of(), List.of(new Chunk(0, 9)))),
                  _ -> {}))
          .hasMessageContaining("\"b\"");
    }
  }
}
