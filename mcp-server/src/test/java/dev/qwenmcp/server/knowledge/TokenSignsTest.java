package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.lucene.index.DirectoryReader;
import org.junit.jupiter.api.Test;

class TokenSignsTest {
  private static final EmbeddingModel MODEL = new EmbeddingModel("signs", 12, 512, 0.2);

  /** Its bits fill no whole number of bytes. */
  private static final int DIMENSION = MODEL.dimension();

  /** Four bits for each of few numbers. */
  private static final double ROUNDING = 0.04;

  private static float[] random(Random random) {
    float[] vector = new float[DIMENSION];
    double length = 0;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
      length += vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= (float) Math.sqrt(length);
    }
    return vector;
  }

  private static SignQuery signs(float[][] tokens, double... weights) {
    return new SignQuery(tokens, weights, DIMENSION);
  }

  /** What the signs of the mean of two tokens say, by the book. */
  private static double cosine(float[] query, float[]... tokens) {
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      float mean = 0;
      for (float[] token : tokens) {
        mean += token[i];
      }
      sum += mean >= 0 ? query[i] : -query[i];
    }
    return sum / Math.sqrt(DIMENSION);
  }

  @Test
  void eachTokenOfTheQueryTakesTheBestRowAndCountsByItsWeight() {
    Random random = new Random(3);
    float[][] passage = {random(random), random(random), random(random)};
    float[][] query = {random(random), random(random)};
    double[] best = new double[2];
    for (int q = 0; q < 2; q++) {
      best[q] = Math.max(cosine(query[q], passage[0], passage[1]), cosine(query[q], passage[2]));
    }
    TokenSigns packed = TokenSigns.pack(passage, DIMENSION);
    assertThat(packed.bytes().length).isEqualTo(2 * 2);
    TokenSigns read = TokenSigns.of(packed.bytes(), DIMENSION);
    assertThat(read.similarity(signs(query, 3, 1)))
        .isCloseTo((3 * best[0] + best[1]) / 4, within(ROUNDING));
    assertThat(read.similarity(signs(query, 0, 2))).isCloseTo(best[1], within(ROUNDING));
    assertThat(read.similarity(signs(query, 0, 0))).isZero();
    assertThat(TokenSigns.pack(new float[0][], DIMENSION).similarity(signs(query, 1, 1))).isZero();
  }

  @Test
  void fourBitsOfALongTokenTellNearlyAsMuchAsItsNumbers() {
    int dimension = 384;
    Random random = new Random(5);
    for (int n = 0; n < 200; n++) {
      float[] token = new float[dimension];
      float[] row = new float[dimension];
      double exact = 0;
      double length = 0;
      for (int i = 0; i < dimension; i++) {
        row[i] = (float) random.nextGaussian();
        token[i] = (float) (random.nextGaussian() + n % 3 * row[i]);
        length += token[i] * token[i];
      }
      for (int i = 0; i < dimension; i++) {
        token[i] /= (float) Math.sqrt(length);
        exact += row[i] >= 0 ? token[i] : -token[i];
      }
      TokenSigns signs = TokenSigns.pack(new float[][] {row}, dimension);
      SignQuery query = new SignQuery(new float[][] {token}, new double[] {1}, dimension);
      assertThat(signs.similarity(query)).isCloseTo(exact / Math.sqrt(dimension), within(0.025));
    }
  }

  private static VectorWriter.Entry entry(long id, float[][] tokens, int... pieces) {
    KeywordIndex.Stored passage =
        new KeywordIndex.Stored(id, "source", "", "text", 0, "", Map.of());
    float[] vector = random(new Random(id));
    return new VectorWriter.Entry(
        passage,
        Optional.of(
            new VectorWriter.Vectors(
                MODEL,
                new Embedding(vector, tokens, pieces, 1),
                TokenMatrix.pack(tokens, DIMENSION),
                Optional.empty())));
  }

  @Test
  void aRareTokenCountsMoreAndWhatHasNoSignsIsSaid() throws Exception {
    Random random = new Random(4);
    float[][] two = {random(random), random(random)};
    Volume volume = new MemoryShelf().create("local", "default", Generation.NONE);
    try (VectorWriter writer = new VectorWriter(volume.vectors(Generation.NONE))) {
      writer.add(List.of(entry(1, two, 7, 8), entry(2, two, 7, 7), entry(3, new float[0][])));
      writer.commit();
    }
    try (VectorIndex index = new VectorIndex(volume.vectors(Generation.NONE));
        VectorIndex.View view = index.view()) {
      QueryVectors query =
          new QueryVectors(MODEL, new Embedding(random(random), two, new int[] {7, 8}, 1));
      SignQuery signs = view.signs(query);
      double[] weights = signs.weights();
      assertThat(weights).containsExactly(new double[] {Rarity.of(2, 2), Rarity.of(1, 2)});
      assertThat(weights[1]).isGreaterThan(3 * weights[0]);
      QueryVectors unsaid = new QueryVectors(MODEL, new Embedding(random(random), two, 1));
      assertThat(view.signs(unsaid).weights()).containsExactly(1, 1);

      double tokens = TokenSigns.pack(two, DIMENSION).similarity(signs);
      assertThat(view.compareFinely(query, signs, 2).orElseThrow().tokens()).hasValue(tokens);
      assertThat(view.compareFinely(query, signs, 3)).isEmpty();
      assertThat(view.compare(query, 3)).isPresent();
      assertThat(view.compareFinely(query, signs, 4)).isEmpty();
    }
  }

  @Test
  void bm25ComesNearWhatItGivesAtMost() throws Exception {
    PassageAnalysis analysis = new PassageAnalysis();
    Volume volume = new MemoryShelf().create("local", "default", Generation.NONE);
    try (KeywordIndex words = new KeywordIndex(volume.words(), analysis)) {
      try (WordWriter writer =
          new WordWriter(volume.words(), analysis, words, Duration.ofSeconds(5))) {
        for (String text : List.of("sandal ".repeat(400), "vehicle repair", "puppy food")) {
          SourceDocument document = new SourceDocument(text.substring(0, 7), "", text);
          writer.put(document, document.contentHash(), List.of(new Chunk(0, text.length())));
        }
        writer.commit();
      }
      words.refresh();
      try (KeywordIndex.View view = words.view();
          DirectoryReader reader = DirectoryReader.open(volume.words())) {
        double most = view.most("sandal");
        double found = view.search("sandal", Filter.ALL, 1).getFirst().score();
        assertThat(found).isBetween(0.9 * most, most);
        assertThat(view.most("sandal unheard"))
            .as("a word that nobody has is asked for as well")
            .isCloseTo(most + Rarity.of(0, reader.getDocCount("words")), within(1e-9));
        assertThat(view.most("的")).as("a script that is not there").isZero();
        assertThat(view.most("!?")).isZero();
      }
    }
  }
}
