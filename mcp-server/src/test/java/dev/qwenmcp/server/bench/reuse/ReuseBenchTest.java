package dev.qwenmcp.server.bench.reuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.model.EmbeddedModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The flow of calls, with a server and a peer that only count. */
class ReuseBenchTest {
  private static final int HEADER = 20;
  private static final int TASK = 30;

  private static BpeTokenizer tokenizer;

  private final List<String> calls = new ArrayList<>();
  private final List<PromptReader.Prompt> prompts = new ArrayList<>();
  private final Set<String> onDisk = new HashSet<>(); // contexts whose document is known
  private final Map<String, Integer> documentTokens = new HashMap<>(); // of each context
  private int starts;
  private int opened;
  private boolean readsTexts = true;

  @BeforeAll
  static void open() throws Exception {
    try (GgufFile file = EmbeddedModel.open()) {
      tokenizer = BpeTokenizer.of(file.metadata());
    }
  }

  /** Finds each document but for the first time; keeps them over a restart. */
  private final class CountingServer implements ToolServer {
    private final Set<String> inMemory = new HashSet<>();

    @Override
    public Answer call(String tool, ObjectNode arguments) {
      String task = arguments.path("task").asString("");
      calls.add((tool + " " + task).strip());
      String context = arguments.path("context_id").asString("");
      return switch (tool) {
        case "list_models" -> answer("{\"models\": [{\"state\": \"ready\"}]}");
        case "understand" -> {
          if (context.isEmpty()) {
            context = "c" + opened++;
            int length = tokenizer.encode(arguments.get("text").asString()).length;
            documentTokens.put(context, length);
          }
          yield read(context);
        }
        case "context_fork" -> {
          assertThat(arguments.get("version").asInt()).isEqualTo(1);
          yield answer("{\"context_id\": \"%s\"}".formatted(context));
        }
        case "generate" -> read(context);
        default -> answer("{}");
      };
    }

    private Answer read(String context) {
      int document = readsTexts ? HEADER + documentTokens.get(context) : HEADER;
      boolean warm = !inMemory.add(context);
      boolean known = !onDisk.add(context);
      return answer(
          """
          {"context_id": "%s", "usage": {"prompt_tokens": %d, "cached_tokens": %d,
           "restored_tokens": %d, "prompt_seconds": 1, "generate_seconds": 0.5}}\
          """
              .formatted(
                  context,
                  document + TASK,
                  warm || known ? document : 0,
                  !warm && known ? document : 0));
    }

    private static Answer answer(String json) {
      return new Answer(JsonMapper.shared().readTree(json), 2);
    }

    @Override
    public void close() {}
  }

  private final class CountingReader implements PromptReader {
    @Override
    public Reading read(Prompt prompt, Call.Phase phase) {
      prompts.add(prompt);
      int all = prompt.documentTokens() + prompt.taskTokens();
      return new Reading(all, 0, 0, 3, 3);
    }

    @Override
    public void restart() {
      calls.add("peer restarts");
    }

    @Override
    public List<String> conditions() {
      return List.of("a peer");
    }

    @Override
    public void close() {}
  }

  private ReuseReport run(int repetitions) throws BenchException {
    return new ReuseBench(
            new ReuseBench.Settings("m", tokenizer, 200, repetitions),
            () -> {
              starts++;
              return new CountingServer();
            },
            Optional.of(_ -> new CountingReader()),
            _ -> {})
        .run();
  }

  @Test
  void theServerIsRestartedAndThePeerGetsPromptsOfTheSameLengths() throws Exception {
    ReuseReport report = run(1);

    assertThat(starts).isEqualTo(2);
    assertThat(calls).containsOnlyOnce("peer restarts");
    assertThat(calls.stream().filter("context_fork"::equals)).hasSize(11);
    assertThat(prompts).hasSize(16);
    assertThat(prompts.stream().map(PromptReader.Prompt::task)).doesNotHaveDuplicates();
    assertThat(prompts)
        .allSatisfy(prompt -> {
          assertThat(prompt.taskTokens()).isEqualTo(TASK);
          assertThat(prompt.documentTokens()).isGreaterThanOrEqualTo(HEADER + 200);
        });
    StringWriter text = new StringWriter();
    report.write(new PrintWriter(text));
    // A prefill of the task alone; 1.5 s of the cold 1.5 s; the peer's 3 s.
    assertThat(text.toString())
        .contains("- a peer")
        .contains(
            "| 0 | 30 | ≤ 94 | 1.50 | 1.00 | 100.0 % | ≤ 5 %, missed | 3.00 | 100.0 % | 2.00 |")
        .containsPattern("after a restart \\| 1 \\| \\d+ \\| \\d+ \\| \\d+ \\| 30 \\|");
  }

  @Test
  void eachRepetitionHasDocumentsOfItsOwn() throws Exception {
    ReuseReport report = run(2);

    assertThat(prompts.stream().map(PromptReader.Prompt::document).distinct())
        .containsExactly(0, 1, 2, 3);
    assertThat(report.rows()).allMatch(row -> row.measured().size() % 2 == 0);
  }

  @Test
  void aModelThatIsNotGivenTheDocumentIsRefused() {
    readsTexts = false;

    assertThatThrownBy(() -> run(1))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("prompts of this model do not hold the document")
        .hasMessageContaining("100 million weights");
  }
}
