package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.label.LabelSetException;
import dev.qwenmcp.server.label.LabelSetInfo;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.label.LabelVerdict;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.tool.Finding.ConfidenceKind;
import dev.qwenmcp.server.tool.Finding.LabelScore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Classifies texts, by labels that the call gives or by a stored label set. */
final class Classification {
  /** The label of texts that none of the others fits. */
  static final String NONE = "none_of_these";

  static final int MOST_LABEL_CHARACTERS = 100;

  private static final int MOST_LABELS = 200;

  /** The tail of a set of a thousand labels says nothing. */
  private static final int MOST_SHOWN = 20;

  /** From here on a label applies; false is as likely below. */
  private static final double EVEN = 0.5;

  private static final List<String> SENTIMENTS =
      List.of("positive", "negative", "neutral", "mixed");

  private final LanguageModels models;
  private final LabelSets sets;
  private final AnswerPriors priors;

  Classification(LanguageModels models, LabelSets sets, AnswerPriors priors) {
    this.models = models;
    this.sets = sets;
    this.priors = priors;
  }

  /** Which labels fit a text. */
  Finding.Found classify(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    if (arguments.labelSet() == null) {
      List<String> labels = labels(arguments.labels());
      return ask(arguments, text, context, call, labels, descriptions(arguments, labels));
    }
    if (arguments.labels() != null
        || arguments.labelDescriptions() != null
        || Boolean.TRUE.equals(arguments.multiLabel())) {
      throw new ToolException(
          "conflicting_arguments",
          "label_set has labels of its own and chooses one of them; leave out labels, label_descriptions and multi_label, or leave out label_set");
    }
    return bySet(arguments, text, context, call);
  }

  /** How a text feels about what it speaks of. */
  Finding.Found sentiment(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    ChatModel model = models.chat(arguments.model(), context, call);
    LabelChooser chooser =
        new LabelChooser(model, TextTasks.deadline(arguments, call), "sentiment", priors);
    List<LabelScore> scores = chooser.rank(text, SENTIMENTS, Map.of());
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    notes.addAll(chooser.notes());
    if (!model.profile().readsTexts()) {
      notes.add("the model %s has not learnt sentiment: this is a guess".formatted(model.name()));
    }
    return new Finding.Found(
        new Finding.Labels(scores, List.of(scores.getFirst().label()), Optional.empty()),
        Optional.of(ConfidenceKind.ANSWER_LIKELIHOOD),
        Finding.Origin.of(model, chooser.usage(), chooser.parts(), notes));
  }

  private Finding.Found ask(
      Understand.Arguments arguments,
      String text,
      WorkingContext context,
      ToolContext call,
      List<String> labels,
      Map<String, String> descriptions)
      throws ToolException, InterruptedException {
    ChatModel model = models.chat(arguments.model(), context, call);
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    if (!descriptions.isEmpty() && !model.profile().readsTexts()) {
      notes.add("the model %s does not read label descriptions".formatted(model.name()));
    }
    boolean several = Boolean.TRUE.equals(arguments.multiLabel());
    LabelChooser chooser =
        new LabelChooser(
            model, TextTasks.deadline(arguments, call), several ? "applies" : "classify", priors);
    List<LabelScore> scores;
    List<String> chosen;
    if (several) {
      scores = chooser.each(text, labels, descriptions);
      chosen = scores.stream().filter(s -> s.confidence() > EVEN).map(LabelScore::label).toList();
      if (!model.profile().readsTexts()) {
        notes.add(
            "the model %s has not learnt to judge labels one by one: this is a guess"
                .formatted(model.name()));
      }
    } else {
      List<String> offered = new ArrayList<>(labels);
      if (Boolean.TRUE.equals(arguments.noneOfThese())) {
        offered.add(NONE);
      }
      scores = chooser.rank(text, offered, descriptions);
      String best = scores.getFirst().label();
      chosen =
          Boolean.TRUE.equals(arguments.noneOfThese()) && best.equals(NONE)
              ? List.of()
              : List.of(best);
    }
    notes.addAll(chooser.notes());
    return new Finding.Found(
        new Finding.Labels(scores, chosen, Optional.empty()),
        Optional.of(several ? ConfidenceKind.YES_NO_LIKELIHOOD : ConfidenceKind.ANSWER_LIKELIHOOD),
        Finding.Origin.of(model, chooser.usage(), chooser.parts(), notes));
  }

  private Finding.Found bySet(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    Deadline deadline = TextTasks.deadline(arguments, call);
    try {
      LabelSetInfo set = sets.store().info(call.principal(), arguments.labelSet());
      Optional<LabelSetInfo.Label> bare =
          set.labels().stream().filter(label -> label.examples() == 0).findFirst();
      if (bare.isPresent()) {
        return askForSet(arguments, text, context, call, set, bare.get().name());
      }
      CallProgress progress = new CallProgress(call);
      LabelVerdict verdict =
          sets.classify(
              set,
              text,
              (step, done, all) -> progress.waiting("%s: %d of %d".formatted(step, done, all)),
              () -> call.cancellation().cancelled() || deadline.passed());
      List<LabelScore> scores =
          verdict.scores().stream()
              .limit(MOST_SHOWN)
              .map(s -> new LabelScore(s.label(), s.probability()))
              .toList();
      List<String> notes = new ArrayList<>();
      if (!verdict.note().isEmpty()) {
        notes.add(verdict.note());
      }
      if (!verdict.inScope()) {
        notes.add(
            "the text seems to be out of the scope of the label set; labels holds the nearest");
      }
      return new Finding.Found(
          new Finding.Labels(
              scores,
              verdict.inScope() ? List.of(scores.getFirst().label()) : List.of(),
              Optional.of(LabelEvidence.of(verdict))),
          Optional.of(ConfidenceKind.TRAINED_CLASSIFIER),
          Finding.Origin.NO_MODEL.withNotes(notes));
    } catch (LabelSetException e) {
      throw LabelSetTool.failure(e);
    } catch (InterruptedException e) {
      if (!call.cancellation().cancelled()) {
        throw new ToolException(
            "time_exceeded",
            "the time budget of %d s ended while the label set was prepared; prepare it with label_set and action train, or call again with a larger time_budget_seconds: embeddings made so far are kept"
                .formatted(deadline.budget().toSeconds()));
      }
      throw e;
    }
  }

  /** Without an example of every label, a classifier would never choose some of them. */
  private Finding.Found askForSet(
      Understand.Arguments arguments,
      String text,
      WorkingContext context,
      ToolContext call,
      LabelSetInfo set,
      String bare)
      throws ToolException, InterruptedException {
    if (set.labels().size() < 2 || set.labels().size() > MOST_LABELS) {
      throw new ToolException(
          "invalid_labels",
          "the label set %s has %d labels, of which \"%s\" has no examples; add examples with label_set, or use 2 to %d labels"
              .formatted(set.name(), set.labels().size(), bare, MOST_LABELS));
    }
    Map<String, String> descriptions = new LinkedHashMap<>();
    set.labels().stream()
        .filter(label -> !label.description().isEmpty())
        .forEach(label -> descriptions.put(label.name(), label.description()));
    Finding.Found found =
        ask(
            arguments,
            text,
            context,
            call,
            set.labels().stream().map(LabelSetInfo.Label::name).toList(),
            descriptions);
    Finding.Labels labels = (Finding.Labels) found.finding();
    List<String> notes = new ArrayList<>(found.origin().notes());
    notes.add(
        "the label \"%s\" has no examples, so the model was asked instead of comparing examples"
            .formatted(bare));
    return new Finding.Found(
        new Finding.Labels(labels.scores(), labels.chosen(), Optional.of(LabelEvidence.OF_MODEL)),
        found.confidence(),
        found.origin().withNotes(notes));
  }

  private static Map<String, String> descriptions(
      Understand.Arguments arguments, List<String> labels) throws ToolException {
    Map<String, String> descriptions =
        arguments.labelDescriptions() == null ? Map.of() : arguments.labelDescriptions();
    for (String described : descriptions.keySet()) {
      if (!labels.contains(described)) {
        throw new ToolException(
            "invalid_labels",
            "label_descriptions describes \"%s\", which is none of the labels; use the labels as keys"
                .formatted(described));
      }
    }
    return descriptions;
  }

  private static List<String> labels(List<String> labels) throws ToolException {
    if (labels == null) {
      throw new ToolException(
          "invalid_labels",
          "classify needs labels to choose from; give 2 to 200 in labels, or the name of a label_set");
    }
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      checkLabel(label);
      if (!seen.add(label)) {
        throw new ToolException(
            "invalid_labels", "the label \"%s\" is there twice; give it once".formatted(label));
      }
    }
    return labels;
  }

  static void checkLabel(String label) throws ToolException {
    if (label.isBlank() || label.length() > MOST_LABEL_CHARACTERS) {
      throw new ToolException(
          "invalid_labels",
          "the label \"%s\" is blank or has more than %d characters; use a short name and explain it in label_descriptions"
              .formatted(label, MOST_LABEL_CHARACTERS));
    }
    if (label.equals(NONE)) {
      throw new ToolException(
          "invalid_labels",
          "the label \"%s\" is what none_of_these adds; set none_of_these instead".formatted(NONE));
    }
  }
}
