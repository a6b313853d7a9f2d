package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.tool.Finding.LabelScore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class UnderstandTest {
  private static final String QUESTION = "I still have not received my new card.";

  private final Workbench bench = new Workbench();

  private Understand.Result ask(Task task) throws Exception {
    return bench.understand.call(task.arguments(), bench.call);
  }

  @Test
  void choosesTheLabelThatFitsAndGivesAllTheirProbabilities() throws Exception {
    Understand.Result result =
        ask(
            Task.classify(
                QUESTION, "exchange_rate", "card_arrival", "pin_blocked", "top_up_limits"));
    assertThat(result.label()).isEqualTo("card_arrival");
    assertThat(result.labels())
        .extracting(LabelScore::label)
        .containsExactlyInAnyOrder("exchange_rate", "card_arrival", "pin_blocked", "top_up_limits");
    assertThat(result.labels())
        .isSortedAccordingTo((a, b) -> Double.compare(b.confidence(), a.confidence()));
    assertThat(result.labels().stream().mapToDouble(LabelScore::confidence).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(result.model()).isEqualTo("nano");
    assertThat(result.usage().promptTokens()).isPositive();
    assertThat(result.notes()).isNull();
  }

  @Test
  void writesTheQuestionAndTheResultIntoTheContext() throws Exception {
    Understand.Result result = ask(Task.classify(QUESTION, "card_arrival", "pin_blocked"));
    List<Entry> entries = bench.entries(result.contextId());
    assertThat(entries).extracting(Entry::role).containsExactly("user", "result");
    assertThat(entries.get(0).text()).isEqualTo(QUESTION);
    assertThat(entries.get(1).model().name()).isEqualTo("nano");
    assertThat(entries.get(1).tool()).isEqualTo("understand");
    assertThat(entries.get(1).text()).startsWith("card_arrival (");
    assertThat(entries.get(1).structuredJson())
        .contains("\"task\":\"classify\"", "\"label\":\"card_arrival\"", "\"prompts\":\"v1/nano\"");
    assertThat(entries.get(1).usage().promptTokens()).isEqualTo(result.usage().promptTokens());
  }

  @Test
  void takesTheTextFromTheContextAndDoesNotRepeatIt() throws Exception {
    String context = ask(Task.language(QUESTION)).contextId();
    Understand.Result result = ask(Task.classify(null, "card_arrival", "pin_blocked").in(context));
    ask(Task.keywords(QUESTION).in(context)); // as a document
    ask(Task.language(QUESTION).in(context));
    assertThat(result.label()).isEqualTo("card_arrival");
    assertThat(bench.roles(context))
        .containsExactly("user", "result", "result", "document", "result", "result");
  }

  @Test
  void choosesFromManyLabelsInRounds() throws Exception {
    List<String> labels =
        IntStream.range(0, 60).mapToObj(i -> "topic_" + i).collect(Collectors.toList());
    Collections.addAll(labels, "card_arrival", "pin_blocked", "exchange_rate");
    Task task = Task.classify(QUESTION);
    task.labels = labels;
    Understand.Result result = ask(task);
    assertThat(result.label()).isEqualTo("card_arrival");
    assertThat(result.labels()).hasSize(63);
    assertThat(result.labels().stream().mapToDouble(LabelScore::confidence).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void labelsMayHoldAnyCharacters() throws Exception {
    Understand.Result result =
        ask(Task.classify("hello", "say \"hi\"", "a\\b", "<|im_end|>", "{{text}}", "退货"));
    assertThat(result.labels()).hasSize(5);
  }

  @Test
  void readsDescriptionsWhereTheModelCan() throws Exception {
    Task task = Task.classify("hello", "a", "b").model("random");
    int before = ask(task).usage().promptTokens();
    task.labelDescriptions = Map.of("a", "a greeting of whatever kind");
    assertThat(ask(task).usage().promptTokens()).isGreaterThan(before + 5);
    assertThat(ask(task.model("nano")).notes()).singleElement().asString().contains("descriptions");
  }

  @Test
  void refusesLabelsThatMakeNoChoice() {
    assertFails("invalid_labels", () -> ask(Task.classify("x", "a", "a")), "\"a\"", "twice");
    assertFails("invalid_labels", () -> ask(Task.classify("x", "a", " ")), "blank");
    assertFails("invalid_labels", () -> ask(Task.classify("x", "a", "b".repeat(101))), "100");
    Task none = Task.classify("x");
    none.labels = null;
    assertFails("invalid_labels", () -> ask(none), "2 to 200");
    Task other = Task.classify("x", "a", "b");
    other.labelDescriptions = Map.of("c", "?");
    assertFails("invalid_labels", () -> ask(other), "\"c\"");
  }

  @Test
  void readsATextThatIsTooLongForTheModelInParts() throws Exception {
    Task task = Task.classify((QUESTION + " ").repeat(200), "card_arrival", "pin_blocked");
    Understand.Result result = ask(task);
    assertThat(result.parts()).isGreaterThan(3);
    assertThat(result.label()).isEqualTo("card_arrival");
    assertThat(result.labels().stream().mapToDouble(LabelScore::confidence).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(result.usage().promptTokens()).isGreaterThan(200 * 8);
  }

  @Test
  void labelsThatLeaveNoRoomForATextAreRefused() {
    String[] labels =
        IntStream.range(0, 12).mapToObj(i -> i + "x7q".repeat(30)).toArray(String[]::new);
    assertFails("context_too_small", () -> ask(Task.classify(QUESTION, labels)), "nano", "512");
  }

  @Test
  void severalLabelsOrNoneMayFit() throws Exception {
    Task task = Task.classify("hello", "greeting", "weather", "sports").model("random");
    task.multiLabel = true;
    Understand.Result several = ask(task);
    assertThat(several.labels()).hasSize(3).allMatch(s -> s.confidence() >= 0);
    assertThat(several.fitting())
        .containsExactlyInAnyOrderElementsOf(
            several.labels().stream()
                .filter(s -> s.confidence() > 0.5)
                .map(LabelScore::label)
                .toList());
    assertThat(several.noneFits()).isEqualTo(several.fitting().isEmpty());
    assertThat(several.confidenceKind()).isEqualTo(Finding.ConfidenceKind.YES_NO_LIKELIHOOD);
    task.multiLabel = null;
    task.noneOfThese = true;
    Understand.Result one = ask(task);
    assertThat(one.labels()).extracting(LabelScore::label).hasSize(4).contains("none_of_these");
    assertThat(one.noneFits()).isEqualTo(one.label() == null);
  }

  @Test
  void tellsTheSentiment() throws Exception {
    Understand.Result result = ask(Task.sentiment("I love it.").model("random"));
    assertThat(result.labels())
        .extracting(LabelScore::label)
        .containsExactlyInAnyOrder("positive", "negative", "neutral", "mixed");
    assertThat(result.confidenceKind()).isEqualTo(Finding.ConfidenceKind.ANSWER_LIKELIHOOD);
    assertThat(ask(Task.sentiment("I love it.")).notes()).anyMatch(n -> n.contains("guess"));
  }

  @Test
  void findsEntitiesWhereTheyStand() throws Exception {
    String text = "Anna Berg flew from Oslo to Rome on 3 May. ".repeat(40);
    for (String model : List.of("nano", "random")) {
      Task task = Task.entities(text, "person", "city").model(model);
      task.maxTokens = 200;
      Understand.Result result;
      try {
        result = ask(task);
      } catch (ToolException e) {
        assertThat(model).isEqualTo("random"); // writes at random until its tokens end
        assertThat(e.code()).isEqualTo("incomplete_answer");
        continue;
      }
      assertThat(result.entities())
          .allMatch(e -> text.substring(e.start(), e.end()).equals(e.text()))
          .allMatch(e -> List.of("person", "city").contains(e.type()));
    }
    assertFails("invalid_entity_types", () -> ask(Task.entities("x", "a", "a")), "twice");
    assertFails("invalid_entity_types", () -> ask(Task.entities("x", " ")), "blank");
  }

  @Test
  void entitiesThatDoNotStandInTheTextAreLeftOutAndCounted() {
    ObjectNode written =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(
                    """
                    {"entities": [{"type": "city", "text": "rome"}, {"type": "city", "text": "Paris"},
                      {"type": "person", "text": "Anna"}, {"type": "person", "text": "Anna"}]}\
                    """);
    List<String> notes = new ArrayList<>();
    assertThat(EntityFinder.located(written, "Anna saw Rome.", notes))
        .containsExactly(
            new Finding.Entity("person", "Anna", 0, 4), new Finding.Entity("city", "Rome", 9, 13));
    assertThat(notes).singleElement().asString().startsWith("1 entities were left out");
  }

  @Test
  void answersWithTheSentenceThatHoldsTheAnswer() throws Exception {
    String text = "🐟 is on the menu on Fridays. The shop opens at nine. Breakfast costs 12 euros.";
    Understand.Result result = ask(Task.question(text, "How much do I pay for breakfast?"));
    assertThat(result.answered()).isTrue();
    assertThat(result.support().text()).isEqualTo("Breakfast costs 12 euros.");
    assertThat(text.substring(result.support().start(), result.support().end()))
        .isEqualTo(result.support().text());
    assertThat(result.confidenceKind()).isEqualTo(Finding.ConfidenceKind.SIMILARITY);
    Understand.Result none =
        ask(Task.question(text, "Who proved the theorem about prime numbers in 1896?"));
    assertThat(none.answered()).isFalse();
    assertThat(none.answer()).isNull();
    assertFails("missing_question", () -> ask(Task.question(text, " ")), "question");
  }

  @Test
  void aModelThatReadsSaysHowLikelyTheTextHoldsTheAnswer() throws Exception {
    Task task = Task.question("The shop opens at nine.", "When?").model("random");
    task.maxTokens = 400;
    try {
      Understand.Result result = ask(task);
      assertThat(result.answered()).isEqualTo(result.confidence() > 0.5);
      assertThat(result.confidenceKind()).isEqualTo(Finding.ConfidenceKind.YES_NO_LIKELIHOOD);
    } catch (ToolException e) {
      assertThat(e.code()).isEqualTo("incomplete_answer"); // it writes at random
    }
  }

  @Test
  void saysThatTheModelWasNotMadeForALanguage() throws Exception {
    assertThat(ask(Task.classify("我想退货。", "a", "b")).notes())
        .singleElement()
        .asString()
        .contains("Chinese", "nano", "English");
  }

  @Test
  void tellsTheLanguageWithoutAModel() throws Exception {
    Understand.Result result = ask(Task.language("Où est ma commande ?"));
    assertThat(result.language()).isEqualTo("fr");
    assertThat(result.languages().getFirst().confidence()).isGreaterThan(0.5);
    assertThat(result.model()).isNull();
    assertThat(result.usage()).isNull();
    assertFails("no_language", () -> ask(Task.language("123 !")), "no letters");
  }

  @Test
  void findsKeywordsInTheTextsOwnLanguage() throws Exception {
    Task task = Task.keywords("太阳能电池板把阳光变成电能。太阳能电池板大多由硅片制成。");
    task.maxKeywords = 3;
    Understand.Result result = ask(task);
    assertThat(result.language()).isEqualTo("zh");
    assertThat(result.keywords()).hasSize(3);
    assertThat(result.keywords().getFirst().keyword()).isEqualTo("太阳能电池板");
    assertThat(result.model()).isNull();
  }

  @Test
  void summarisesWithinTheBounds() throws Exception {
    Task task =
        Task.summarise(
            "The shop opens at nine. It closes at six. Parcels are handed out until five.");
    task.maxSentences = 1;
    task.maxWords = 5;
    Understand.Result result = ask(task.model("random"));
    assertThat(SummaryBound.countWords(result.summary())).isLessThanOrEqualTo(5);
    assertThat(result.model()).isEqualTo("random");
    assertThat(result.usage().generatedTokens()).isPositive();
    assertThat(bench.roles(result.contextId())).containsExactly("document", "result");
    assertThat(bench.entries(result.contextId()).get(1).tokens()).isNotEmpty();
  }

  @Test
  void summarisesATextLongerThanTheContextInPartsAndSaysSo() throws Exception {
    String text =
        IntStream.range(0, 150)
            .mapToObj(i -> "Sentence number " + i + " speaks of the weather.")
            .collect(Collectors.joining(" "));
    Task task = Task.summarise(text);
    task.maxTokens = 40;
    Understand.Result result = ask(task.model("random"));
    assertThat(result.notes())
        .anyMatch(note -> note.matches("the text was summarised in \\d+ parts.*"));
    assertThat(result.usage().promptTokens()).isGreaterThan(150 * 8);
  }

  @Test
  void summaryThatRunsOutOfTimeCoversWhatItReached() throws Exception {
    Task task = Task.summarise("A sentence of some words stands here. ".repeat(20_000));
    task.maxTokens = 256;
    task.timeBudgetSeconds = 1;
    Understand.Result result = ask(task.model("random"));
    assertThat(result.notes()).anyMatch(note -> note.contains("time_budget_seconds"));
  }

  @Test
  void needsAText() throws Exception {
    assertFails("missing_text", () -> ask(Task.language(null)), "give text");
    assertFails("missing_text", () -> ask(Task.language(" \n")), "blank");
    String empty =
        bench.open.call(new OpenContext.Arguments(null, null, null), bench.call).contextId();
    assertFails("missing_text", () -> ask(Task.language(null).in(empty)), "context_id");
  }

  @Test
  void refusesContextsAndModelsThatAreNotThere() {
    assertFails("unknown_context", () -> ask(Task.language("hello").in("ctx_none")), "ctx_none");
    assertFails(
        "unknown_model",
        () -> ask(Task.classify("x", "a", "b").model("gpt")),
        "gpt",
        "nano, random");
  }

  @Test
  void anotherPrincipalsContextIsUnknown() throws Exception {
    String context = ask(Task.language("hello there")).contextId();
    assertFails(
        "unknown_context",
        () ->
            bench.understand.call(
                Task.language("x").in(context).arguments(), new RecordedCall("somebody else")));
  }

  @Test
  void aChoiceThatTakesTooLongSaysSo() throws Exception {
    List<String> labels =
        IntStream.range(0, 200)
            .mapToObj(i -> "a label of many different words, number " + i)
            .toList();
    LanguageModel model = bench.model("nano");
    Deadline past = new Deadline(java.time.Duration.ofMillis(1));
    Thread.sleep(5);
    assertFails(
        "time_exceeded",
        () ->
            new LabelChooser(model, past, "classify", new AnswerPriors())
                .rank(QUESTION.repeat(9), labels, Map.of()),
        "time_budget_seconds");
  }

  @Test
  void aCancelledCallEndsAndWritesNothing() throws Exception {
    String context =
        bench.open.call(new OpenContext.Arguments(null, null, null), bench.call).contextId();
    bench.call.cancellation().cancel();
    assertThatThrownBy(() -> ask(Task.classify("x", "a", "b").in(context)))
        .isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> ask(Task.summarise("x").in(context)))
        .isInstanceOf(InterruptedException.class);
    assertThat(bench.entries(context)).isEmpty();
  }
}
