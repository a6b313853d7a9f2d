package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Summarises a text of any length with a model: one that does not fit the model's context in parts,
 * whose summaries are summarised together.
 */
final class Summariser {
  private final ChatModel model;
  private final SummaryBound bound;
  private final int maxTokens;
  private final Deadline deadline;
  private final ThinkingMode thinking;
  private final List<String> notes = new ArrayList<>();
  private final List<Integer> lastTokens = new ArrayList<>();
  private Usage usage = Usage.NONE;
  private int parts = 1;

  Summariser(ChatModel model, SummaryBound bound, int maxTokens, Deadline deadline)
      throws ToolException {
    this.model = model;
    this.bound = bound;
    // A quarter of the context, so that each round leaves at most half of what it read.
    this.maxTokens = Math.min(maxTokens, model.contextTokens() / 4);
    this.deadline = deadline;
    this.thinking = model.thinking(false);
  }

  /** The summary, within the bound. */
  String summarise(String text) throws ToolException, InterruptedException {
    String whole = reduce(text, "summarise");
    String summary = bound.cut(whole);
    if (!summary.equals(whole)) {
      notes.add("the model wrote more than " + bound.inWords() + "; the rest was left out");
    }
    return summary;
  }

  /** What the caller should know about how the summary came about. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** What all rounds cost together. */
  Usage usage() {
    return usage;
  }

  /** In how many parts the text was read. */
  int parts() {
    return parts;
  }

  /** Ids of the last answer. */
  List<Integer> tokens() {
    return List.copyOf(lastTokens);
  }

  private String reduce(String text, String prompt) throws ToolException, InterruptedException {
    int room = model.contextTokens() - maxTokens;
    if (prepare(prompt, text).tokens() <= room) {
      return generate(prompt, text);
    }
    List<String> parts = parts(text, room - prepare(prompt, "").tokens());
    if (prompt.equals("summarise")) {
      this.parts = parts.size();
    }
    List<String> summaries = new ArrayList<>();
    for (String part : parts) {
      if (deadline.passed()) {
        notes.add(
            "the time budget of %d s ended after %d of %d parts: the summary covers these; raise time_budget_seconds for the rest"
                .formatted(deadline.budget().toSeconds(), summaries.size(), parts.size()));
        return String.join("\n", summaries);
      }
      summaries.add(generate(prompt, part));
    }
    notes.add("the text was summarised in %d parts, which were merged".formatted(parts.size()));
    return reduce(String.join("\n", summaries), "summarise-merge");
  }

  private PreparedPrompt prepare(String prompt, String text) {
    PromptProfile profile = model.profile();
    String question =
        PromptLibrary.get(profile, prompt)
            .fill(
                Map.of(
                    "document", PromptParts.document(profile, text), "bound", bound.withStyle()));
    return model.prepare(question, thinking);
  }

  private String generate(String prompt, String text) throws ToolException, InterruptedException {
    ChatReply result =
        model.chat(
            ChatRequest.text(
                prepare(prompt, text),
                model.recommendedSampling(thinking, 0),
                maxTokens,
                deadline.left()));
    usage = usage.plus(result.usage());
    lastTokens.clear();
    lastTokens.addAll(result.tokens());
    if (result.finishReason() != FinishReason.STOP) {
      notes.add("an answer was cut off (%s)".formatted(Finish.name(result.finishReason())));
    }
    return result.content().strip();
  }

  private List<String> parts(String text, int room) throws ToolException {
    if (room < maxTokens) {
      throw new ToolException(
          "context_too_small",
          "the context of the model %s is too small to summarise in; choose another model"
              .formatted(model.name()));
    }
    return TextParts.of(text, room, this::tokens);
  }

  private int tokens(String text) {
    return model.countTokens(text);
  }
}
