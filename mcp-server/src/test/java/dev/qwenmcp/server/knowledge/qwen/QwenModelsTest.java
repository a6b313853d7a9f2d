package dev.qwenmcp.server.knowledge.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingChoice;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeSettings;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.Reranker;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SearchResult;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.model.EngineRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a model of random weights: what goes in and what is made of what comes out. */
class QwenModelsTest {
  private static final EngineOptions OPTIONS = EngineOptions.DEFAULT;
  private static final EngineRoom ROOM = EngineRoom.alone();

  @TempDir private static Path folder;

  private static Path model;

  @BeforeAll
  static void write() throws IOException {
    ModelShape shape =
        new ModelShape(2, 64, 2, 1, 32, 128, 0, 0, 0, 320, true, 1e6f, 1024, Optional.empty());
    model = RandomModel.of(shape, GgmlType.F32, 5).writeTo(folder.resolve("random.gguf"));
  }

  private static Engine engine() throws IOException {
    return Engine.open(GgufFile.open(model), OPTIONS);
  }

  private static float[] state(Engine engine, int[] tokens) {
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      return session.state(tokens, new Cancellation()).vector();
    }
  }

  private static double cosine(float[] x, float[] y) {
    double dot = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      dot += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
    return dot / Math.sqrt(xx * yy);
  }

  @Test
  void aVectorIsTheStateAfterTheEndOfTheTextOfLengthOne() throws Exception {
    try (Embedder embedder = new QwenEmbedder(model, OPTIONS, ROOM);
        Engine engine = engine()) {
      String text = "The sandal 凉鞋 <|im_end|> is here.";
      int[] ids = engine.tokenizer().encode(text);
      int[] ended = Arrays.copyOf(ids, ids.length + 1);
      ended[ids.length] = engine.tokenizer().special("<|endoftext|>").orElseThrow();
      assertThat(QwenEmbedder.tokens(engine, text)).isEqualTo(ended);

      float[] vector = embedder.embed(text).vector();
      assertThat(vector).hasSize(embedder.model().dimension()).hasSize(64);
      assertThat(cosine(vector, state(engine, ended))).isCloseTo(1, within(1e-6));
      double length = 0;
      for (float x : vector) {
        length += (double) x * x;
      }
      assertThat(length).isCloseTo(1, within(1e-5));

      String asked =
          "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"
              + "Query:"
              + text;
      assertThat(embedder.embedQuery(text).vector()).isEqualTo(embedder.embed(asked).vector());
      assertThat(embedder.location()).isEqualTo(model.toString());
    }
  }

  @Test
  void aTextThatIsTooLongIsCutOff() throws Exception {
    try (Embedder embedder = new QwenEmbedder(model, OPTIONS, ROOM);
        Engine engine = engine()) {
      assertThat(QwenEmbedder.tokens(engine, "sandal ".repeat(2000))).hasSize(1024);
      assertThat(embedder.embed("sandal ".repeat(2000)).vector()).hasSize(64);
      assertThat(embedder.embed("").vector()).hasSize(64);
    }
  }

  @Test
  void theRerankersPromptIsThatOfItsCard() throws Exception {
    try (Engine engine = engine()) {
      assertThat(engine.tokenizer().decode(QwenReranker.prompt(engine, "Which?", "This one.")))
          .isEqualTo(
              """
              system
              Judge whether the Document meets the requirements based on the Query and the Instruct \
              provided. Note that the answer can only be "yes" or "no".
              user
              <Instruct>: Given a web search query, retrieve relevant passages that answer the query
              <Query>: Which?
              <Document>: This one.
              assistant
              <think>

              </think>

              """);
      List<String> marks = List.of("<|im_start|>", "<|im_end|>", "<think>", "</think>");
      List<String> found =
          Arrays.stream(QwenReranker.prompt(engine, "a", "b <|im_end|> c"))
              .boxed()
              .flatMap(id ->
                  marks.stream().filter(m -> engine.tokenizer().special(m).orElseThrow() == id))
              .toList();
      String start = marks.get(0);
      String end = marks.get(1);
      assertThat(found).containsExactly(start, end, start, end, start, marks.get(2), marks.get(3));
    }
  }

  @Test
  void aScoreIsTheShareOfYes() throws Exception {
    try (Reranker reranker = new QwenReranker(model, OPTIONS, ROOM);
        Engine engine = engine()) {
      double[] scores = reranker.score("Which?", List.of("This one.", "Or that."));
      for (int i = 0; i < 2; i++) {
        int[] prompt = QwenReranker.prompt(engine, "Which?", i == 0 ? "This one." : "Or that.");
        double yes = logProbability(engine, prompt, "yes");
        double no = logProbability(engine, prompt, "no");
        assertThat(scores[i])
            .isCloseTo(Math.exp(yes) / (Math.exp(yes) + Math.exp(no)), within(1e-3));
      }
      assertThat(scores[0]).isNotEqualTo(scores[1]);
    }
  }

  private static double logProbability(Engine engine, int[] prompt, String answer) {
    int[] ids = engine.tokenizer().encode(answer);
    int[] all = Arrays.copyOf(prompt, prompt.length + ids.length);
    System.arraycopy(ids, 0, all, prompt.length, ids.length);
    double[] sum = new double[1];
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      session.appendWithLogits(
          all,
          (position, logits) -> {
            int next = position + 1;
            if (next >= prompt.length && next < all.length) {
              double total = 0;
              for (float logit : logits) {
                total += Math.exp(logit);
              }
              sum[0] += logits[all[next]] - Math.log(total);
            }
          });
    }
    return sum[0];
  }

  @Test
  void bothServeAKnowledgeBase() throws Exception {
    try (Embedder embedder = new QwenEmbedder(model, OPTIONS, ROOM);
        Reranker reranker = new QwenReranker(model, OPTIONS, ROOM);
        KnowledgeBase base =
            new LuceneKnowledgeBase(
                KnowledgeSettings.in(
                        folder.resolve("k"),
                        EmbeddingChoice.of(
                            new Embedders(Optional.of(embedder), Optional.of(embedder))))
                    .withReranker(Optional.of(reranker)))) {
      base.ingest(
          "local",
          "default",
          List.of(
              new SourceDocument("a", "", "sandal repair"),
              new SourceDocument("b", "", "凉鞋修理"),
              new SourceDocument("c", "", "sandal wash")),
          _ -> {});
      assertThat(base.awaitVectors("local", "default", Duration.ofSeconds(20))).isZero();
      SearchResult found = base.search("local", "default", SearchRequest.of("sandal", 3));
      assertThat(found.notes()).isEmpty();
      assertThat(found.passages())
          .isNotEmpty()
          .allSatisfy(p -> assertThat(p.scores().read()).isPresent())
          .allSatisfy(p -> assertThat(p.scores().vector()).isPresent())
          .isSortedAccordingTo((x, y) -> Double.compare(y.scores().score(), x.scores().score()));
    }
  }

  @Test
  void whatIsNoSuchModelIsRefusedAtOnce() throws Exception {
    Path text = Files.writeString(folder.resolve("text.gguf"), "no model");
    assertThatThrownBy(() -> new QwenEmbedder(text, OPTIONS, ROOM)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new QwenReranker(folder.resolve("none.gguf"), OPTIONS, ROOM))
        .isInstanceOf(IOException.class);
  }
}
