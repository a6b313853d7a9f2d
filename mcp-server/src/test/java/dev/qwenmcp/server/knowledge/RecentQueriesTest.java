package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentQueriesTest {
  private final RecentQueries recent = new RecentQueries();

  /** Writes down what it embeds. */
  private static final class Listening implements Embedder {
    private final Embedder embedder = new TopicEmbedder();
    private final List<String> asked = new ArrayList<>();

    @Override
    public EmbeddingModel model() {
      return embedder.model();
    }

    @Override
    public Embedding embed(String text) throws EmbeddingException {
      asked.add(text);
      if (text.isEmpty()) {
        throw new EmbeddingException("nothing to embed", null);
      }
      return embedder.embed(text);
    }

    @Override
    public void close() {
      embedder.close();
    }
  }

  @Test
  void aQueryIsEmbeddedOnceByEachModel() throws Exception {
    Listening one = new Listening();
    Listening other = new Listening();

    Embedding first = recent.of(one, "refund");

    assertThat(recent.of(one, "refund")).isSameAs(first);
    assertThat(recent.of(other, "refund")).isNotSameAs(first);
    assertThat(recent.of(other, "refund").vector()).isEqualTo(first.vector());
    assertThat(one.asked).containsExactly("refund");
    assertThat(other.asked).containsExactly("refund");
  }

  @Test
  void onlyTheLastFewAreKept() throws Exception {
    Listening model = new Listening();
    for (int i = 0; i < 9; i++) {
      recent.of(model, "query " + i);
    }
    recent.of(model, "query 8");
    recent.of(model, "query 0");

    assertThat(model.asked).hasSize(10).endsWith("query 8", "query 0");
  }

  @Test
  void longQueriesAndFailuresAreNotKept() throws Exception {
    Listening model = new Listening();
    String query = "refund ".repeat(200);
    recent.of(model, query);
    recent.of(model, query);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> recent.of(model, "")).isInstanceOf(EmbeddingException.class);
    }

    assertThat(model.asked).containsExactly(query, query, "", "");
  }
}
