package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class KnowledgeResourcesTest {
  private static final String ME = "local";

  private final Workbench bench = new Workbench();
  private final Resources resources = new KnowledgeResources(bench.knowledge);

  private void ingest(String collection, String id, String text) throws Exception {
    bench.knowledge.ingest(ME, collection, List.of(new SourceDocument(id, "Title", text)), _ -> {});
  }

  private String read(String uri) throws ToolException {
    return resources.read(ME, uri).getFirst().text();
  }

  /** Whatever is found can be read again, word for word, by its link. */
  @Property(tries = 40)
  void citationsReproduceTheirText(@ForAll @NotEmpty List<String> lines, @ForAll String id)
      throws Exception {
    String text = String.join(" sandal.\n\n", lines) + " sandal";
    String name = id.isBlank() ? "x" : id;
    ingest("一 c", name, text);
    for (int neighbours = 0; neighbours < 2; neighbours++) {
      SearchRequest request = SearchRequest.of("sandal", 50).neighbours(neighbours);
      List<Passage> found = bench.knowledge.search(ME, "一 c", request).passages();
      assertThat(found).isNotEmpty();
      for (Passage passage : found) {
        PassageView view = PassageView.of("一 c", passage);
        String cited =
            bench
                .knowledge
                .document(ME, "一 c", passage.source())
                .orElseThrow()
                .text()
                .substring(passage.start(), passage.end());
        assertThat(view.text()).isEqualTo(cited);
        assertThat(read(view.uri())).isEqualTo(cited);
      }
    }
  }

  @Property(tries = 200)
  void addressesAreReadBack(
      @ForAll @NotEmpty String collection,
      @ForAll @NotEmpty String document,
      @ForAll @IntRange(max = 1_000_000) int start) {
    KnowledgeUri uri =
        new KnowledgeUri(
            collection,
            Optional.of(document),
            Optional.of(new KnowledgeUri.Range(start, start + 5, "0a1b")));
    try {
      assertThat(KnowledgeUri.parse(uri.toString()).toString()).isEqualTo(uri.toString());
      assertThat(KnowledgeUri.parse(KnowledgeUri.ofDocument(collection, document).toString()))
          .extracting(u -> u.range().isEmpty())
          .isEqualTo(true);
    } catch (ToolException e) {
      assertThat(uri.toString().length()).isGreaterThan(8_192);
    }
  }

  @Property(tries = 300)
  void noAddressDoesHarm(@ForAll String tail) {
    for (String uri : List.of(tail, "knowledge://" + tail, "knowledge://a/b?" + tail)) {
      try {
        resources.read(ME, uri);
      } catch (ToolException e) {
        assertThat(e.code()).isEqualTo(Resources.NOT_FOUND);
      }
    }
  }

  @Test
  void collectionsDocumentsAndPassagesAreRead() throws Exception {
    ingest("default", "dir/a b.md", "The sandal is here.");
    assertThat(resources.templates()).hasSize(3);
    assertThat(resources.list(ME, "").resources())
        .extracting(Resources.Listed::uri)
        .containsExactly("knowledge://default");
    assertThat(read("knowledge://default")).contains("dir/a b.md", "dir%2Fa%20b.md");
    assertThat(read("knowledge://default/dir%2Fa%20b.md")).isEqualTo("The sandal is here.");
    assertThat(read("knowledge://default/dir%2Fa%20b.md?start=4&end=10")).isEqualTo("sandal");
    assertFails(
        "resource_not_found",
        () -> read("knowledge://default/dir%2Fa%20b.md?start=4&end=100"),
        "19");
    assertFails("resource_not_found", () -> read("knowledge://default/none"), "none");
    assertFails("resource_not_found", () -> read("knowledge://none"), "none");
    assertFails(
        "resource_not_found", () -> resources.read("you", "knowledge://default"), "default");
    assertFails(
        "not_watchable", () -> resources.requireWatchable(ME, "knowledge://default"), "read");
  }

  @Test
  void aPassageOfAReplacedDocumentIsNotTakenForAnother() throws Exception {
    ingest("default", "a", "The sandal is here.");
    Retrieve.Result found =
        bench.retrieve.call(
            new Retrieve.Arguments("sandal", null, null, null, null, null, null), bench.call);
    String uri = found.passages().getFirst().uri();
    assertThat(bench.retrieve.links(found)).extracting(link -> link.uri()).containsExactly(uri);
    assertThat(read(uri)).isEqualTo("The sandal is here.");
    ingest("default", "a", "Some other text here.");
    assertFails("resource_not_found", () -> read(uri), "replaced");
  }

  @Test
  void severalFamiliesAreOneList() throws Exception {
    ingest("default", "a", "The sandal is here.");
    bench.open.call(new OpenContext.Arguments("t", null, null), bench.call);
    Resources all =
        new ResourcesByScheme(
            Map.of("knowledge", resources, "context", new ContextResources(bench.contexts)));
    Resources.Page first = all.list(ME, "");
    assertThat(first.resources()).extracting(r -> r.uri().split(":")[0]).containsOnly("context");
    Resources.Page second = all.list(ME, first.next());
    assertThat(second.resources())
        .extracting(Resources.Listed::uri)
        .containsExactly("knowledge://default");
    assertThat(second.next()).isEmpty();
    assertThat(all.read(ME, "knowledge://default/a").getFirst().text()).contains("sandal");
    assertThat(all.templates()).hasSize(5);
    assertFails("resource_not_found", () -> all.read(ME, "file:///etc/passwd"), "file");
    assertFails("invalid_cursor", () -> all.list(ME, "x:1"), "cursor");
  }
}
