package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An answer from passages.
 *
 * @param status where it comes from
 * @param text of it
 * @param citations what it cites
 * @param evidence how far the best passage answers, 0 to 1
 * @param uncited statements without a citation
 * @param unsupported figures that no cited passage has
 * @param generation what the model did, if it wrote
 * @param notes what the caller should know
 */
record GroundedAnswer(
    Status status,
    String text,
    List<AnswerQuestion.Citation> citations,
    double evidence,
    List<String> uncited,
    List<String> unsupported,
    Generation generation,
    List<String> notes) {

  /** Where an answer comes from. */
  enum Status {
    ANSWERED,
    QUOTED,
    NOT_IN_KNOWLEDGE_BASE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a model did.
   *
   * @param model {@link ModelIdentity#NONE} if none wrote
   * @param tokens that it drew
   * @param record what the context keeps of it
   */
  record Generation(ModelIdentity model, List<Integer> tokens, Usage usage, AnswerRecord record) {
    /** No model wrote. */
    static Generation none(String text) {
      return new Generation(
          ModelIdentity.NONE,
          List.of(),
          Usage.NONE,
          new AnswerRecord(
              "stop", false, false, null, null, null, text, 0, PromptLibrary.VERSION + "/none"));
    }
  }

  /** The same with further notes before its own. */
  GroundedAnswer noted(List<String> before) {
    List<String> all = new ArrayList<>(before);
    all.addAll(notes);
    return new GroundedAnswer(
        status, text, citations, evidence, uncited, unsupported, generation, all);
  }

  ModelIdentity model() {
    return generation.model();
  }

  Usage usage() {
    return generation.usage();
  }

  EntryDraft entry() {
    return new EntryDraft(
        Roles.ASSISTANT,
        "answer",
        generation.model(),
        text,
        StructuredContent.write(generation.record()),
        generation.tokens(),
        generation.usage());
  }
}
