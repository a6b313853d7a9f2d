package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chooses a label for a text by how likely the model finds the answer that names it.
 *
 * <p>The model sees the text and the labels and is asked for JSON; each label's whole answer is
 * scored, nothing is generated, so the answer is always one of the labels. From the log-probability
 * of each answer a share of what it has for a text without content is taken away, so that labels
 * gain nothing from being short, frequent or first (contextual calibration, Zhao et al. 2021); the
 * profile of the model says how much. What is left is normalised over the labels.
 *
 * <p>More labels than the model can choose from at once are split into groups of equal size; the
 * best of each group meet in a last round, and a label's probability is that of its group's best
 * there times its own share in its group. A text that does not fit the context is read in parts,
 * whose log-probabilities are averaged.
 */
final class LabelChooser {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** A text that says nothing about any label. */
  private static final String NO_CONTENT = "N/A";

  /** Least tokens of a part: less says hardly anything. */
  private static final int LEAST_ROOM = 16;

  private final ChatModel model;
  private final Deadline deadline;
  private final String prompt;
  private final AnswerPriors priors;
  private final Set<String> notes = new LinkedHashSet<>();
  private Usage usage = Usage.NONE;
  private int parts = 1;

  /**
   * @param prompt name of the prompt that asks
   * @param priors of answers that were asked for before
   */
  LabelChooser(ChatModel model, Deadline deadline, String prompt, AnswerPriors priors) {
    this.model = model;
    this.deadline = deadline;
    this.prompt = prompt;
    this.priors = priors;
  }

  /**
   * All labels, likeliest first.
   *
   * @param descriptions what labels mean, for some or none of them
   */
  List<Finding.LabelScore> rank(String text, List<String> labels, Map<String, String> descriptions)
      throws ToolException, InterruptedException {
    List<String> pieces = pieces(text, labels, descriptions);
    Map<String, Double> sums = new LinkedHashMap<>();
    for (String piece : pieces) {
      probabilities(piece, labels, descriptions)
          .forEach((label, p) ->
              sums.merge(label, Math.log(Math.max(p, Double.MIN_NORMAL)), Double::sum));
    }
    double[] logs = labels.stream().mapToDouble(label -> sums.get(label) / pieces.size()).toArray();
    double[] probabilities = pieces.size() == 1 ? exp(logs) : LanguageModel.softmax(logs);
    List<Finding.LabelScore> ranked = new ArrayList<>();
    for (int i = 0; i < logs.length; i++) {
      ranked.add(new Finding.LabelScore(labels.get(i), probabilities[i]));
    }
    ranked.sort(Comparator.comparingDouble(Finding.LabelScore::confidence).reversed());
    return ranked;
  }

  /**
   * The probability of each label to apply, each by a question of its own, likeliest first; they
   * add up to nothing in particular. Of several parts the one to which it applies most counts.
   */
  List<Finding.LabelScore> each(String text, List<String> labels, Map<String, String> descriptions)
      throws ToolException, InterruptedException {
    List<Finding.LabelScore> scores = new ArrayList<>();
    List<String> pieces = pieces(text, labels, descriptions);
    for (String label : labels) {
      String shown = shown(label, descriptions);
      double most = 0;
      for (String piece : pieces) {
        most = Math.max(most, trueRatherThanFalse(piece, shown, Map.of()));
      }
      scores.add(new Finding.LabelScore(label, most));
    }
    scores.sort(Comparator.comparingDouble(Finding.LabelScore::confidence).reversed());
    return scores;
  }

  /**
   * The probability of the answer "true" of a prompt whose answers are "true" and "false".
   *
   * @param labels what stands in the place of the labels
   * @param values of other places
   */
  double trueRatherThanFalse(String text, String labels, Map<String, String> values)
      throws ToolException, InterruptedException {
    return LanguageModel.softmax(
        corrected(text, labels, values, List.of("true", "false"), List.of("true", "false")))[0];
  }

  /** What all rounds cost together. */
  Usage usage() {
    return usage;
  }

  /** What the caller should know of the probabilities. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** In how many parts the text was read. */
  int parts() {
    return parts;
  }

  /** The text in parts that fit, with room for the longest answer. */
  private List<String> pieces(String text, List<String> labels, Map<String, String> descriptions)
      throws ToolException {
    int most = model.profile().labelsPerPrompt();
    String list = list(labels.subList(0, Math.min(most, labels.size())), descriptions);
    int longest =
        labels.stream().mapToInt(label -> model.countTokens(answer(quoted(label)))).max().orElse(0);
    List<String> found =
        pieces(text, part -> prepare(part, list, Map.of()).tokens(), longest, model);
    parts = found.size();
    return found;
  }

  /**
   * Cuts a text so that each part's prompt fits a model's context.
   *
   * @param prompt tokens of the prompt for a part
   * @param answer most tokens after it
   */
  static List<String> pieces(String text, ToIntFunction<String> prompt, int answer, ChatModel model)
      throws ToolException {
    int room = model.contextTokens() - answer;
    if (prompt.applyAsInt(text) <= room) {
      return List.of(text);
    }
    int left = room - prompt.applyAsInt("") - 1;
    if (left < LEAST_ROOM) {
      throw new ToolException(
          "context_too_small",
          "the question leaves no room for the text in the context of %,d tokens of the model %s; give fewer or shorter labels and descriptions, or choose another model"
              .formatted(model.contextTokens(), model.name()));
    }
    return TextParts.of(text, left, model::countTokens);
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
    List<String> answers = labels.stream().map(LabelChooser::quoted).toList();
    double[] probabilities =
        LanguageModel.softmax(
            corrected(text, list(labels, descriptions), Map.of(), labels, answers));
    Map<String, Double> result = new HashMap<>();
    for (int i = 0; i < probabilities.length; i++) {
      result.put(labels.get(i), probabilities[i]);
    }
    return result;
  }

  /** Log-probabilities of answers, less their share of those without content. */
  private double[] corrected(
      String text,
      String list,
      Map<String, String> values,
      List<String> names,
      List<String> answers)
      throws ToolException, InterruptedException {
    Question question = new Question(list, values, names, answers);
    double[] logs = logs(text, question);
    double weight = model.profile().priorWeight();
    // A model that runs elsewhere tells the probability of its one answer, if any.
    if (weight > 0 && model instanceof LanguageModel) {
      double[] prior = prior(question);
      for (int i = 0; i < logs.length; i++) {
        logs[i] -= weight * prior[i];
      }
    }
    return logs;
  }

  /**
   * What is asked about every part of a text.
   *
   * @param list what stands in the place of the labels
   * @param values of other places
   * @param names of the answers
   * @param answers JSON of each
   */
  private record Question(
      String list, Map<String, String> values, List<String> names, List<String> answers) {}

  /** Computed once for each question and its answers. */
  private double[] prior(Question question) throws ToolException, InterruptedException {
    String key = model.identity() + "\n" + prompt + "\n" + question;
    double[] known = priors.get(key);
    if (known.length == 0) {
      known = logs(NO_CONTENT, question);
      priors.put(key, known);
    }
    return known;
  }

  private double[] logs(String text, Question question) throws ToolException, InterruptedException {
    Options options =
        new Options(
            property(), question.names, question.answers.stream().map(this::answer).toList());
    Choice choice = model.choose(prepare(text, question.list, question.values), options, deadline);
    usage = usage.plus(choice.usage());
    notes.addAll(choice.notes());
    double[] logs = new double[question.names.size()];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(Math.max(choice.probabilities()[i], Double.MIN_NORMAL));
    }
    return logs;
  }

  /** The whole answer with a value, as the prompt asks for it. */
  private String answer(String json) {
    return PromptLibrary.get(model.profile(), answerPrompt()).fill(Map.of("label", json));
  }

  /** Name of the member that the answer chooses. */
  private String property() {
    return switch (prompt) {
      case "applies" -> "applies";
      case "question" -> "answered";
      default -> "label";
    };
  }

  /** Tasks that choose among labels are answered alike. */
  private String answerPrompt() {
    return prompt.equals("sentiment") ? "classify-answer" : prompt + "-answer";
  }

  private PreparedPrompt prepare(String text, String list, Map<String, String> values) {
    PromptProfile profile = model.profile();
    Map<String, String> all = new HashMap<>(values);
    all.put("text", text);
    all.put("document", PromptParts.document(profile, text));
    all.put("labels", list);
    return model.prepare(PromptLibrary.get(profile, prompt).fill(all), ThinkingMode.OFF);
  }

  private String list(List<String> labels, Map<String, String> descriptions) {
    List<String> shown = labels.stream().map(label -> shown(label, descriptions)).toList();
    return model.profile().readsTexts()
        ? "- " + String.join("\n- ", shown)
        : String.join(", ", shown);
  }

  private String shown(String label, Map<String, String> descriptions) {
    String description = descriptions.getOrDefault(label, "");
    return description.isEmpty() || !model.profile().readsTexts()
        ? label
        : label + ": " + description;
  }

  private static String quoted(String label) {
    return JSON.writeValueAsString(label);
  }

  private static String best(Map<String, Double> probabilities) {
    return probabilities.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }

  private static double[] exp(double[] logs) {
    double[] result = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      result[i] = Math.exp(logs[i]);
    }
    return result;
  }
}
