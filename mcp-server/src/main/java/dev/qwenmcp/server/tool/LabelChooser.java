package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chooses a label for a text by how likely the model finds the answer that names it.
 *
 * <p>The model sees the text and the labels and is asked for JSON; each label's whole answer is
 * scored, nothing is generated, so the answer is always one of the labels. More labels than the
 * model can choose from at once are split into groups of equal size; the best of each group meet in
 * a last round, and a label's probability is that of its group's best there times its own share in
 * its group.
 */
final class LabelChooser {
  private static final JsonMapper JSON = new JsonMapper();

  private final ChatModel model;
  private final Deadline deadline;
  private final Set<String> notes = new LinkedHashSet<>();
  private Usage usage = Usage.NONE;

  LabelChooser(ChatModel model, Deadline deadline) {
    this.model = model;
    this.deadline = deadline;
  }

  /**
   * All labels, likeliest first.
   *
   * @param descriptions what labels mean, for some or none of them
   */
  List<Finding.LabelScore> rank(String text, List<String> labels, Map<String, String> descriptions)
      throws ToolException, InterruptedException {
    Map<String, Double> probabilities = probabilities(text, labels, descriptions);
    List<Finding.LabelScore> ranked = new ArrayList<>();
    probabilities.forEach(
        (label, probability) -> ranked.add(new Finding.LabelScore(label, probability)));
    ranked.sort(Comparator.comparingDouble(Finding.LabelScore::confidence).reversed());
    return ranked;
  }

  /** What the caller should know of the probabilities. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** What all rounds cost together. */
  Usage usage() {
    return usage;
  }

  private Map<String, Double> probabilities(
      String text, List<String> labels, Map<String, String> descriptions)
      throws ToolException, InterruptedException {
    int most = model.profile().labelsPerPrompt();
    if (labels.size() <= most) {
      return askOnce(text, labels, descriptions);
    }
    int groups = (labels.size() + most - 1) / most;
    List<Map<String, Double>> shares = new ArrayList<>();
    List<String> winners = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      List<String> group =
          labels.subList(g * labels.size() / groups, (g + 1) * labels.size() / groups);
      Map<String, Double> share = askOnce(text, group, descriptions);
      shares.add(share);
      winners.add(best(share));
    }
    Map<String, Double> last = probabilities(text, winners, descriptions);
    Map<String, Double> all = new HashMap<>();
    for (int g = 0; g < groups; g++) {
      double group = last.get(winners.get(g));
      shares.get(g).forEach((label, share) -> all.put(label, group * share));
    }
    return all;
  }

  private Map<String, Double> askOnce(
      String text, List<String> labels, Map<String, String> descriptions)
      throws ToolException, InterruptedException {
    PreparedPrompt prompt = model.prepare(question(text, labels, descriptions), ThinkingMode.OFF);
    PromptTemplate answer = PromptLibrary.get(model.profile(), "classify-answer");
    List<String> answers = new ArrayList<>();
    for (String label : labels) {
      answers.add(answer.fill(Map.of("label", JSON.writeValueAsString(label))));
    }
    Choice choice = model.choose(prompt, new Options("label", labels, answers), deadline);
    usage = usage.plus(choice.usage());
    notes.addAll(choice.notes());
    double[] probabilities = choice.probabilities();
    Map<String, Double> result = new HashMap<>();
    for (int i = 0; i < probabilities.length; i++) {
      result.put(labels.get(i), probabilities[i]);
    }
    return result;
  }

  private String question(String text, List<String> labels, Map<String, String> descriptions) {
    PromptProfile profile = model.profile();
    List<String> shown = new ArrayList<>();
    for (String label : labels) {
      String description = descriptions.get(label);
      shown.add(description == null || !profile.readsTexts() ? label : label + ": " + description);
    }
    String list =
        profile.readsTexts() ? "- " + String.join("\n- ", shown) : String.join(", ", shown);
    return PromptLibrary.get(profile, "classify")
        .fill(
            Map.of("text", text, "document", PromptParts.document(profile, text), "labels", list));
  }

  private static String best(Map<String, Double> probabilities) {
    return probabilities.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }
}
