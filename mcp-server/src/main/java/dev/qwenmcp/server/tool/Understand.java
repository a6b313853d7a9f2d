package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.text.LanguageDetector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds out about a text: its class, facts in it, answers, its gist, its keywords, its language.
 */
final class Understand implements Tool<Understand.Arguments, Understand.Result> {
  private final ContextStore contexts;
  private final LanguageModels models;
  private final TextTasks tasks;

  Understand(
      ContextStore contexts, LanguageModels models, LabelSets labels, LanguageDetector languages) {
    this.contexts = contexts;
    this.models = models;
    this.tasks = new TextTasks(models, labels, languages);
  }

  /** What to find out. */
  public enum Task {
    CLASSIFY,
    EXTRACT,
    ENTITIES,
    SENTIMENT,
    QUESTION,
    SUMMARISE,
    KEYWORDS,
    LANGUAGE
  }

  /** Whose words a text is. */
  public enum TextRole {
    USER,
    DOCUMENT
  }

  public record Arguments(
      @Doc(
              "classify: which label fits; extract: JSON by a schema; entities: what the text names;"
                  + " sentiment; question: an answer from the text alone; summarise; keywords:"
                  + " statistically, without a model; language: without a model")
          Task task,
      @Doc(
              value = "The text; left out, the last user or document entry of the context",
              optional = true,
              minSize = 1,
              maxSize = 2_000_000)
          String text,
      @Doc(
              value =
                  "Whose words the context keeps the text as: user (a message to answer) or"
                      + " document (something to work on). Left out: document for summarise,"
                      + " keywords, entities and question, user for the rest",
              optional = true)
          TextRole textRole,
      @Doc(
              value = "classify: 2 to 200 different labels, short words or names",
              optional = true,
              minSize = 2,
              maxSize = 200)
          List<String> labels,
      @Doc(value = "classify: what labels mean, by label, for some or all", optional = true)
          Map<String, String> labelDescriptions,
      @Doc(
              value =
                  "classify: instead of labels, a set stored with label_set; its examples decide,"
                      + " and what they do not cover is out of scope",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String labelSet,
      @Doc(
              value = "classify: true to judge each label by itself; several or none may fit",
              optional = true)
          Boolean multiLabel,
      @Doc(value = "classify: true if it may be that no label fits", optional = true)
          Boolean noneOfThese,
      @Doc(value = "extract: JSON Schema of an object that the answer follows", optional = true)
          ObjectNode schema,
      @Doc(
              value =
                  "entities: types to look for; left out: person, organisation, location, date,"
                      + " time, quantity, product",
              optional = true,
              minSize = 1,
              maxSize = 50)
          List<String> entityTypes,
      @Doc(value = "question: what is asked about the text", optional = true, maxSize = 2000)
          String question,
      @Doc(
              value = "summarise: most sentences, 3 if neither bound is given",
              optional = true,
              min = 1,
              max = 50)
          Integer maxSentences,
      @Doc(
              value = "summarise: most words; Chinese and Japanese characters count as words",
              optional = true,
              min = 5,
              max = 2000)
          Integer maxWords,
      @Doc(value = "summarise: how it is written, paragraph if left out", optional = true)
          SummaryStyle style,
      @Doc(value = "keywords: most keywords, 10 if left out", optional = true, min = 1, max = 100)
          Integer maxKeywords,
      @Doc(
              value =
                  "extract, entities, question, summarise: most tokens to write, 512 if left out",
              optional = true,
              min = 1,
              max = 16_384)
          Integer maxTokens,
      @Doc(
              value =
                  "Most seconds to work; if left out 45, since many clients give up at 60, and 3600 in a job",
              optional = true,
              min = 1,
              max = 3600)
          Integer timeBudgetSeconds,
      @Doc(value = LanguageModels.ARGUMENT, optional = true, maxSize = 200) String model,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("What was asked for") Task task,
      @Doc(
              value = "classify, sentiment: the label that fits best; left out if none does",
              optional = true)
          String label,
      @Doc(value = "classify with multi_label: the labels that fit", optional = true)
          List<String> fitting,
      @Doc(
              value =
                  "classify, sentiment: all labels, likeliest first; with label_set the first 20",
              optional = true)
          List<Finding.LabelScore> labels,
      @Doc(
              value =
                  "classify with none_of_these, multi_label or label_set: whether no label fits",
              optional = true)
          Boolean noneFits,
      @Doc(value = "classify with label_set: what decided", optional = true) LabelEvidence evidence,
      @Doc(
              value =
                  "What the confidences are. answer_likelihood: how likely the model finds the"
                      + " answer that names the label, corrected for what it would be without a"
                      + " text, adding up to 1 over the labels; yes_no_likelihood: the same for yes"
                      + " against no; trained_classifier: of a logistic regression on the examples;"
                      + " similarity: cosine of embeddings; language_detector",
              optional = true)
          Finding.ConfidenceKind confidenceKind,
      @Doc(value = "extract: the object", optional = true) ObjectNode data,
      @Doc(value = "extract: where its strings and numbers stand in the text", optional = true)
          List<Grounding.ValueSpan> spans,
      @Doc(
              value =
                  "extract: JSON Pointers of strings and numbers that do not stand in the text: the"
                      + " model inferred them",
              optional = true)
          List<String> inferred,
      @Doc(value = "entities: in the order of the text", optional = true)
          List<Finding.Entity> entities,
      @Doc(value = "question: whether the text holds the answer", optional = true) Boolean answered,
      @Doc(value = "question: the answer, if the text holds it", optional = true) String answer,
      @Doc(value = "question: the words that hold it, if they were found", optional = true)
          Finding.Support support,
      @Doc(value = "question: confidence that the text holds the answer", optional = true)
          Double confidence,
      @Doc(value = "summarise: the summary", optional = true) String summary,
      @Doc(value = "keywords: the phrases, most important first", optional = true)
          List<Finding.KeywordScore> keywords,
      @Doc(value = "language, keywords: ISO 639-1 code of the likeliest language", optional = true)
          String language,
      @Doc(value = "language: the likely languages, likeliest first", optional = true)
          List<Finding.LanguageScore> languages,
      @Doc("In how many parts the text was read") int parts,
      @Doc(value = "Version and profile of the prompts, if a model was asked", optional = true)
          String prompts,
      @Doc(value = "The model that answered, if one did", optional = true) String model,
      @Doc(value = "What the model cost", optional = true) UsageReport usage,
      @Doc(value = "What to know about this result", optional = true) List<String> notes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "understand",
        "Understand a text",
        """
        Finds out about a text, given or the last one of the context. task classify: which label \
        fits, of those given or of a stored label_set, with probabilities (customer intents, topics); \
        multi_label and none_of_these allow several or none. extract: an object that follows a JSON \
        Schema, always valid, with the offsets of its values. entities: names, dates, amounts with \
        offsets. sentiment. question: an answer from the text alone with its supporting words, or \
        that the text does not hold it. summarise: in at most so many sentences or words. keywords: \
        the phrases it is about. language: one of %d languages, also for a few words. Texts longer \
        than the model's context are read in parts. Use it to decide what to do with a message before \
        retrieve and generate, with the same context_id.\
        """
            .formatted(tasks.languages()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, models.reachElsewhere()));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    List<EntryDraft> drafts = new ArrayList<>();
    String text = text(arguments, context, drafts);
    Finding.Found found = tasks.run(arguments, text, context, call);
    drafts.add(
        new EntryDraft(
            Roles.RESULT,
            "understand",
            found.origin().model(),
            found.finding().inWords(),
            StructuredContent.write(record(arguments.task(), arguments.question(), found)),
            found.origin().tokens(),
            found.origin().usage()));
    context.append(drafts);
    return UnderstandResult.of(context.id(), arguments, found);
  }

  private static String text(Arguments arguments, WorkingContext context, List<EntryDraft> drafts)
      throws ToolException {
    String text = arguments.text();
    if (text == null) {
      return context
          .last(WorkingContext.TEXTS)
          .map(Entry::text)
          .orElseThrow(() ->
              new ToolException(
                  "missing_text",
                  "there is no text: give text, or a context_id whose context holds a user or"
                      + " document entry"));
    }
    if (text.isBlank()) {
      throw new ToolException("missing_text", "the text is blank; give one with words");
    }
    String role = role(arguments);
    if (!context.holds(role, text)) {
      drafts.add(EntryDraft.text(role, "understand", text));
    }
    return text;
  }

  private static String role(Arguments arguments) {
    TextRole role = arguments.textRole();
    if (role == null) {
      role =
          switch (arguments.task()) {
            case SUMMARISE, KEYWORDS, ENTITIES, QUESTION -> TextRole.DOCUMENT;
            case CLASSIFY, EXTRACT, SENTIMENT, LANGUAGE -> TextRole.USER;
          };
    }
    return role == TextRole.DOCUMENT ? Roles.DOCUMENT : Roles.USER;
  }

  /** What the context keeps of a finding, in the terms of the result. */
  private static Map<String, Object> record(Task task, String question, Finding.Found found) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("task", task.name().toLowerCase(Locale.ROOT));
    switch (found.finding()) {
      case Finding.Labels f -> {
        record.put("labels", f.scores());
        record.put("chosen", f.chosen());
        f.evidence().ifPresent(evidence -> record.put("evidence", evidence));
      }
      case Finding.Data f -> {
        record.put("data", f.object());
        record.put("spans", f.spans());
        record.put("inferred", f.inferred());
      }
      case Finding.Entities f -> record.put("entities", f.entities());
      case Finding.Answered f -> {
        record.put("question", question);
        f.answer().ifPresent(answer -> record.put("answer", answer));
        f.support().ifPresent(support -> record.put("support", support));
        record.put("confidence", f.confidence());
      }
      case Finding.Summary f -> record.put("summary", f.text());
      case Finding.Keywords f -> record.put("keywords", f.keywords());
      case Finding.Languages f -> record.put("languages", f.languages());
    }
    Finding.Origin origin = found.origin();
    if (origin.parts() > 1) {
      record.put("parts", origin.parts());
    }
    if (!origin.prompts().isEmpty()) {
      record.put("prompts", PromptLibrary.VERSION + "/" + origin.prompts());
    }
    if (!origin.notes().isEmpty()) {
      record.put("notes", origin.notes());
    }
    return record;
  }
}
