package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import dev.qwenmcp.server.tool.Finding.ConfidenceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers questions from a text alone.
 *
 * <p>A model that reads texts first says by how likely it finds "true" whether a part of the text
 * holds the answer, then writes it with the words that hold it. For one that does not, the sentence
 * nearest to the question is quoted.
 */
final class QuestionAnswering {
  private static final double EVEN = 0.5;

  /** Sentences that are compared at most; a text with more is a case for ingest and retrieve. */
  private static final int MOST_SENTENCES = 5000;

  private static final String SCHEMA =
      """
      {"type": "object", "properties": {"answered": {"const": true},
        "answer": {"type": "string", "minLength": 1, "maxLength": 600},
        "quote": {"type": "string", "minLength": 1, "maxLength": 400}},
       "required": ["answered", "answer", "quote"], "additionalProperties": false}\
      """;

  private final LanguageModels models;
  private final Embedders embedders;
  private final AnswerPriors priors;

  QuestionAnswering(LanguageModels models, Embedders embedders, AnswerPriors priors) {
    this.models = models;
    this.embedders = embedders;
    this.priors = priors;
  }

  Finding.Found answer(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    String question = arguments.question();
    if (question == null || question.isBlank()) {
      throw new ToolException(
          "missing_question", "task question needs a question about the text; give it in question");
    }
    ChatModel model = models.chat(arguments.model(), context, call);
    Deadline deadline = TextTasks.deadline(arguments, call);
    return model.profile().readsTexts()
        ? byModel(arguments, model, text, deadline)
        : bySentence(question, text, model, deadline, call);
  }

  private record Likely(String part, double probability) {}

  private Finding.Found byModel(
      Understand.Arguments arguments, ChatModel model, String text, Deadline deadline)
      throws ToolException, InterruptedException {
    Map<String, String> values = Map.of("question", arguments.question());
    Extractor extractor = new Extractor(schema(), "question", values);
    int maxTokens = TextTasks.maxTokens(arguments);
    List<String> pieces =
        LabelChooser.pieces(
            text,
            part -> promptTokens(extractor, model, part),
            Math.min(maxTokens, model.contextTokens() / 4),
            model);
    LabelChooser judge = new LabelChooser(model, deadline, "question", priors);
    Likely best = new Likely("", -1);
    for (String piece : pieces) {
      double p = judge.trueRatherThanFalse(piece, "", values);
      best = p > best.probability ? new Likely(piece, p) : best;
    }
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    Finding.Answered answered =
        new Finding.Answered(Optional.empty(), Optional.empty(), best.probability);
    Usage usage = judge.usage();
    List<Integer> tokens = List.of();
    if (best.probability > EVEN) {
      Extractor.Extracted written = extractor.extract(model, best.part, maxTokens, deadline);
      usage = usage.plus(written.generation().usage());
      tokens = written.generation().tokens();
      answered = located(written.object(), text, best, notes);
    }
    return new Finding.Found(
        answered,
        Optional.of(ConfidenceKind.YES_NO_LIKELIHOOD),
        Finding.Origin.of(model, usage, pieces.size(), notes).withTokens(tokens));
  }

  private static int promptTokens(Extractor extractor, ChatModel model, String part) {
    try {
      return extractor.promptTokens(model, part);
    } catch (ToolException e) {
      throw new IllegalStateException("a model without thinking was asked to think", e);
    }
  }

  private static ObjectNode schema() {
    return (ObjectNode) JsonMapper.shared().readTree(SCHEMA);
  }

  private static Finding.Answered located(
      ObjectNode written, String text, Likely part, List<String> notes) {
    String answer = written.get("answer").asString();
    Grounding grounding = new Grounding(text);
    Optional<Span> span =
        grounding.find(written.get("quote").asString()).or(() -> grounding.find(answer));
    if (span.isEmpty()) {
      notes.add(
          "neither the quoted words nor the answer stand in the text: the answer is inferred, check it");
    }
    return new Finding.Answered(
        Optional.of(answer),
        span.map(s -> new Finding.Support(s.of(text), s.start(), s.end())),
        part.probability);
  }

  private Finding.Found bySentence(
      String question, String text, ChatModel model, Deadline deadline, ToolContext call)
      throws ToolException, InterruptedException {
    Embedder embedder =
        embedders
            .of(text)
            .orElseThrow(() ->
                new ToolException(
                    "model_unavailable",
                    "the model %s does not read texts, and there is no embedding model for the script of this one; choose another model"
                        .formatted(model.name())));
    List<Span> sentences = Sentences.of(text);
    if (sentences.size() > MOST_SENTENCES) {
      throw new ToolException(
          "text_too_long",
          "the text has %,d sentences, %,d are compared at most; ingest it and ask retrieve"
              .formatted(sentences.size(), MOST_SENTENCES));
    }
    Span best = sentences.getFirst();
    double most = -1;
    try {
      float[] asked = embedder.embed(question).vector();
      for (Span sentence : sentences) {
        if (call.cancellation().cancelled()) {
          throw new InterruptedException("the call was cancelled");
        }
        if (deadline.passed()) {
          throw deadline.exceeded();
        }
        double cosine = cosine(asked, embedder.embed(sentence.of(text)).vector());
        if (cosine > most) {
          most = cosine;
          best = sentence;
        }
      }
    } catch (EmbeddingException e) {
      throw new ToolException("model_unavailable", e.getMessage());
    }
    Optional<Finding.Support> support =
        most < embedder.model().unrelated()
            ? Optional.empty()
            : Optional.of(new Finding.Support(best.of(text), best.start(), best.end()));
    String note =
        support.isEmpty()
            ? "no sentence of the text has to do with the question"
            : "the model %s does not answer from texts, so this is the sentence nearest to the question by %s, which need not answer it"
                .formatted(model.name(), embedder.model().name());
    return new Finding.Found(
        new Finding.Answered(support.map(Finding.Support::text), support, Math.clamp(most, 0, 1)),
        Optional.of(ConfidenceKind.SIMILARITY),
        Finding.Origin.NO_MODEL.withNotes(List.of(note)));
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
