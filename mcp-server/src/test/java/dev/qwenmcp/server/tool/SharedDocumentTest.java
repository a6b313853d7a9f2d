package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tools that work on one document read it once, whatever they are asked. */
class SharedDocumentTest {
  private static final int PAGE = 64;
  private static final String SCHEMA =
      """
      {"properties": {"opens": {"enum": ["eight", "nine"]}}, "required": ["opens"], \
      "additionalProperties": false}\
      """;

  private final Workbench bench = new Workbench();

  /** One of its own each time, so that no other test has read it. */
  private static String document(String subject) {
    return ("The office of " + subject + " opens at nine and closes at five. ").repeat(6);
  }

  private UsageReport understand(Task task) throws Exception {
    return bench.understand.call(task.model("random").arguments(), bench.call).usage();
  }

  private static Task summary(String document) {
    Task task = Task.summarise(document);
    task.maxTokens = 16;
    return task;
  }

  private static int tokens(String text) {
    return FixedModels.random().tokenizer().encode(text).length;
  }

  /** No more is computed than what stands behind the document, and a page that is not full. */
  private static void assertReadsOnly(UsageReport usage, String document) {
    int computed = usage.promptTokens() - usage.cachedTokens();
    assertThat(usage.cachedTokens()).isGreaterThanOrEqualTo(tokens(document) - PAGE);
    assertThat(computed).isLessThanOrEqualTo(usage.promptTokens() - tokens(document) + PAGE);
  }

  @Test
  void everyTaskOfUnderstandSharesTheDocument() throws Exception {
    String document = document("the harbour");
    List<UsageReport> usages = new ArrayList<>();
    assertThat(understand(summary(document)).cachedTokens()).isLessThan(tokens(document) - PAGE);
    usages.add(understand(Task.extract(document, SCHEMA)));
    usages.add(understand(Task.classify(document, "harbour", "station")));
    usages.add(understand(Task.classify(document, "boats", "trains", "planes")));
    usages.add(understand(summary(document)));
    usages.forEach(usage -> assertReadsOnly(usage, document));
  }

  @Test
  void aQuestionAboutADocumentSharesItWithTheTaskBefore() throws Exception {
    for (Understand.TextRole role : Understand.TextRole.values()) {
      String document = document("role " + role);
      Task task = Task.extract(document, SCHEMA).model("random");
      task.textRole = role;
      String context = bench.understand.call(task.arguments(), bench.call).contextId();
      UsageReport asked =
          bench
              .generate
              .call(
                  Asking.of("When does it open?").in(context).model("random").arguments(),
                  bench.call)
              .usage();
      assertReadsOnly(asked, document);
      UsageReport askedAgain =
          bench
              .generate
              .call(
                  Asking.of("And when does it close?").in(context).model("random").arguments(),
                  bench.call)
              .usage();
      assertReadsOnly(askedAgain, document);
    }
  }

  @Test
  void aForkedContextSharesTheDocumentWithItsParent() throws Exception {
    String document = document("the fork");
    Task task = summary(document).model("random");
    String context = bench.understand.call(task.arguments(), bench.call).contextId();
    String fork =
        bench.fork.call(new ForkContext.Arguments(context, null, null), bench.call).contextId();
    assertReadsOnly(
        bench
            .generate
            .call(Asking.of("When does it open?").in(fork).model("random").arguments(), bench.call)
            .usage(),
        document);
  }

  @Test
  void anotherPrincipalSharesNothing() throws Exception {
    String document = document("somebody");
    understand(summary(document));
    UsageReport other =
        bench
            .understand
            .call(summary(document).model("random").arguments(), new RecordedCall("another"))
            .usage();
    assertThat(other.cachedTokens()).isZero();
    assertThat(other.restoredTokens()).isZero();
  }
}
