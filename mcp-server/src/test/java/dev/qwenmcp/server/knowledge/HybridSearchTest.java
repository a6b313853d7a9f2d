package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HybridSearchTest {
  private static final String ME = "local";
  private static final String ALL = "default";
  private final TopicEmbedder embedder = new TopicEmbedder();
  private final KnowledgeBase knowledge =
      new LuceneKnowledgeBase(
          KnowledgeLimits.DEFAULT, new Embedders(Optional.of(embedder), Optional.empty()));

  @AfterEach
  void close() {
    embedder.gate.countDown();
    knowledge.close();
  }

  private void ingest(String... idText) throws Exception {
    add(idText);
    assertThat(knowledge.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();
  }

  private void add(String... idText) throws KnowledgeException {
    List<SourceDocument> documents =
        IntStream.range(0, idText.length / 2)
            .mapToObj(i -> new SourceDocument(idText[2 * i], "", idText[2 * i + 1]))
            .toList();
    knowledge.ingest(ME, ALL, documents, _ -> {});
  }

  private SearchResult search(String query, SearchMode mode) throws KnowledgeException {
    return knowledge.search(ME, ALL, SearchRequest.of(query, 10).mode(mode));
  }

  private static List<String> sources(SearchResult result) {
    return result.passages().stream().map(Passage::source).toList();
  }

  @Test
  void findsByMeaningWhereNoWordIsTheSame() throws Exception {
    ingest("a", "sandal repair", "b", "vehicle repair", "c", "puppy food");
    assertThat(sources(search("footwear", SearchMode.KEYWORDS))).isEmpty();
    assertThat(sources(search("footwear", SearchMode.VECTORS))).containsExactly("a");
    SearchResult hybrid = search("footwear", SearchMode.HYBRID);
    assertThat(sources(hybrid)).containsExactly("a");
    assertThat(hybrid.mode()).isEqualTo(SearchMode.HYBRID);
    assertThat(hybrid.notes()).isEmpty();
  }

  @Test
  void scoresComeInParts() throws Exception {
    ingest("a", "boot and boot polish", "b", "shoe and car", "c", "the polish language");
    SearchResult found = search("boot polish", SearchMode.HYBRID);
    assertThat(sources(found)).first().isEqualTo("a");
    PassageScores scores = found.passages().getFirst().scores();
    assertThat(scores.bm25()).isPresent();
    assertThat(scores.vector().orElseThrow()).isGreaterThan(0.9);
    assertThat(scores.rerank().orElseThrow()).isGreaterThan(0.5);
    assertThat(scores.fusedRank()).hasValue(1);
    assertThat(scores.score()).isBetween(0.0, 1.0);
    assertThat(found.passages())
        .isSortedAccordingTo((x, y) -> Double.compare(y.scores().score(), x.scores().score()));
    PassageScores fused =
        knowledge
            .search(ME, ALL, SearchRequest.of("boot polish", 10).withoutRerank())
            .passages()
            .getFirst()
            .scores();
    assertThat(fused.rerank()).isEmpty();
    assertThat(fused.score()).isEqualTo(1.0 / 61 + 0.5 / 61);
  }

  @Test
  void everySearchByMeaningHasThePartsThatJudgeAPassage() throws Exception {
    SourceDocument entry = new SourceDocument("entry", "sandal", "vehicle lorry vehicle");
    knowledge.ingest(ME, ALL, List.of(entry), _ -> {});
    assertThat(knowledge.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();
    for (SearchMode mode : List.of(SearchMode.HYBRID, SearchMode.VECTORS)) {
      PassageScores scores = search("footwear", mode).passages().getFirst().scores();
      assertThat(scores.title().orElseThrow()).as("%s", mode).isCloseTo(1, within(0.01));
      assertThat(scores.rerank().orElseThrow()).as("%s", mode).isBetween(0.1, 1.0);
    }
    assertThat(search("lorry", SearchMode.KEYWORDS).passages().getFirst().scores().title())
        .isEmpty();
  }

  @Test
  void theTitleOfAnEntryIsComparedByItself() throws Exception {
    SourceDocument entry = new SourceDocument("entry", "sandal", "vehicle lorry vehicle");
    SourceDocument other = new SourceDocument("other", "", "boot vehicle lorry");
    SourceDocument chapters =
        new SourceDocument(
            "chapters",
            "sandal",
            "car lorry car car car lorry",
            Map.of(),
            List.of(new Chunk(0, 13), new Chunk(14, 27)));
    knowledge.ingest(ME, ALL, List.of(entry, other, chapters), _ -> {});
    assertThat(knowledge.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();

    SearchResult found = search("footwear", SearchMode.VECTORS);

    Passage first = found.passages().getFirst();
    assertThat(first.source()).isEqualTo("entry");
    assertThat(first.scores().title().orElseThrow()).isCloseTo(1, within(0.01));
    assertThat(first.scores().vector().orElseThrow()).isLessThan(0.5);
    assertThat(first.scores().score())
        .isCloseTo(0.6 + 0.4 * first.scores().vector().orElseThrow(), within(0.01));
    assertThat(found.passages().subList(1, found.passages().size()))
        .isNotEmpty()
        .allSatisfy(passage -> assertThat(passage.scores().title()).isEmpty());
    assertThat(
            sources(
                knowledge.search(
                    ME,
                    ALL,
                    SearchRequest.of("footwear", 10).mode(SearchMode.VECTORS).withoutRerank())))
        .first()
        .isEqualTo("other");
  }

  @Test
  void wordsAreSearchableWhileVectorsAreMade() throws Exception {
    embedder.gate = new CountDownLatch(1);
    add("a", "sandal repair", "b", "vehicle repair");
    assertThat(knowledge.awaitVectors(ME, ALL, Duration.ZERO)).isEqualTo(2);
    assertThat(sources(search("repair", SearchMode.KEYWORDS))).containsExactlyInAnyOrder("a", "b");
    embedder.gate.countDown();
    assertThat(knowledge.awaitVectors(ME, ALL, Duration.ofSeconds(20))).isZero();
    assertThat(knowledge.sources(ME, ALL)).extracting(SourceInfo::vectors).containsExactly(1, 1);
  }

  @Test
  void aDocumentThatWasReplacedWhileItWaitedLeavesNoVector() throws Exception {
    embedder.gate = new CountDownLatch(1);
    add("a", "sandal repair", "b", "puppy food");
    add("a", "vehicle repair");
    knowledge.forget(ME, ALL, List.of("b"));
    embedder.gate.countDown();
    knowledge.awaitVectors(ME, ALL, Duration.ofSeconds(20));
    assertThat(sources(search("footwear", SearchMode.VECTORS))).isEmpty();
    assertThat(sources(search("hound", SearchMode.VECTORS))).isEmpty();
    assertThat(sources(search("lorry", SearchMode.VECTORS))).containsExactly("a");
  }

  @Test
  void aModelThatFailsIsSaidAndWordsAreSearched() throws Exception {
    embedder.failure = "topics cannot be loaded (no disk)";
    ingest("a", "sandal repair");
    for (SearchMode mode : List.of(SearchMode.HYBRID, SearchMode.VECTORS)) {
      SearchResult found = search("sandal", mode);
      assertThat(sources(found)).containsExactly("a");
      assertThat(found.mode()).isEqualTo(SearchMode.KEYWORDS);
      assertThat(found.notes()).singleElement().asString().contains("words only", "no disk");
    }
    assertThat(search("sandal", SearchMode.KEYWORDS).notes()).isEmpty();
  }

  @Test
  void aModelThatFailsForTheQueryAloneIsSaidToo() throws Exception {
    ingest("a", "sandal repair");
    embedder.failure = "topics failed";
    SearchResult found = search("sandal", SearchMode.HYBRID);
    assertThat(sources(found)).containsExactly("a");
    assertThat(found.notes()).singleElement().asString().contains("topics failed");
  }

  @Test
  void aScriptThatTheModelDoesNotKnowIsSearchedByWords() throws Exception {
    ingest("a", "sandal repair", "b", "τα ελληνικά σανδάλια");
    assertThat(knowledge.sources(ME, ALL)).extracting(SourceInfo::vectors).containsExactly(1, 0);
    SearchResult found = search("ελληνικά", SearchMode.HYBRID);
    assertThat(sources(found)).containsExactly("b");
    assertThat(found.notes()).singleElement().asString().contains("script");
  }

  @Test
  void theSameTextIsReturnedOnce() throws Exception {
    ingest("a", "Sandal  repair", "b", "sandal\nREPAIR", "c", "sandal wash");
    for (SearchMode mode : SearchMode.values()) {
      SearchResult found = search("sandal repair", mode);
      assertThat(found.passages()).hasSize(2);
      Passage first = found.passages().getFirst();
      assertThat(List.of(first.source(), first.alsoIn().getFirst()))
          .containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void neighboursComeFromTheSameDocument() throws Exception {
    String text =
        IntStream.range(0, 120)
            .mapToObj(i -> "Sentence number " + i + " says this of topic t" + i + ".")
            .collect(Collectors.joining(" "));
    ingest("a", "nothing", "long", text, "z", "nothing else");
    Passage middle =
        knowledge.search(ME, ALL, SearchRequest.of("t60", 1).neighbours(1)).passages().getFirst();
    assertThat(text.substring(middle.start(), middle.end())).isEqualTo(middle.text());
    assertThat(middle.start()).isLessThan(middle.match().start());
    assertThat(middle.end()).isGreaterThan(middle.match().end());
    assertThat(text.substring(middle.match().start(), middle.match().end())).contains(" t60.");
    Passage first =
        knowledge.search(ME, ALL, SearchRequest.of("t0", 1).neighbours(3)).passages().getFirst();
    assertThat(first.start()).isZero();
    assertThat(first.match().start()).isZero();
    assertThat(first.end()).isGreaterThan(first.match().end());
    assertThat(text.substring(first.start(), first.end())).isEqualTo(first.text());
  }

  @Test
  void metadataNarrowsWordsAndVectors() throws Exception {
    List<SourceDocument> documents =
        List.of(
            new SourceDocument("a", "", "sandal", Map.of("year", "2025", "shop", "north")),
            new SourceDocument("b", "", "sandal shop", Map.of("year", "2026", "shop", "north")));
    knowledge.ingest(ME, ALL, documents, _ -> {});
    knowledge.awaitVectors(ME, ALL, Duration.ofSeconds(20));
    for (SearchMode mode : SearchMode.values()) {
      SearchRequest request =
          SearchRequest.of("sandal", 5).mode(mode).filter(Map.of("year", "2026", "shop", "north"));
      assertThat(sources(knowledge.search(ME, ALL, request))).containsExactly("b");
      assertThat(knowledge.search(ME, ALL, request.filter(Map.of("year", "2024"))).passages())
          .isEmpty();
    }
  }

  @Test
  void whatIsForgottenIsGone() throws Exception {
    ingest("a", "sandal repair", "b", "vehicle repair");
    assertThat(knowledge.forget(ME, ALL, List.of("a", "x"))).containsExactly("a");
    for (SearchMode mode : SearchMode.values()) {
      assertThat(sources(search("sandal", mode))).doesNotContain("a");
    }
    assertThat(knowledge.drop(ME, ALL).documents()).isEqualTo(1);
    assertThatThrownBy(() -> search("vehicle", SearchMode.HYBRID))
        .isInstanceOf(KnowledgeException.class);
    assertThat(knowledge.collections(ME)).isEmpty();
    ingest("b", "new life");
    assertThat(sources(search("life", SearchMode.HYBRID))).containsExactly("b");
  }
}
