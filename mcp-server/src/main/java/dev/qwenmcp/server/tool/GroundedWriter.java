package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.answer.CheckedCitations;
import dev.qwenmcp.server.answer.PassageBlock;
import dev.qwenmcp.server.answer.Phrases;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.model.Capability;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.LanguageDetector;
import dev.qwenmcp.server.tool.PassageJudge.Judged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Answers a question from passages: judges them, then writes, quotes, or says that it cannot. */
final class GroundedWriter {
  /** What the model says where the passages do not answer; the template asks for it. */
  static final String NOTHING = "NOT_IN_KNOWLEDGE_BASE";

  private static final int MAX_TOKENS = 512;
  private static final int SECRET_BYTES = 32;

  /** A passage that is less likely to answer is not shown to the model. */
  private static final double WORTH_READING = 0.05;

  private final LanguageModels models;
  private final PassageJudge judge;
  private final byte[] secret = new byte[SECRET_BYTES];

  /**
   * @param judge says which passages are good enough
   * @param random for the secret under which passages are marked
   */
  GroundedWriter(LanguageModels models, PassageJudge judge, RandomGenerator random) {
    this.models = models;
    this.judge = judge;
    random.nextBytes(secret);
  }

  /** Whether it may ask a model on another machine. */
  boolean reachesElsewhere() {
    return models.reachElsewhere();
  }

  /**
   * What to answer.
   *
   * @param passages found, best first
   * @param context that it is asked in
   * @param maxTokens null for the usual number
   * @param seconds null for the usual time
   * @param model null for the context's choice or the default
   */
  record Task(
      String question,
      List<PassageView> passages,
      WorkingContext context,
      Integer maxTokens,
      Integer seconds,
      String model) {}

  GroundedAnswer write(Task task, ToolContext call) throws ToolException, InterruptedException {
    List<String> notes = new ArrayList<>();
    List<Judged> judged = judge.judge(task.question(), task.passages(), notes);
    return write(task, judged, call).noted(notes);
  }

  private GroundedAnswer write(Task task, List<Judged> judged, ToolContext call)
      throws ToolException, InterruptedException {
    double best = judged.stream().mapToDouble(j -> j.evidence().probability()).max().orElse(0);
    if (judged.stream().noneMatch(j -> j.evidence().enough())) {
      return nothing(task, best, GroundedAnswer.Generation.none(""));
    }
    ModelInfo model = models.info(task.context().model(task.model()));
    List<String> unfit = unfit(model, task.question());
    if (!unfit.isEmpty()) {
      return quote(task, judged, best, unfit);
    }
    return generate(task, judged, best, call);
  }

  /** Why the model may not write this answer; nothing if it may. */
  private static List<String> unfit(ModelInfo model, String question) {
    List<String> why = new ArrayList<>();
    if (!model.has(Capability.GROUNDED_ANSWERS)) {
      why.add(
          "the model %s is not fit for answers from passages, it makes up details: the best passage is quoted instead"
              .formatted(model.name()));
    }
    LanguageDetector.byScript(question)
        .filter(language -> !model.speaks(language.code()))
        .ifPresent(language ->
            why.add(
                "the model %s does not speak the question's language (%s): the best passage is quoted instead"
                    .formatted(model.name(), language.code())));
    return why;
  }

  private static GroundedAnswer nothing(
      Task task, double best, GroundedAnswer.Generation generation) {
    String text = Phrases.of(task.question()).notInKnowledgeBase();
    return new GroundedAnswer(
        GroundedAnswer.Status.NOT_IN_KNOWLEDGE_BASE,
        text,
        List.of(),
        best,
        List.of(),
        List.of(),
        generation.model().isNone() ? GroundedAnswer.Generation.none(text) : generation,
        List.of());
  }

  /** The first passage that is good enough: the search's order knows more than the judgement. */
  private static GroundedAnswer quote(
      Task task, List<Judged> judged, double best, List<String> notes) {
    PassageView passage =
        judged.stream().filter(j -> j.evidence().enough()).findFirst().orElseThrow().passage();
    String text = Phrases.of(task.question()).quoted(passage.title(), passage.text());
    return new GroundedAnswer(
        GroundedAnswer.Status.QUOTED,
        text,
        List.of(AnswerQuestion.Citation.of(1, passage)),
        best,
        List.of(),
        List.of(),
        GroundedAnswer.Generation.none(text),
        notes);
  }

  private GroundedAnswer generate(Task task, List<Judged> judged, double best, ToolContext call)
      throws ToolException, InterruptedException {
    ChatModel model = models.chat(task.model(), task.context(), call);
    List<PassageView> shown =
        judged.stream()
            .filter(j -> j.evidence().enough() || j.evidence().probability() >= WORTH_READING)
            .map(Judged::passage)
            .toList();
    ThinkingMode thinking = model.thinking(false);
    DialoguePrompt prompt = prompt(task, shown, model, thinking);
    ChatReply reply =
        model.chat(
            new ChatRequest(
                prompt.prompt(),
                prompt.begun(),
                model.recommendedSampling(thinking, 0),
                maxTokens(task),
                TimeBudget.of(task.seconds(), call),
                List.of(),
                Optional.empty()));
    GroundedAnswer.Generation generation =
        new GroundedAnswer.Generation(
            model.identity(),
            reply.tokens(),
            reply.usage(),
            new AnswerRecord(
                Finish.name(reply.finishReason()),
                false,
                thinking == ThinkingMode.ON,
                prompt.system(),
                null,
                reply.reasoning().isEmpty() ? null : reply.reasoning(),
                reply.raw(),
                0,
                PromptLibrary.VERSION + "/" + model.profile().name()));
    String written = reply.content().strip();
    if (written.startsWith(NOTHING)) {
      return nothing(task, best, generation);
    }
    if (written.isEmpty()) {
      return quote(
          task,
          judged,
          best,
          List.of(
              "the model %s wrote no answer (%s): the best passage is quoted instead"
                  .formatted(model.name(), Finish.name(reply.finishReason()))));
    }
    return answered(shown, best, written, generation, notes(prompt, reply));
  }

  private static List<String> notes(DialoguePrompt prompt, ChatReply reply) {
    List<String> notes = new ArrayList<>(prompt.notes());
    if (Finish.cut(reply.finishReason())) {
      notes.add(
          "the answer was cut off (%s); ask again with more max_tokens or time_budget_seconds"
              .formatted(Finish.name(reply.finishReason())));
    }
    return notes;
  }

  private static GroundedAnswer answered(
      List<PassageView> shown,
      double best,
      String written,
      GroundedAnswer.Generation generation,
      List<String> notes) {
    CheckedCitations checked =
        CheckedCitations.of(written, shown.stream().map(p -> p.title() + "\n" + p.text()).toList());
    List<String> all = new ArrayList<>(notes);
    if (!checked.removed().isEmpty()) {
      all.add(
          "citations of passages that do not exist were removed: "
              + String.join(", ", checked.removed()));
    }
    if (!checked.uncited().isEmpty()) {
      all.add("some statements cite no passage, see uncited: check them before you rely on them");
    }
    return new GroundedAnswer(
        GroundedAnswer.Status.ANSWERED,
        checked.text(),
        checked.cited().stream().map(n -> AnswerQuestion.Citation.of(n, shown.get(n - 1))).toList(),
        best,
        checked.uncited(),
        checked.unsupported(),
        generation,
        all);
  }

  private static int maxTokens(Task task) {
    return task.maxTokens() == null ? MAX_TOKENS : task.maxTokens();
  }

  /** The dialogue so far without what earlier searches found, then passages and question. */
  DialoguePrompt prompt(Task task, List<PassageView> shown, ChatModel model, ThinkingMode thinking)
      throws ToolException {
    List<Entry> dialogue =
        task.context().entries().stream()
            .filter(e -> e.role().equals(Roles.ASSISTANT) || e.role().equals(Roles.USER))
            .toList();
    int last = dialogue.size();
    while (last > 0 && dialogue.get(last - 1).role().equals(Roles.USER)) {
      last--; // what waits for its answer is asked below
    }
    Conversation conversation = Conversation.of(model.profile(), dialogue.subList(0, last));
    conversation.ask(question(model, task.question(), shown));
    return DialoguePrompt.of(
        model, new DialoguePrompt.Parts(null, conversation, thinking, new int[0]), maxTokens(task));
  }

  private String question(ChatModel model, String question, List<PassageView> shown) {
    PassageBlock block =
        PassageBlock.of(
            secret,
            shown.stream().map(p -> new PassageBlock.Numbered(p.title(), p.text())).toList());
    return PromptLibrary.get(model.profile(), "answer")
        .fill(
            Map.of(
                "mark",
                block.mark(),
                "passages",
                block.text(),
                "nothing",
                NOTHING,
                "question",
                question));
  }
}
