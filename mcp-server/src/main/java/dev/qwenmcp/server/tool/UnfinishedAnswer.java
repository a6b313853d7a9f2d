package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An answer that was cut off, with the dialogue before it.
 *
 * @param before entries before the answer
 * @param tokens ids of all its parts so far
 * @param raw text of all its parts so far, thinking and tags included
 * @param model the model that writes it
 * @param last what is known of its last part
 */
record UnfinishedAnswer(
    List<Entry> before, int[] tokens, String raw, ModelIdentity model, AnswerRecord last) {

  /**
   * The last answer of a context.
   *
   * @throws ToolException if there is none, it is complete, or something was asked after it
   */
  static UnfinishedAnswer of(List<Entry> entries) throws ToolException {
    int at = lastIndex(entries);
    if (at < 0
        || !entries.get(at).role().equals(Roles.ASSISTANT)
        || !AnswerRecord.of(entries.get(at)).cut()) {
      throw new ToolException(
          "nothing_to_resume",
          "the context has no answer at its end that was cut off by max_tokens or"
              + " time_budget_seconds; leave out resume and give a prompt");
    }
    Entry last = entries.get(at);
    List<Integer> tokens = new ArrayList<>();
    StringBuilder raw = new StringBuilder();
    int first = at;
    while (true) {
      Entry part = entries.get(first);
      AnswerRecord record = AnswerRecord.of(part);
      tokens.addAll(0, part.tokens());
      raw.insert(0, record.raw());
      if (!record.resumed()) {
        break;
      }
      first = lastIndex(entries.subList(0, first));
    }
    return new UnfinishedAnswer(
        List.copyOf(entries.subList(0, first)),
        tokens.stream().mapToInt(Integer::intValue).toArray(),
        raw.toString(),
        last.model(),
        AnswerRecord.of(last));
  }

  /** Index of the last question or answer, -1 if there is none. */
  private static int lastIndex(List<Entry> entries) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (Set.of(Roles.USER, Roles.ASSISTANT).contains(entries.get(i).role())) {
        return i;
      }
    }
    return -1;
  }
}
