package dev.qwenmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.server.answer.JudgedQuestions.Kind;
import dev.qwenmcp.server.bench.retrieval.CmrcFile;
import dev.qwenmcp.server.bench.retrieval.JudgedCollection;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Derives {@link Evidence}'s weights of the nearest sentence, and says how well they judge.
 *
 * <p>The slope is that of a logistic regression in which those with an answer weigh as much as
 * those without, and each kind as much as the others. The bias then lets nine of ten questions that
 * the small documents answer through at {@link Evidence#ENOUGH}: of what they leave open half is
 * about the same things, so that no bound on a cosine keeps both errors small, and turning away a
 * question that has an answer is the worse one. A model that writes is told to say where passages
 * do not answer, and otherwise the passage is returned marked as quoted.
 */
class SentenceWeightsTest {
  /** Of the questions on small documents that have an answer. */
  private static final double LET_THROUGH = 0.9;

  /** Paragraphs of CMRC 2018, and as many others that are asked about as well. */
  private static final int PARAGRAPHS = 120;

  @Test
  void weightsAreThoseThatTheQuestionsGive() throws Exception {
    try (Embedders models = new RememberingEmbedders(EmbeddedModels.open()).models()) {
      JudgedQuestions questions = new JudgedQuestions(models);
      small(questions);
      cmrc(questions);
      List<JudgedQuestions.Judged> english = questions.judged(false);
      List<JudgedQuestions.Judged> chinese = questions.judged(true);
      Evidence.Line general = derived(english);
      Evidence.Line eastAsian = derived(chinese);
      print("English", english, general);
      print("Chinese", chinese, eastAsian);
      check(Evidence.GENERAL.sentence(), general);
      check(Evidence.EAST_ASIAN.sentence(), eastAsian);
      assertThat(share(of(english, Kind.ELSEWHERE), Evidence.GENERAL.sentence())).isLessThan(0.55);
      assertThat(share(of(chinese, Kind.ELSEWHERE), Evidence.EAST_ASIAN.sentence()))
          .isLessThan(0.55);
    }
  }

  private static void small(JudgedQuestions questions) throws Exception {
    List<SourceDocument> street = JudgedQuestions.documents("street");
    List<SourceDocument> house = JudgedQuestions.documents("house");
    List<JudgedQuestions.Asked> ofStreet = JudgedQuestions.questions("street");
    List<JudgedQuestions.Asked> ofHouse = JudgedQuestions.questions("house");
    questions.ask("street", street, ofStreet);
    questions.ask("house", house, ofHouse);
    questions.ask("street, asked of house", house, elsewhere(ofStreet, street));
    questions.ask("house, asked of street", street, elsewhere(ofHouse, house));
    for (int half = 0; half < 2; half++) {
      List<SourceDocument> there = new ArrayList<>();
      List<SourceDocument> gone = new ArrayList<>();
      for (int i = 0; i < street.size(); i++) {
        (i % 2 == half ? there : gone).add(street.get(i));
      }
      questions.ask("half of street, asked of the other", there, elsewhere(ofStreet, gone));
    }
  }

  /** The questions that these documents answer, to be asked where they are not. */
  private static List<JudgedQuestions.Asked> elsewhere(
      List<JudgedQuestions.Asked> questions, List<SourceDocument> documents) {
    List<String> ids = documents.stream().map(SourceDocument::id).toList();
    return questions.stream()
        .filter(q -> ids.contains(q.id()))
        .map(q -> new JudgedQuestions.Asked(q.question(), "", Kind.ELSEWHERE))
        .toList();
  }

  /** Four paragraphs a document, without titles; the first question on each. */
  private static void cmrc(JudgedQuestions questions) throws Exception {
    JudgedCollection all = CmrcFile.read(SharedData.require("data/cmrc2018/cmrc2018_dev.json"));
    List<SourceDocument> documents = new ArrayList<>();
    List<JudgedQuestions.Asked> asked = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2 * PARAGRAPHS; i++) {
      String id = Integer.toString(i);
      boolean there = i < PARAGRAPHS;
      if (there) {
        texts.add(all.documents().get(i).text());
      }
      if (texts.size() == 4) {
        documents.add(JudgedQuestions.document(id, "", String.join("\n\n", texts)));
        texts.clear();
      }
      String question =
          all.queries().stream()
              .filter(q -> q.gains().containsKey(id))
              .findFirst()
              .orElseThrow()
              .text();
      asked.add(
          new JudgedQuestions.Asked(
              question, "", there ? Kind.CMRC_ANSWERED : Kind.CMRC_ELSEWHERE));
    }
    questions.ask("CMRC 2018", documents, asked);
  }

  private static void check(Evidence.Line constant, Evidence.Line derived) {
    // Vectors differ a little with the machine's instruction set.
    assertThat(constant.slope()).isCloseTo(derived.slope(), within(0.1 * derived.slope()));
    assertThat(bound(constant)).isCloseTo(bound(derived), within(0.015));
  }

  /** The cosine that is just enough. */
  private static double bound(Evidence.Line line) {
    return (logit(Evidence.ENOUGH) - line.bias()) / line.slope();
  }

  private static double logit(double probability) {
    return Math.log(probability / (1 - probability));
  }

  private static Evidence.Line derived(List<JudgedQuestions.Judged> judged) {
    Evidence.Line exact = fit(judged);
    Evidence.Line line = new Evidence.Line(rounded(exact.bias()), rounded(exact.slope()));
    System.out.printf(Locale.ROOT, "derived: %.2f + %.2f x%n", line.bias(), line.slope());
    return line;
  }

  /** To what {@link Evidence} gives. */
  private static double rounded(double weight) {
    return Math.round(100 * weight) / 100.0;
  }

  private static Evidence.Line fit(List<JudgedQuestions.Judged> judged) {
    List<JudgedQuestions.Judged> compared = judged.stream().filter(j -> j.cosine() > -1).toList();
    double[] weights = weights(compared);
    double bias = 0;
    double slope = 1;
    for (int step = 0; step < 50; step++) { // Newton's method
      double g0 = 0;
      double g1 = 0;
      double h00 = 1e-9;
      double h01 = 0;
      double h11 = 1e-9;
      for (int i = 0; i < weights.length; i++) {
        double x = compared.get(i).cosine();
        double p = new Evidence.Line(bias, slope).probability(x);
        double error = weights[i] * ((compared.get(i).kind().answered ? 1 : 0) - p);
        double curvature = weights[i] * p * (1 - p);
        g0 += error;
        g1 += error * x;
        h00 += curvature;
        h01 += curvature * x;
        h11 += curvature * x * x;
      }
      double determinant = h00 * h11 - h01 * h01;
      bias += (h11 * g0 - h01 * g1) / determinant;
      slope += (h00 * g1 - h01 * g0) / determinant;
    }
    double[] answered =
        judged.stream()
            .filter(j -> j.kind() == Kind.ANSWERED)
            .mapToDouble(JudgedQuestions.Judged::cosine)
            .sorted()
            .toArray();
    int refused = (int) Math.round((1 - LET_THROUGH) * answered.length);
    // Halfway between the two, so that rounded weights let the same questions through.
    double bound = (answered[refused - 1] + answered[refused]) / 2;
    return new Evidence.Line(logit(Evidence.ENOUGH) - slope * bound, slope);
  }

  /** Half of all weight on each side, there as much on each kind. */
  private static double[] weights(List<JudgedQuestions.Judged> judged) {
    double[] weights = new double[judged.size()];
    for (int i = 0; i < weights.length; i++) {
      Kind kind = judged.get(i).kind();
      long same = judged.stream().filter(j -> j.kind() == kind).count();
      long kinds =
          judged.stream()
              .map(JudgedQuestions.Judged::kind)
              .filter(k -> k.answered == kind.answered)
              .distinct()
              .count();
      weights[i] = 1.0 / (same * kinds);
    }
    return weights;
  }

  private static List<JudgedQuestions.Judged> of(List<JudgedQuestions.Judged> judged, Kind kind) {
    return judged.stream().filter(j -> j.kind() == kind).toList();
  }

  private static double share(List<JudgedQuestions.Judged> judged, Evidence.Line line) {
    return judged.stream().filter(j -> letThrough(j, line)).count() / (double) judged.size();
  }

  private static boolean letThrough(JudgedQuestions.Judged judged, Evidence.Line line) {
    return Math.max(line.probability(judged.cosine()), judged.others()) >= Evidence.ENOUGH;
  }

  private static void print(
      String language, List<JudgedQuestions.Judged> judged, Evidence.Line line) {
    System.out.println("| " + language + " questions | n | let through |\n|---|--:|--:|");
    for (Kind kind : Kind.values()) {
      row("all", of(judged, kind), line);
    }
    for (String set : judged.stream().map(JudgedQuestions.Judged::set).distinct().toList()) {
      for (Kind kind : Kind.values()) {
        row(set, of(judged.stream().filter(j -> j.set().equals(set)).toList(), kind), line);
      }
    }
  }

  private static void row(String set, List<JudgedQuestions.Judged> judged, Evidence.Line line) {
    if (!judged.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "| %s: %s | %d | %.1f %% |%n",
          set,
          judged.getFirst().kind(),
          judged.size(),
          100 * share(judged, line));
    }
  }
}
