package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.label.LabelExample;
import dev.qwenmcp.server.label.LabelSetException;
import dev.qwenmcp.server.label.LabelSetInfo;
import dev.qwenmcp.server.label.LabelSetStore;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.label.StoredExample;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps sets of labels with examples, by which {@link Understand} classifies. */
final class LabelSetTool implements Tool<LabelSetTool.Arguments, LabelSetTool.Result> {
  private static final String NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}";
  private static final int MOST_DESCRIPTION_CHARACTERS = 1000;
  private static final int PAGE = 50;

  private final ContextStore contexts;
  private final LabelSets sets;

  LabelSetTool(ContextStore contexts, LabelSets sets) {
    this.contexts = contexts;
    this.sets = sets;
  }

  /** What to do. */
  public enum Action {
    DEFINE,
    ADD,
    TRAIN,
    LIST,
    SHOW,
    DELETE
  }

  public record Arguments(
      @Doc(
              "define: makes a set or adds and describes labels; add: adds examples; train: prepares"
                  + " a set now rather than with the next classification; list: all sets; show: a set"
                  + " and its examples in pages; delete: removes a set for good")
          Action action,
      @Doc(
              value = "Name of the set, for all but list. Letters, digits, . _ -",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String name,
      @Doc(value = "define: labels, short names", optional = true, maxSize = 1000)
          List<String> labels,
      @Doc(
              value = "define: what labels mean, by label; labels not in labels are added",
              optional = true)
          Map<String, String> labelDescriptions,
      @Doc(
              value =
                  "define: true to begin anew; labels and examples that the set has are removed",
              optional = true)
          Boolean replace,
      @Doc(
              value = "add: examples; labels that the set lacks are added",
              optional = true,
              minSize = 1,
              maxSize = 10_000)
          List<Example> examples,
      @Doc(
              value =
                  "add: the same as JSON lines, {\"text\": \"…\", \"label\": \"…\"} one a line, as"
                      + " files of examples have them",
              optional = true,
              minSize = 1,
              maxSize = 4_000_000)
          String jsonLines,
      @Doc(value = "show: only examples of this label", optional = true, maxSize = 100)
          String label,
      @Doc(value = "show: next_after of the page before", optional = true, min = 0) Long after,
      @Doc(value = "show: most examples, 50 if left out", optional = true, min = 0, max = 1000)
          Integer limit,
      @Doc(
              value = "A context, to renew its lifetime; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Example(
      @Doc(value = "The text", minSize = 1, maxSize = JsonLines.MOST_TEXT) String text,
      @Doc(value = "Its label", minSize = 1, maxSize = 100) String label) {
    private static Example of(StoredExample stored) {
      return new Example(stored.example().text(), stored.example().label());
    }
  }

  public record SetView(
      @Doc("Its name") String name,
      @Doc("Goes up with every change") long revision,
      @Doc("Number of labels") int labels,
      @Doc("Number of examples") int examples,
      @Doc("UTF-8 bytes of its texts") long bytes,
      @Doc("When it was made") Instant created,
      @Doc("When it was last changed") Instant changed) {
    private static SetView of(LabelSetInfo info) {
      return new SetView(
          info.name(),
          info.revision(),
          info.labels().size(),
          info.examples(),
          info.bytes(),
          info.created(),
          info.changed());
    }
  }

  public record LabelView(
      @Doc("The label") String label,
      @Doc(value = "What it means", optional = true) String description,
      @Doc("Number of its examples") int examples) {
    private static LabelView of(LabelSetInfo.Label label) {
      return new LabelView(
          label.name(),
          label.description().isEmpty() ? null : label.description(),
          label.examples());
    }
  }

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc("What was done") Action action,
      @Doc(value = "The set, as it is now", optional = true) SetView set,
      @Doc(
              value = "define, add: new labels or examples; what the set had is not added again",
              optional = true)
          Integer added,
      @Doc(value = "show: its labels", optional = true) List<LabelView> labels,
      @Doc(value = "show: examples", optional = true) List<Example> examples,
      @Doc(
              value = "show: goes on with the next page as after; left out on the last",
              optional = true)
          Long nextAfter,
      @Doc(value = "list: all sets of this caller", optional = true) List<SetView> sets,
      @Doc(value = "delete: whether there was one", optional = true) Boolean deleted) {
    private static Result of(Arguments arguments, SetView set, Integer added) {
      return new Result(
          arguments.contextId(), arguments.action(), set, added, null, null, null, null, null);
    }
  }

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "label_set",
        "Keep labels with examples",
        """
        Keeps named sets of labels with examples, by which understand classifies when it is given \
        label_set. action define makes a set, add adds examples, thousands a call, as a list or as \
        JSON lines, train prepares it, list and show look, delete removes. Five examples a label are \
        a beginning, twenty are good; English and Chinese ones may be mixed. Sets are yours alone and \
        stay on disk. After a change the first classification embeds new examples (some 500 a second) \
        and trains anew (seconds).\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, true, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    WorkingContext.of(contexts, call, arguments.contextId());
    try {
      return switch (arguments.action()) {
        case DEFINE -> define(arguments, call);
        case ADD -> add(arguments, call);
        case TRAIN -> train(arguments, call);
        case SHOW -> show(arguments, call);
        case LIST ->
            new Result(
                arguments.contextId(),
                Action.LIST,
                null,
                null,
                null,
                null,
                null,
                store().list(call.principal()).stream().map(SetView::of).toList(),
                null);
        case DELETE ->
            new Result(
                arguments.contextId(),
                Action.DELETE,
                null,
                null,
                null,
                null,
                null,
                null,
                store().delete(call.principal(), name(arguments)));
      };
    } catch (LabelSetException e) {
      throw failure(e);
    }
  }

  private LabelSetStore store() {
    return sets.store();
  }

  private Result define(Arguments arguments, ToolContext call)
      throws ToolException, LabelSetException {
    Map<String, String> labels = new LinkedHashMap<>();
    if (arguments.labels() != null) {
      arguments.labels().forEach(label -> labels.put(label, ""));
    }
    if (arguments.labelDescriptions() != null) {
      labels.putAll(arguments.labelDescriptions());
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      Classification.checkLabel(label.getKey());
      if (label.getValue().length() > MOST_DESCRIPTION_CHARACTERS) {
        throw new ToolException(
            "invalid_labels",
            "the description of \"%s\" has more than %d characters; shorten it"
                .formatted(label.getKey(), MOST_DESCRIPTION_CHARACTERS));
      }
    }
    LabelSetStore.Change change =
        store()
            .define(
                call.principal(),
                name(arguments),
                labels,
                Boolean.TRUE.equals(arguments.replace()));
    return Result.of(arguments, SetView.of(change.info()), change.added());
  }

  private Result add(Arguments arguments, ToolContext call)
      throws ToolException, LabelSetException {
    String name = name(arguments);
    List<LabelExample> examples = new ArrayList<>();
    if (arguments.examples() != null) {
      arguments.examples().forEach(e -> examples.add(new LabelExample(e.text(), e.label())));
    }
    if (arguments.jsonLines() != null) {
      examples.addAll(JsonLines.examples(arguments.jsonLines()));
    }
    if (examples.isEmpty()) {
      throw new ToolException(
          "missing_examples", "there are no examples to add; give some in examples or json_lines");
    }
    for (LabelExample example : examples) {
      Classification.checkLabel(example.label());
      if (example.text().isBlank()) {
        throw new ToolException(
            "invalid_examples",
            "an example of \"%s\" is blank; nothing was added: leave it out"
                .formatted(example.label()));
      }
    }
    LabelSetStore.Change change = store().add(call.principal(), name, examples);
    return Result.of(arguments, SetView.of(change.info()), change.added());
  }

  private Result train(Arguments arguments, ToolContext call)
      throws ToolException, LabelSetException, InterruptedException {
    LabelSetInfo info = store().info(call.principal(), name(arguments));
    CallProgress progress = new CallProgress(call);
    sets.prepare(
        info,
        (step, done, all) -> progress.waiting("%s: %d of %d".formatted(step, done, all)),
        () -> call.cancellation().cancelled());
    return Result.of(arguments, SetView.of(info), null);
  }

  private Result show(Arguments arguments, ToolContext call)
      throws ToolException, LabelSetException {
    LabelSetInfo info = store().info(call.principal(), name(arguments));
    int limit = arguments.limit() == null ? PAGE : arguments.limit();
    String label = arguments.label() == null ? "" : arguments.label();
    long after = arguments.after() == null ? 0 : arguments.after();
    List<StoredExample> found = store().examples(info.id(), label, after, limit + 1);
    List<StoredExample> page = found.subList(0, Math.min(limit, found.size()));
    return new Result(
        arguments.contextId(),
        Action.SHOW,
        SetView.of(info),
        null,
        info.labels().stream().map(LabelView::of).toList(),
        page.stream().map(Example::of).toList(),
        found.size() > limit && limit > 0 ? page.getLast().id() : null,
        null,
        null);
  }

  private static String name(Arguments arguments) throws ToolException {
    String name = arguments.name();
    if (name == null || !name.matches(NAME)) {
      throw new ToolException(
          "invalid_label_set",
          "%s is no name of a label set; give name with up to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or digit"
              .formatted(name == null ? "nothing" : '"' + name + '"'));
    }
    return name;
  }

  /** A failure of label sets in the terms of tools. */
  static ToolException failure(LabelSetException e) {
    return new ToolException(
        switch (e.kind()) {
          case UNKNOWN -> "unknown_label_set";
          case INVALID -> "missing_examples";
          case QUOTA -> "label_sets_full";
          case STORAGE -> "storage_failed";
          case EMBEDDING -> "model_unavailable";
        },
        e.getMessage());
  }
}
