package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FilterTest {
  private static final String ME = "local";

  private static KnowledgeBase base(List<SourceDocument> documents) throws Exception {
    KnowledgeBase base =
        new LuceneKnowledgeBase(
            KnowledgeLimits.DEFAULT,
            new Embedders(Optional.of(new TopicEmbedder()), Optional.empty()));
    base.ingest(ME, "default", documents, _ -> {});
    base.awaitVectors(ME, "default", Duration.ofSeconds(20));
    return base;
  }

  private static SourceDocument document(String id, String... pairs) {
    Map<String, String> metadata = new java.util.HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      metadata.put(pairs[i], pairs[i + 1]);
    }
    return new SourceDocument(id, "", "sandal " + id, metadata);
  }

  private static void assertFinds(KnowledgeBase base, Filter filter, String... ids)
      throws Exception {
    for (SearchMode mode : SearchMode.values()) {
      assertThat(
              base.search(ME, "default", SearchRequest.of("sandal", 50).mode(mode).filter(filter))
                  .passages())
          .as("%s %s", mode, filter)
          .extracting(Passage::source)
          .containsExactlyInAnyOrder(ids);
    }
  }

  private static Filter range(String name, String from, boolean fromIn, String to, boolean toIn) {
    return new Filter(
        List.of(
            new Filter.Range(
                name,
                Optional.ofNullable(from).map(f -> new Filter.Bound(f, fromIn)),
                Optional.ofNullable(to).map(t -> new Filter.Bound(t, toIn)))));
  }

  @Test
  void findsByValueListPrefixAndRange() throws Exception {
    try (KnowledgeBase base =
        base(
            List.of(
                document("docs/a", "path", "docs/a.md", "year", "2024", "day", "2026-01-31"),
                document("docs/b", "path", "docs/b.md", "year", "2025.5"),
                document("src/c", "path", "src/c.md", "year", "-3", "day", "2026-02-01T08:00:00Z"),
                document("src/d", "year", "soon", "day", "2026-01-30T23:59:59+02:00")))) {
      assertFinds(base, Filter.ALL, "docs/a", "docs/b", "src/c", "src/d");
      assertFinds(base, Filter.equal(Map.of("year", "2024")), "docs/a");
      assertFinds(base, Filter.equal(Map.of("year", "2024", "path", "src/c.md")));
      assertFinds(
          base,
          new Filter(List.of(new Filter.OneOf("year", List.of("2024", "soon", "x")))),
          "docs/a",
          "src/d");
      assertFinds(
          base, new Filter(List.of(new Filter.Prefix("path", "docs/"))), "docs/a", "docs/b");
      assertFinds(
          base, new Filter(List.of(new Filter.Prefix(Filter.ID, "src/"))), "src/c", "src/d");
      assertFinds(
          base, new Filter(List.of(new Filter.OneOf(Filter.ID, List.of("src/c")))), "src/c");
      assertFinds(base, range("year", "-3", false, "2025.5", true), "docs/a", "docs/b");
      assertFinds(base, range("year", "-3", true, "2025.5", false), "docs/a", "src/c");
      assertFinds(base, range("year", null, true, "0", true), "src/c");
      assertFinds(base, range("day", "2026-01-31", true, null, true), "docs/a", "src/c");
      assertFinds(base, range("day", "2026-01-31", false, null, true), "src/c");
      assertFinds(base, range("day", null, true, "2026-01-31", true), "docs/a", "src/d");
      assertFinds(base, range("day", null, true, "2026-01-31", false), "src/d");
      assertFinds(base, range("other", null, true, "1", false));
    }
  }

  @Property(tries = 15)
  void rangesOfNumbersAreThoseOfArithmetic(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -50, max = 50) Integer> numbers,
      @ForAll @IntRange(min = -60, max = 60) int from,
      @ForAll @IntRange(min = -60, max = 60) int to)
      throws Exception {
    List<SourceDocument> documents = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      documents.add(document("d" + i, "n", Integer.toString(numbers.get(i))));
    }
    try (KnowledgeBase base = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, Embedders.NONE)) {
      base.ingest(ME, "default", documents, _ -> {});
      String[] expected =
          IntStream.range(0, numbers.size())
              .filter(i -> numbers.get(i) >= from && numbers.get(i) < to)
              .mapToObj(i -> "d" + i)
              .toArray(String[]::new);
      Filter filter = range("n", "" + from, true, "" + to, false);
      assertThat(
              base.search(ME, "default", SearchRequest.of("sandal", 50).filter(filter)).passages())
          .extracting(Passage::source)
          .containsExactlyInAnyOrder(expected);
    }
  }
}
