package dev.qwenmcp.engine.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A case of {@code chat/qwen3-prompts.json}.
 *
 * @param special whether a message spells special tokens
 * @param hybridIds the reference ids of {@code hybrid}, null for special cases
 */
record RecordedPrompt(
    String name,
    ChatPrompt prompt,
    boolean special,
    String hybrid,
    String instruct2507,
    String thinking2507,
    int[] hybridIds) {

  static List<RecordedPrompt> all() {
    try (InputStream in = RecordedPrompt.class.getResourceAsStream("/chat/qwen3-prompts.json")) {
      List<RecordedPrompt> all = new ArrayList<>();
      for (JsonNode node : JsonMapper.builder().build().readTree(in)) {
        all.add(read(node));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RecordedPrompt read(JsonNode node) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : node.get("messages")) {
      List<ToolCall> calls = new ArrayList<>();
      for (JsonNode call : message.path("toolCalls")) {
        calls.add(new ToolCall(call.get("name").asString(), call.get("arguments").asString()));
      }
      messages.add(
          new Message(
              Role.valueOf(message.get("role").asString().toUpperCase(java.util.Locale.ROOT)),
              message.get("content").asString(),
              message.path("reasoning").asString(""),
              calls));
    }
    List<String> tools = new ArrayList<>();
    node.get("tools").forEach(tool -> tools.add(tool.asString()));
    ChatPrompt prompt =
        new ChatPrompt(
            messages,
            tools,
            ThinkingMode.valueOf(node.get("thinking").asString()),
            node.get("addGenerationPrompt").asBoolean());
    int[] ids =
        node.has("hybridIds")
            ? Stream.of(node.get("hybridIds").asString().split(" "))
                .mapToInt(Integer::parseInt)
                .toArray()
            : null;
    return new RecordedPrompt(
        node.get("name").asString(),
        prompt,
        node.get("special").asBoolean(),
        node.get("hybrid").asString(),
        node.get("instruct2507").asString(),
        node.get("thinking2507").asString(),
        ids);
  }

  @Override
  public String toString() {
    return name;
  }
}
