package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuceneKnowledgeBaseTest {
  private static final String ME = "local";
  private final KnowledgeBase knowledge =
      new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, Embedders.NONE);

  private IngestSummary ingest(String collection, String... idTitleText) throws KnowledgeException {
    List<SourceDocument> documents = new ArrayList<>();
    for (int i = 0; i < idTitleText.length; i += 3) {
      documents.add(new SourceDocument(idTitleText[i], idTitleText[i + 1], idTitleText[i + 2]));
    }
    return knowledge.ingest(ME, collection, documents, _ -> {});
  }

  private List<Passage> search(String principal, String collection, String query, int limit)
      throws KnowledgeException {
    return knowledge.search(principal, collection, SearchRequest.of(query, limit)).passages();
  }

  private List<String> sources(String query) throws KnowledgeException {
    return search(ME, "default", query, 10).stream().map(Passage::source).toList();
  }

  @Test
  void findsByStemAndTitleAtOnce() throws KnowledgeException {
    ingest(
        "default",
        "ship",
        "Delivery",
        "Parcels leave our store within a day.",
        "ret",
        "Returns",
        "You can send shoes back for thirty days.",
        "pay",
        "Payment",
        "We take cards and bank transfers.");
    assertThat(sources("sending a shoe")).first().isEqualTo("ret");
    assertThat(sources("returning")).containsExactly("ret");
    assertThat(sources("parcel DELIVERIES")).first().isEqualTo("ship");
    assertThat(sources("zebra")).isEmpty();
  }

  @Test
  void findsChineseJapaneseAndKorean() throws KnowledgeException {
    ingest(
        "default",
        "zh1",
        "退货政策",
        "商品签收后三十天内可以免费退货。",
        "zh2",
        "配送时间",
        "订单通常在三个工作日内送达。",
        "ja",
        "返品",
        "商品到着後三十日以内であれば無料で返品できます。",
        "ko",
        "배송",
        "주문은 보통 사흘 안에 도착합니다.",
        "en",
        "Returns",
        "Items may be returned within thirty days.");
    assertThat(sources("怎么退货？")).first().isEqualTo("zh1");
    assertThat(sources("订单什么时候送达")).first().isEqualTo("zh2");
    assertThat(sources("無料で返品できますか")).first().isEqualTo("ja");
    assertThat(sources("주문은 언제 도착합니까")).first().isEqualTo("ko");
    assertThat(sources("ｒｅｔｕｒｎｅｄ items")).first().isEqualTo("en");
  }

  @Test
  void findsBothLanguagesOfAMixedDocument() throws KnowledgeException {
    ingest(
        "default",
        "mix",
        "",
        "The warranty covers two years. 保修期为两年。",
        "x",
        "",
        "Nothing here. 这里没有。");
    assertThat(sources("warranty")).containsExactly("mix");
    assertThat(sources("保修期")).first().isEqualTo("mix");
  }

  @Test
  void aReplacedDocumentVanishesAtOnce() throws KnowledgeException {
    ingest("default", "a", "Old", "giraffe ".repeat(900));
    IngestSummary summary = ingest("default", "a", "New", "penguin");
    assertThat(sources("giraffe old")).isEmpty();
    assertThat(sources("penguin")).containsExactly("a");
    assertThat(summary.added()).isZero();
    assertThat(summary.replaced()).isEqualTo(1);
    assertThat(summary.collection()).isEqualTo(new CollectionInfo("default", 1, 1, 10));
  }

  @Test
  void theSameIdTwiceInOneCallLeavesTheLast() throws KnowledgeException {
    IngestSummary summary = ingest("default", "a", "", "giraffe", "a", "", "penguin");
    assertThat(sources("giraffe")).isEmpty();
    assertThat(summary.collection().documents()).isEqualTo(1);
  }

  @Test
  void offsetsReproduceTheDocument() throws KnowledgeException {
    String text =
        IntStream.range(0, 200)
            .mapToObj(i -> "Sentence number " + i + " 😀 speaks of topic" + i % 10 + ".")
            .collect(Collectors.joining("\n"));
    ingest("default", "long", "Long", text);
    List<Passage> found = search(ME, "default", "topic3 number", 50);
    assertThat(found).hasSizeGreaterThan(3);
    assertThat(found)
        .allSatisfy(p -> assertThat(text.substring(p.start(), p.end())).isEqualTo(p.text()));
    assertThat(found)
        .isSortedAccordingTo((a, b) -> Double.compare(b.scores().score(), a.scores().score()));
  }

  @Test
  void principalsAndCollectionsDoNotSeeEachOther() throws KnowledgeException {
    ingest("one", "a", "", "giraffe");
    ingest("two", "b", "", "penguin");
    knowledge.ingest(
        "other", "one", List.of(new SourceDocument("c", "", "giraffe giraffe")), _ -> {});
    assertThat(search(ME, "one", "giraffe", 10)).extracting(Passage::source).containsExactly("a");
    assertThat(search(ME, "one", "penguin", 10)).isEmpty();
    assertThat(search("other", "one", "giraffe", 10))
        .extracting(Passage::source)
        .containsExactly("c");
    assertThat(knowledge.collections("other"))
        .extracting(CollectionInfo::name)
        .containsExactly("one");
    assertThatThrownBy(() -> search("other", "two", "penguin", 10))
        .isInstanceOf(KnowledgeException.class)
        .hasMessageContaining("\"two\"")
        .hasMessageContaining("there are: one");
    assertThatThrownBy(() -> search("nobody", "one", "giraffe", 10)).hasMessageContaining("ingest");
  }

  @Test
  void wordsOfOthersDoNotChangeScores() throws KnowledgeException {
    ingest("default", "a", "", "giraffe house", "b", "", "house");
    double before = search(ME, "default", "giraffe", 1).getFirst().scores().score();
    knowledge.ingest(
        "other", "default", List.of(new SourceDocument("c", "", "giraffe giraffe")), _ -> {});
    ingest("elsewhere", "d", "", "giraffe");
    assertThat(search(ME, "default", "giraffe", 1).getFirst().scores().score()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "body:* OR title:*",
        "*",
        "(((",
        "a AND NOT",
        "\"unclosed",
        "words:giraffe^1000",
        "[a TO z]",
        "~ ! ? : \\",
        "source:a",
        "",
        " \t\n",
        "😀",
        "\u0000",
        "\ud83d"
      })
  void queryTextIsNeverSyntax(String query) throws KnowledgeException {
    ingest("default", "a", "", "giraffe", "b", "", "penguin");
    assertThat(search(ME, "default", query, 10).size()).isLessThanOrEqualTo(1);
  }

  @Property(tries = 200)
  void anyQueryIsAnswered(@ForAll String query) throws KnowledgeException {
    ingest("default", "a", "", "giraffe 长颈鹿");
    assertThat(search(ME, "default", query, 10).size()).isLessThanOrEqualTo(1);
  }

  @Test
  void aQueryAsLongAsABookIsAnsweredByItsRarestWords() throws KnowledgeException {
    ingest("default", "a", "", "common giraffe", "b", "", "common");
    String query =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "w" + i)
            .collect(Collectors.joining(" ", "common giraffe ", ""));
    assertThat(sources(query)).containsExactly("a", "b");
  }

  @Test
  void aQueryOfStopWordsAloneStillFinds() throws KnowledgeException {
    ingest("default", "hamlet", "", "To be, or not to be.", "b", "", "Penguins swim.");
    assertThat(sources("to be or not to be")).containsExactly("hamlet");
  }

  @Test
  void limitsAreKeptAndSaidWithTheFigures() throws KnowledgeException {
    KnowledgeBase small = new LuceneKnowledgeBase(new KnowledgeLimits(2, 20), Embedders.NONE);
    small.ingest(ME, "one", List.of(new SourceDocument("a", "", "0123456789")), _ -> {});
    assertThatThrownBy(() ->
            small.ingest(ME, "two", List.of(new SourceDocument("b", "", "0123456789x")), _ -> {}))
        .isInstanceOfSatisfying(
            KnowledgeException.class,
            e -> assertThat(e.kind()).isEqualTo(KnowledgeException.Kind.QUOTA))
        .hasMessageContaining("21")
        .hasMessageContaining("20");
    assertThat(small.collections(ME)).extracting(CollectionInfo::name).containsExactly("one");
    small.ingest(ME, "one", List.of(new SourceDocument("a", "", "x".repeat(20))), _ -> {});
    small.ingest(ME, "one", List.of(new SourceDocument("a", "", "x")), _ -> {});
    small.ingest(ME, "two", List.of(new SourceDocument("b", "", "x")), _ -> {});
    assertThatThrownBy(
            () -> small.ingest(ME, "three", List.of(new SourceDocument("c", "", "x")), _ -> {}))
        .hasMessageContaining("one, two");
  }

  @Test
  void tellsItsProgressAndKeepsWhatWasInWhenItIsStopped() throws KnowledgeException {
    List<Integer> told = new ArrayList<>();
    List<SourceDocument> documents =
        IntStream.range(0, 5).mapToObj(i -> new SourceDocument("d" + i, "", "animal" + i)).toList();
    assertThatThrownBy(() ->
            knowledge.ingest(
                ME,
                "default",
                documents,
                done -> {
                  told.add(done);
                  if (done == 3) {
                    throw new CancellationException();
                  }
                }))
        .isInstanceOf(CancellationException.class);
    assertThat(told).containsExactly(1, 2, 3);
    assertThat(sources("animal2")).containsExactly("d2");
    assertThat(sources("animal3")).isEmpty();
    assertThat(knowledge.collections(ME).getFirst().documents()).isEqualTo(3);
  }

  @Test
  void manyThreadsIngestAndSearch() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String word = "animal" + i;
        work.add(() -> {
          ingest("default", word, "", word + " lives here");
          return sources(word).equals(List.of(word));
        });
      }
      for (Future<Boolean> done : pool.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(knowledge.collections(ME).getFirst().documents()).isEqualTo(40);
  }
}
