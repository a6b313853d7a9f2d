package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.remote.FakeModelServer.says;
import static dev.qwenmcp.server.remote.FakeModelServer.saysWithLogprobs;
import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.sql.SqliteRunStore;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.remote.FakeModelServer;
import dev.qwenmcp.server.remote.RemoteModel;
import dev.qwenmcp.server.remote.RemoteSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tools on a model that runs elsewhere, and conversations that change between models. */
@Timeout(60)
class RemoteToolsTest {
  private final Workbench bench = new Workbench();
  private FakeModelServer server;
  private RemoteModel remote;

  @BeforeEach
  void start() throws Exception {
    server = new FakeModelServer();
    remote = remote(true);
    bench.models.with(remote);
  }

  private RemoteModel remote(boolean schema) {
    return new RemoteModel(
        new RemoteSettings(
            "far",
            "far",
            List.of(server.address()),
            RemoteSettings.Secret.NONE,
            new RemoteSettings.Abilities(schema, false, true, false),
            new RemoteSettings.About("", 4096, List.of(), "", true, true),
            RemoteSettings.Limits.DEFAULT));
  }

  @AfterEach
  void end() {
    remote.close();
    server.close();
  }

  private static final ObjectNode NAMED =
      (ObjectNode)
          JsonMapper.shared()
              .readTree(
                  """
                  {"type": "object", "properties": {"name": {"type": "string"}},
                   "required": ["name"], "additionalProperties": false}\
                  """);

  private ChatReply extract(ChatModel model) throws Exception {
    return model.chat(
        ChatRequest.json(
            model.prepare("Who? Anna.", ThinkingMode.OFF), NAMED, 100, Duration.ofSeconds(20)));
  }

  @Test
  void oneConversationGoesOnFromModelToModel() throws Exception {
    server.then(says("It is ", "blue."));
    Generate.Result first =
        bench.generate.call(
            Asking.of("What colour is the card?").model("nano").arguments(), bench.call);
    String context = first.contextId();
    UseModel.Result chosen = bench.use.call(new UseModel.Arguments("far", context), bench.call);
    assertThat(chosen.before()).isNull();

    Generate.Result second =
        bench.generate.call(Asking.of("And yours?").in(context).arguments(), bench.call);

    assertThat(second.model()).isEqualTo("far");
    assertThat(second.text()).isEqualTo("It is blue.");
    assertThat(second.usage().promptTokens()).isEqualTo(12);
    JsonNode messages = server.requests.getFirst().path("messages");
    assertThat(messages.toString())
        .contains("What colour is the card?", first.text().strip().substring(0, 5), "And yours?");
    assertThat(bench.roles(context))
        .containsExactly("user", "assistant", "model", "user", "assistant");
    // And back, with the remote model's turn in the dialogue; a fork keeps the choice.
    String fork =
        bench.fork.call(new ForkContext.Arguments(context, null, null), bench.call).contextId();
    bench.use.call(new UseModel.Arguments("random", context), bench.call);
    Generate.Result third =
        bench.generate.call(Asking.of("Thanks").in(context).arguments(), bench.call);
    assertThat(third.model()).isEqualTo("random");
    assertThat(third.usage().promptTokens()).isGreaterThan(40);
    assertThat(bench.generate.call(Asking.of("Hm").in(fork).arguments(), bench.call).model())
        .isEqualTo("far");
  }

  @Test
  void classifiesByWhatItWritesAndSaysSo() throws Exception {
    server.then(saysWithLogprobs(Math.log(0.9) / 2, "{\"label\": ", "\"pin\"}"));
    ChatModel model = bench.chat("far");
    LabelChooser chooser =
        new LabelChooser(
            model, new Deadline(Duration.ofSeconds(20)), "classify", new AnswerPriors());

    List<Finding.LabelScore> ranked =
        chooser.rank("My PIN is blocked", List.of("card", "pin", "rate"), java.util.Map.of());

    assertThat(ranked.getFirst().label()).isEqualTo("pin");
    assertThat(ranked.getFirst().confidence()).isCloseTo(0.9, Assertions.within(1e-9));
    assertThat(ranked.get(1).confidence()).isCloseTo(0.05, Assertions.within(1e-9));
    assertThat(chooser.notes()).singleElement().asString().contains("runs elsewhere");
    assertThat(server.requests.getFirst().path("response_format").toString())
        .contains("\"enum\":[\"card\",\"pin\",\"rate\"]");
  }

  @Test
  void aLabelThatIsNoneIsAnErrorAndNeverAGuess() throws Exception {
    server.then(says("{\"label\": \"weather\"}"));
    ChatModel model = bench.chat("far");
    LabelChooser chooser =
        new LabelChooser(
            model, new Deadline(Duration.ofSeconds(20)), "classify", new AnswerPriors());
    assertFails(
        "invalid_answer",
        () -> chooser.rank("Hi", List.of("card", "pin"), java.util.Map.of()),
        "weather");
  }

  @Test
  void anAnswerThatBreaksItsSchemaIsAskedForOnceMore() throws Exception {
    server.then(says("{\"nom\": 1}")).then(says("```json\n{\"name\": \"Anna\"}\n```"));
    assertThat(extract(bench.chat("far")).content()).isEqualTo("{\"name\": \"Anna\"}");
    assertThat(server.requests.get(1).path("messages").toString()).contains("nom");

    server.then(says("nothing"));
    assertThat(extract(bench.chat("far")).content()).contains("Anna"); // the answer before stayed
    assertFails("invalid_answer", () -> extract(bench.chat("far")), "twice");
  }

  @Test
  void whereTheServerKnowsNoSchemasTheyStandInThePrompt() throws Exception {
    remote.close();
    remote = remote(false);
    bench.models.with(remote);
    server.then(says("{\"name\": \"Anna\"}"));
    assertThat(extract(bench.chat("far")).content()).isEqualTo("{\"name\": \"Anna\"}");
    JsonNode request = server.requests.getFirst();
    assertThat(request.has("response_format")).isFalse();
    assertThat(request.path("messages").toString())
        .contains("additionalProperties", "in the same order");
  }

  @Test
  void toolsThatMayAskItSayThatTheyReachBeyondThisMachine() {
    Workbench here = new Workbench();
    List<Tool<?, ?>> tools =
        new FlowTools(
                ToolSet.create(
                    bench.contexts, bench.knowledge, bench.folders, bench.labels, bench.models),
                SqliteRunStore.inMemory(InstantSource.system()),
                Optional.empty())
            .all();
    assertThat(tools.stream().map(Tool::spec).filter(spec -> spec.hints().openWorld()))
        .extracting(ToolSpec::name)
        .containsExactly("understand", "generate", "answer", "run_flow");
    assertThat(here.generate.spec().hints().openWorld()).isFalse();
  }

  @Test
  void whatItCannotDoIsSaid() throws Exception {
    server.then(says("an answer"));
    assertFails("local_model_required", () -> bench.model("far"), "far", "nano");
    Generate.Result cut =
        bench.generate.call(Asking.of("Tell me a story.").model("far").arguments(), bench.call);
    assertFails(
        "nothing_to_resume",
        () -> bench.generate.call(Asking.rest(cut.contextId()).arguments(), bench.call));
    assertFails(
        "text_too_long",
        () -> extract(bench.chat("far").prepare("x ".repeat(10_000), ThinkingMode.OFF)),
        "4,096");
    assertFails(
        "unknown_model",
        () -> bench.use.call(new UseModel.Arguments("/etc/passwd", null), bench.call));
  }

  private ChatReply extract(PreparedPrompt prompt) throws Exception {
    return bench.chat("far").chat(ChatRequest.json(prompt, NAMED, 100, Duration.ofSeconds(20)));
  }

  @Test
  void aServerThatIsGoneIsAnErrorOfTheCallAndWritesNothing() throws Exception {
    server.close();
    String context =
        bench.open.call(new OpenContext.Arguments(null, null, null), bench.call).contextId();
    assertFails(
        "model_unavailable",
        () -> bench.generate.call(Asking.of("Hi").in(context).model("far").arguments(), bench.call),
        "far");
    assertThat(bench.entries(context)).isEmpty();
  }
}
