package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.call;
import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.FormSchema;
import dev.qwenmcp.server.protocol.FormSchema.Field;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tool that asks the client while it runs, and says what it does. */
class AskingTest {
  private static final String CAPABLE =
      """
      {"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"form":{}}},
      "clientInfo":{"name":"a","version":"1"}}\
      """;
  private static final String ACCEPT = "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}";

  record Nothing() {}

  record Greeting(String text) {}

  /** Greets whoever the user says to be. */
  private static final class Greet implements Tool<Nothing, Greeting> {
    @Override
    public ToolSpec<Nothing, Greeting> spec() {
      return new ToolSpec<>(
          "greet",
          "Greet",
          "Greets the user.",
          Nothing.class,
          Greeting.class,
          new ToolSpec.Hints(true, false, true, false));
    }

    @Override
    public Greeting call(Nothing arguments, ToolContext call)
        throws ToolException, InterruptedException {
      call.log(LogLevel.DEBUG, "greet", "about to ask");
      call.log(LogLevel.WARNING, "greet", "asking");
      Question.Form form =
          new Question.Form(
              "Who are you?", new FormSchema().text(Field.needed("name", "Your name")).build());
      return call.ask(form)
          .map(answer ->
              new Greeting(
                  answer.choice() + " " + answer.content().path("name").asString("nobody")))
          .orElse(new Greeting("cannot ask"));
    }
  }

  private static final List<Tool<?, ?>> TOOLS = List.of(new Greet());

  private static String answer(JsonNode asked, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(asked.get("id"), result);
  }

  private static JsonNode next(ServerHarness server, String method) {
    JsonNode message = server.next();
    while (!message.path("method").asString("").equals(method)) {
      message = server.next();
    }
    return message;
  }

  @Test
  void aToolHearsWhatTheUserSays() {
    try (ServerHarness server = ServerHarness.of(TOOLS)) {
      server.request("initialize", json(CAPABLE));
      int id = server.start("tools/call", call("greet", json("{}")));
      JsonNode asked = next(server, "elicitation/create");
      assertThat(asked.at("/params/requestedSchema/required/0").asString()).isEqualTo("name");

      server.send(answer(asked, ACCEPT));

      assertThat(server.response(id).at("/result/structuredContent/text").asString())
          .isEqualTo("ACCEPT Ann");
    }
  }

  @Test
  void aClientThatCannotAskIsNotAsked() {
    try (ServerHarness server = ServerHarness.of(TOOLS).initialized()) {
      JsonNode result = server.request("tools/call", call("greet", json("{}")));

      assertThat(result.at("/result/structuredContent/text").asString()).isEqualTo("cannot ask");
    }
  }

  @Test
  void whatTheClientCannotAnswerFailsTheTool() {
    try (ServerHarness server = ServerHarness.of(TOOLS)) {
      server.request("initialize", json(CAPABLE));
      int id = server.start("tools/call", call("greet", json("{}")));
      JsonNode asked = next(server, "elicitation/create");

      server.send(
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-1,\"message\":\"no screen\"}}"
              .formatted(asked.get("id")));

      assertThat(server.response(id).at("/result/content/0/text").asString())
          .startsWith("client_failed: ")
          .contains("no screen");
    }
  }

  @Test
  void aCancelledCallTellsTheClientToForgetTheQuestion() {
    try (ServerHarness server = ServerHarness.of(TOOLS)) {
      server.request("initialize", json(CAPABLE));
      int id = server.start("tools/call", call("greet", json("{}")));
      JsonNode asked = next(server, "elicitation/create");

      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%d}}"
              .formatted(id));

      assertThat(next(server, "notifications/cancelled").at("/params/requestId"))
          .isEqualTo(asked.get("id"));
    }
  }

  @Test
  void theClientHearsWhatItWantsToHear() {
    try (ServerHarness server = ServerHarness.of(TOOLS).initialized()) {
      server.request("tools/call", call("greet", json("{}")));
      assertThat(server.notifications())
          .extracting(n -> n.at("/params/level").asString())
          .containsExactly("warning");

      server.request("logging/setLevel", json("{\"level\":\"debug\"}"));
      server.request("tools/call", call("greet", json("{}")));
      assertThat(server.notifications()).hasSize(3);
      server.request("logging/setLevel", json("{\"level\":\"error\"}"));
      server.request("tools/call", call("greet", json("{}")));
      assertThat(server.notifications()).hasSize(3);
      assertThat(
              server
                  .request("logging/setLevel", json("{\"level\":\"loud\"}"))
                  .at("/error/code")
                  .asInt())
          .isEqualTo(-32602);
    }
  }

  @Test
  void asksOverHttpOnTheCallsStream() throws IOException {
    try (HttpHarness server = new HttpHarness(TOOLS)) {
      server.initialize("2025-11-25", "{\"elicitation\":{}}");
      HttpResponse<InputStream> response =
          server.open(
              server
                  .request()
                  .POST(HttpRequest.BodyPublishers.ofString(HttpHarness.callOf(9, "greet", "{}")))
                  .build());
      BufferedReader events =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      JsonNode asked = message(events, "elicitation/create");

      assertThat(server.post(answer(asked, ACCEPT)).statusCode()).isEqualTo(202);

      assertThat(message(events, "").at("/result/structuredContent/text").asString())
          .isEqualTo("ACCEPT Ann");
    }
  }

  private static JsonNode message(BufferedReader events, String method) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("data: {")) {
        JsonNode message = JsonMapper.shared().readTree(line.substring("data: ".length()));
        if (message.path("method").asString("").equals(method)) {
          return message;
        }
      }
    }
    throw new AssertionError("the stream ended before " + method);
  }
}
