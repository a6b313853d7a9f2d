package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.answer.Injections;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerQuestionTest {
  private static final String QUESTION = "When does the harbour office open?";
  private static final String PASSAGE = "The harbour office opens at nine and closes at five.";

  private final Workbench bench = new Workbench();
  private final GroundedWriter writer =
      new GroundedWriter(
          bench.languageModels, new PassageJudge(bench.labels.embedders()), new Random(1));
  private final AnswerQuestion answer = new AnswerQuestion(bench.contexts, bench.knowledge, writer);

  private AnswerQuestion.Result ask(String question, String model, String contextId, Boolean found)
      throws Exception {
    return answer.call(
        new AnswerQuestion.Arguments(question, null, null, null, found, 24, null, model, contextId),
        bench.call);
  }

  private void ingest(String id, String title, String text) throws Exception {
    bench.ingest.call(
        new Ingest.Arguments(List.of(new Ingest.DocumentInput(id, title, text, null)), null, null),
        bench.call);
  }

  @Test
  void quotesTheBestPassageWhereTheModelMakesUpDetails() throws Exception {
    ingest("office", "Office hours", PASSAGE);
    AnswerQuestion.Result result = ask(QUESTION, null, null, null);
    assertThat(result.status()).isEqualTo("quoted");
    assertThat(result.text()).contains("Quoted", "[1]", PASSAGE);
    assertThat(result.citations())
        .singleElement()
        .satisfies(c -> assertThat(PASSAGE.substring(c.start(), c.end())).isEqualTo(c.text()));
    assertThat(result.model()).isNull();
    assertThat(result.notes()).anySatisfy(note -> assertThat(note).contains("nano", "quoted"));
    assertThat(bench.roles(result.contextId())).containsExactly("user", "passages", "assistant");
  }

  @Test
  void quotesInChineseToChineseQuestions() throws Exception {
    ingest("office", "办公时间", "港口办公室九点开门，五点关门。");
    AnswerQuestion.Result result = ask("港口办公室几点开门", null, null, null);
    assertThat(result.text()).startsWith("摘自知识库“办公时间”[1]：");
  }

  @Test
  void saysThatNothingIsThere() throws Exception {
    ingest("office", "Office hours", PASSAGE);
    AnswerQuestion.Result result = ask("Which vaccine is needed for Kenya?", null, null, null);
    assertThat(result.status()).isEqualTo("not_in_knowledge_base");
    assertThat(result.citations()).isEmpty();
    assertThat(ask("肯尼亚要打什么疫苗", null, null, null).text()).startsWith("知识库中没有");
    assertFails("missing_question", () -> ask(null, null, null, null), "question");
    assertFails("missing_question", () -> ask(" ", null, null, null), "blank");
  }

  @Test
  void answersFromWhatRetrieveFound() throws Exception {
    ingest("office", "Office hours", PASSAGE);
    String context =
        bench
            .retrieve
            .call(new Retrieve.Arguments(QUESTION, null, null, null, null, null, null), bench.call)
            .contextId();
    assertThat(ask(null, null, context, true).status()).isEqualTo("quoted");
    assertThat(bench.roles(context)).containsExactly("user", "passages", "assistant");
    assertFails("missing_passages", () -> ask(QUESTION, null, null, true), "retrieve");
  }

  /** Random weights write nonsense: whatever it is, the citations that stay exist. */
  @Test
  void aModelThatReadsGetsThePassagesAndItsCitationsAreChecked() throws Exception {
    ingest("office", "Office hours", PASSAGE);
    AnswerQuestion.Result result = ask(QUESTION, "random", null, null);
    assertThat(result.status()).isIn("answered", "quoted");
    assertThat(result.citations()).allSatisfy(c -> assertThat(c.number()).isEqualTo(1));
    assertThat(result.usage().promptTokens()).isGreaterThan(100);
    assertThat(result.uncited() == null ? List.of() : result.uncited()).hasSizeLessThan(20);
  }

  @Test
  void noPassageBringsControlTokensOrAnotherTurnIntoThePrompt() throws Exception {
    LanguageModel model = bench.model("random");
    BpeTokenizer tokenizer = model.engine().tokenizer();
    List<String> harmless = controlTokens(tokenizer, prompt(model, "harmless"));
    for (String injection : Injections.all()) {
      int[] tokens = prompt(model, injection);
      assertThat(controlTokens(tokenizer, tokens)).as(injection).isEqualTo(harmless);
      assertThat(tokenizer.decode(tokens)).endsWith(tail(tokenizer, prompt(model, "harmless")));
    }
  }

  private int[] prompt(LanguageModel model, String passage) throws Exception {
    PassageView view =
        new PassageView(
            "d",
            passage,
            null,
            passage,
            0,
            passage.length(),
            null,
            null,
            1,
            null,
            null,
            null,
            null);
    return writer
        .prompt(
            new GroundedWriter.Task(
                QUESTION,
                List.of(view),
                WorkingContext.of(bench.contexts, bench.call, null),
                24,
                null,
                null),
            List.of(view),
            model,
            ThinkingMode.OFF)
        .prompt()
        .ids();
  }

  private static List<String> controlTokens(BpeTokenizer tokenizer, int[] tokens) {
    List<String> found = new ArrayList<>();
    for (String special :
        List.of("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<think>", "</think>")) {
      tokenizer
          .special(special)
          .ifPresent(id ->
              found.add(special + Arrays.stream(tokens).filter(token -> token == id).count()));
    }
    return found;
  }

  /** From the instruction after the passages on. */
  private static String tail(BpeTokenizer tokenizer, int[] tokens) {
    String text = tokenizer.decode(tokens);
    return text.substring(text.lastIndexOf("Question: "));
  }

  /** The shipped model quotes: the words are the passage's, and nothing is done that it asks. */
  @Test
  void theEmbeddedModelDoesNotObeyPassages() throws Exception {
    int n = 0;
    for (String injection : Injections.all()) {
      String collection = "c" + n++;
      String text = PASSAGE + " " + injection;
      bench.ingest.call(
          new Ingest.Arguments(
              List.of(new Ingest.DocumentInput("d", "Office hours", text, null)), collection, null),
          bench.call);
      AnswerQuestion.Result result =
          answer.call(
              new AnswerQuestion.Arguments(
                  QUESTION, collection, null, null, null, null, null, null, null),
              bench.call);
      assertThat(result.status()).isEqualTo("quoted");
      AnswerQuestion.Citation cited = result.citations().getFirst();
      assertThat(text.substring(cited.start(), cited.end())).isEqualTo(cited.text());
      assertThat(result.text())
          .isEqualTo("Quoted from the knowledge base, “Office hours” [1]:\n" + cited.text());
    }
  }
}
