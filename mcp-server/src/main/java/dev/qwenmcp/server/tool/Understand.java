package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
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

/** Finds out about a text: its class, facts in it, its gist, its keywords, its language. */
final class Understand implements Tool<Understand.Arguments, Understand.Result> {
  private final ContextStore contexts;
  private final TextTasks tasks;

  Understand(ContextStore contexts, LanguageModels models, LanguageDetector languages) {
    this.contexts = contexts;
    this.tasks = new TextTasks(models, languages);
  }

  /** What to find out. */
  public enum Task {
    CLASSIFY,
    EXTRACT,
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
              "classify: one of the labels; extract: JSON by a schema; summarise; keywords:"
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
                      + " document (something to work on). Left out: document for summarise and"
                      + " keywords, user for the rest",
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
      @Doc(value = "extract: JSON Schema of an object that the answer follows", optional = true)
          ObjectNode schema,
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
      @Doc(value = "keywords: most keywords, 10 if left out", optional = true, min = 1, max = 100)
          Integer maxKeywords,
      @Doc(
              value = "extract, summarise: most tokens to write, 512 if left out",
              optional = true,
              min = 1,
              max = 16_384)
          Integer maxTokens,
      @Doc(
              value = "Most seconds to work, 45 if left out; many clients give up at 60",
              optional = true,
              min = 1,
              max = 3600)
          Integer timeBudgetSeconds,
      @Doc(value = LanguageModels.ARGUMENT, optional = true, maxSize = 200) String model,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("What was asked for") Task task,
      @Doc(value = "classify: the likeliest label", optional = true) String label,
      @Doc(value = "classify: all labels, likeliest first", optional = true)
          List<Finding.LabelScore> labels,
      @Doc(value = "extract: the object", optional = true) ObjectNode data,
      @Doc(value = "summarise: the summary", optional = true) String summary,
      @Doc(value = "keywords: the phrases, most important first", optional = true)
          List<Finding.KeywordScore> keywords,
      @Doc(value = "language, keywords: ISO 639-1 code of the likeliest language", optional = true)
          String language,
      @Doc(value = "language: the likely languages, likeliest first", optional = true)
          List<Finding.LanguageScore> languages,
      @Doc(value = "The model that answered, if one did", optional = true) String model,
      @Doc(value = "What the model cost", optional = true) UsageReport usage,
      @Doc(value = "What to know about this result", optional = true) List<String> notes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "understand",
        "Understand a text",
        """
        Finds out about a text, given or the last one of the context. task classify: which of the \
        given labels fits, with the probability of each (customer intents, topics, sentiment); \
        extract: an object that follows a JSON Schema, always valid; summarise: in at most so many \
        sentences or words, texts longer than the model's context in parts; keywords: the phrases \
        it is about; language: one of %d languages, also for a few words. Use it to decide what to \
        do with a message before retrieve and generate, with the same context_id.\
        """
            .formatted(tasks.languages()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
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
            found.model(),
            found.finding().inWords(),
            StructuredContent.write(record(arguments.task(), found)),
            found.tokens(),
            found.usage()));
    context.append(drafts);
    return result(context.id(), arguments.task(), found);
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
            case SUMMARISE, KEYWORDS -> TextRole.DOCUMENT;
            case CLASSIFY, EXTRACT, LANGUAGE -> TextRole.USER;
          };
    }
    return role == TextRole.DOCUMENT ? Roles.DOCUMENT : Roles.USER;
  }

  private static Result result(String contextId, Task task, Finding.Found found) {
    String label = null;
    List<Finding.LabelScore> labels = null;
    ObjectNode data = null;
    String summary = null;
    List<Finding.KeywordScore> keywords = null;
    String language = null;
    List<Finding.LanguageScore> languages = null;
    switch (found.finding()) {
      case Finding.Labels f -> {
        labels = f.scores();
        label = labels.getFirst().label();
      }
      case Finding.Data f -> data = f.object();
      case Finding.Summary f -> summary = f.text();
      case Finding.Keywords f -> {
        keywords = f.keywords();
        language = f.language().isEmpty() ? null : f.language();
      }
      case Finding.Languages f -> {
        languages = f.languages();
        language = languages.getFirst().language();
      }
    }
    boolean asked = !found.model().isNone();
    return new Result(
        contextId,
        task,
        label,
        labels,
        data,
        summary,
        keywords,
        language,
        languages,
        asked ? found.model().name() : null,
        asked ? UsageReport.of(found.usage()) : null,
        found.notes().isEmpty() ? null : found.notes());
  }

  /** What the context keeps of a finding, in the terms of the result. */
  private static Map<String, Object> record(Task task, Finding.Found found) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("task", task.name().toLowerCase(Locale.ROOT));
    switch (found.finding()) {
      case Finding.Labels f -> record.put("labels", f.scores());
      case Finding.Data f -> record.put("data", f.object());
      case Finding.Summary f -> record.put("summary", f.text());
      case Finding.Keywords f -> record.put("keywords", f.keywords());
      case Finding.Languages f -> record.put("languages", f.languages());
    }
    if (!found.prompts().isEmpty()) {
      record.put("prompts", PromptLibrary.VERSION + "/" + found.prompts());
    }
    if (!found.notes().isEmpty()) {
      record.put("notes", found.notes());
    }
    return record;
  }
}
