package dev.qwenmcp.server.process;

import static dev.qwenmcp.server.process.ServerProcess.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.process.ServerProcess.EndedException;
import dev.qwenmcp.server.process.ServerProcess.ToolFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A context and what a server acknowledged about it.
 *
 * @param id its handle
 * @param appended texts by index of their entry
 * @param answered answers by question
 * @param state whether it was closed, as far as is known
 */
record Written(String id, Map<Integer, Text> appended, Map<String, String> answered, State state) {

  /** How far a context got on its way to its end. */
  enum State {
    OPEN,
    /** It was to be closed, and nobody heard whether it was. */
    PERHAPS_CLOSED,
    CLOSED
  }

  /**
   * A text that says of itself what it is, so that half of one is known as such.
   *
   * @param tag its word
   * @param count how often
   */
  record Text(String tag, int count) {
    String text() {
      return (tag + " ").repeat(count);
    }

    ObjectNode structured() {
      return object().put("tag", tag).put("count", count);
    }

    static Text of(JsonNode structured) {
      return new Text(structured.get("tag").asString(), structured.get("count").asInt());
    }
  }

  Written(String id) {
    this(id, new TreeMap<>(), new TreeMap<>(), State.OPEN);
  }

  Written with(State other) {
    return new Written(id, appended, answered, other);
  }

  /** All entries, or an empty list if it is gone as it may be. */
  List<JsonNode> read(ServerProcess server) throws EndedException, ToolFailure {
    List<JsonNode> entries = new ArrayList<>();
    JsonNode page;
    do {
      ObjectNode arguments =
          object().put("context_id", id).put("from", entries.size()).put("limit", 100);
      try {
        page = server.call("context_read", arguments);
      } catch (ToolFailure e) {
        assertThat(e).hasMessageContaining("closed_context");
        assertThat(state).isNotEqualTo(State.OPEN);
        return List.of();
      }
      page.get("entries").forEach(entries::add);
    } while (page.has("next_from"));
    return entries;
  }

  /** What was acknowledged is there, and nothing is there by half. */
  void check(ServerProcess server, String where) throws EndedException, ToolFailure {
    if (state == State.CLOSED) {
      assertThatThrownBy(() -> server.call("context_read", object().put("context_id", id)))
          .as(where)
          .hasMessageContaining("closed_context");
      return;
    }
    List<JsonNode> entries = read(server);
    if (entries.isEmpty() && state == State.PERHAPS_CLOSED) {
      return;
    }
    List<String> said = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      JsonNode entry = entries.get(i);
      String role = entry.get("role").asString();
      switch (role) {
        case "document" ->
            assertThat(entry.get("text").asString())
                .as(where)
                .isEqualTo(Text.of(Json.read(entry.get("structured").asString())).text());
        // A question and what came of it are written together.
        case "user" ->
            assertThat(entries.get(i + 1).get("role").asString())
                .as(where)
                .isIn("assistant", "result");
        default ->
            assertThat(entries.get(i - 1).get("role").asString()).as(where).isEqualTo("user");
      }
      if (role.equals("assistant")) {
        said.add(entries.get(i - 1).get("text").asString() + "\n" + entry.get("text").asString());
      }
    }
    appended.forEach((index, text) ->
        assertThat(Text.of(Json.read(entries.get(index).get("structured").asString())))
            .as(where)
            .isEqualTo(text));
    answered.forEach(
        (question, answer) -> assertThat(said).as(where).contains(question + "\n" + answer));
  }

  /** Asks for an answer again, which is the same whatever the server still knows of the first. */
  void answerAgain(ServerProcess server, String where) throws EndedException, ToolFailure {
    Map.Entry<String, String> first = answered.entrySet().iterator().next();
    assertThat(CrashWriter.generate(server, first.getKey(), null).get("text").asString())
        .as(where)
        .isEqualTo(first.getValue());
  }
}
