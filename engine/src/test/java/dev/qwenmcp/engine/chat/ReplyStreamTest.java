package dev.qwenmcp.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyStreamTest {

  @Test
  void tellsThinkingFromTheAnswer() {
    AssistantReply reply = parse("<think>\nOne and one.\n</think>\n\nTwo.\n");
    assertThat(reply.reasoning()).isEqualTo("One and one.");
    assertThat(reply.content()).isEqualTo("Two.\n");
    assertThat(reply.message())
        .isEqualTo(new Message(Role.ASSISTANT, "Two.\n", "One and one.", List.of()));
  }

  @Test
  void takesAnEmptyThinkingForNone() {
    assertThat(parse("<think>\n\n</think>\n\nHi")).isEqualTo(reply("", "Hi"));
  }

  @Test
  void startsInsideThinkingWhereThePromptOpenedIt() {
    AssistantReply reply =
        AssistantReply.parse("Hm.\n</think>\n\nYes", ReplyFormat.withCalls(true));
    assertThat(reply).isEqualTo(reply("Hm.", "Yes"));
  }

  @Test
  void readsToolCalls() {
    AssistantReply reply =
        parse(
            """
            <think>
            Look.
            </think>

            Both cities:
            <tool_call>
            {"name": "get_weather", "arguments": {"city":"Paris","n":1.50}}
            </tool_call>
            <tool_call>
            {"name": "now"}
            </tool_call>\
            """);
    assertThat(reply.reasoning()).isEqualTo("Look.");
    assertThat(reply.content()).isEqualTo("Both cities:");
    assertThat(reply.toolCalls())
        .containsExactly(
            new ToolCall("get_weather", "{\"city\": \"Paris\", \"n\": 1.5}"),
            new ToolCall("now", "{}"));
    assertThat(reply.malformedCalls()).isEmpty();
  }

  @Test
  void readsArgumentsThatAreJsonInAString() {
    AssistantReply reply =
        parse("<tool_call>{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}</tool_call>");
    assertThat(reply.toolCalls()).containsExactly(new ToolCall("f", "{\"a\": 1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "call f",
        "[]",
        "{}",
        "{\"name\": 1}",
        "{\"name\": \"\"}",
        "{\"name\": \"f\", \"arguments\": [1]}",
        "{\"name\": \"f\", \"arguments\": \"x\"}",
        "{\"name\": \"f\", \"arguments\": {}",
        "{\"name\": \"f\", \"arguments\": {}} {}"
      })
  void keepsTheTextOfACallThatIsNone(String text) {
    AssistantReply reply = parse("Hm.<tool_call>" + text + "</tool_call>Then");
    assertThat(reply.toolCalls()).isEmpty();
    assertThat(reply.malformedCalls()).containsExactly(text);
    assertThat(reply.content()).isEqualTo("Hm.Then");
  }

  @Test
  void takesACallWithoutItsEndTag() {
    String call = "{\"name\": \"f\", \"arguments\": {}}";
    assertThat(parse("<tool_call>\n" + call).toolCalls()).containsExactly(new ToolCall("f", "{}"));
    AssistantReply cut = parse("<tool_call>\n{\"name\": \"f\", \"argu");
    assertThat(cut.toolCalls()).isEmpty();
    assertThat(cut.malformedCalls()).containsExactly("{\"name\": \"f\", \"argu");
  }

  @Test
  void takesThinkingThatWasCutOff() {
    assertThat(parse("<think>\nSo far\n")).isEqualTo(reply("So far", ""));
    assertThat(parse("<think>\nSo far</thi")).isEqualTo(reply("So far</thi", ""));
    assertThat(parse("<thi")).isEqualTo(reply("", "<thi"));
    assertThat(parse("")).isEqualTo(reply("", ""));
  }

  @Test
  void takesTagsElsewhereForText() {
    assertThat(parse("a <think> b </think> c")).isEqualTo(reply("", "a <think> b </think> c"));
    assertThat(parse("<think>a <tool_call> b</think>c")).isEqualTo(reply("a <tool_call> b", "c"));
    assertThat(parse("<think>a</think>b</think>c")).isEqualTo(reply("a", "b</think>c"));
    assertThat(parse("<tool>a</tool>")).isEqualTo(reply("", "<tool>a</tool>"));
  }

  @Test
  void givesOutTextAsSoonAsItIsNoTag() {
    List<String> events = new ArrayList<>();
    ReplyStream stream = new ReplyStream(recorder(events), ReplyFormat.withCalls(false));
    stream.push("<think>");
    stream.push("\nLet");
    assertThat(events).containsExactly("r:Let");
    stream.push(" me <");
    assertThat(events).last().isEqualTo("r: me ");
    stream.push("b");
    assertThat(events).last().isEqualTo("r:<b");
    stream.push("\n");
    stream.push("</think>\n\n");
    assertThat(events).hasSize(3);
    stream.push("Answer");
    assertThat(events).last().isEqualTo("c:Answer");
    stream.push("\n\nmore");
    assertThat(events).last().isEqualTo("c:\n\nmore");
    stream.push("\n<tool_call>{\"name\":\"f\"}</tool_call>");
    assertThat(events).last().isEqualTo("t:f");
    stream.finish();
    assertThat(events).hasSize(6);
  }

  @Test
  void findsTheSamePartsHoweverTheTextIsCut() {
    SplittableRandom random = new SplittableRandom(5);
    String[] parts = {
      "<think>",
      "</think>",
      "<tool_call>",
      "</tool_call>",
      "\n",
      "\n\n",
      " ",
      "text",
      "<",
      "</",
      "<tool_call>{\"name\": \"f\", \"arguments\": {\"x\": [1]}}</tool_call>",
      "<thi",
      "nk>",
      "é",
    };
    for (int run = 0; run < 20_000; run++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "<think>" : "");
      for (int i = random.nextInt(10); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      ReplyFormat format =
          new ReplyFormat(
              any(ReplyFormat.Thinking.values(), random), any(ReplyFormat.Answer.values(), random));
      List<String> whole = new ArrayList<>();
      ReplyStream atOnce = new ReplyStream(recorder(whole), format);
      atOnce.push(text.toString());
      atOnce.finish();
      List<String> cut = new ArrayList<>();
      ReplyStream inPieces = new ReplyStream(recorder(cut), format);
      for (int from = 0; from < text.length(); ) {
        int to = Math.min(text.length(), from + 1 + random.nextInt(5));
        inPieces.push(text.substring(from, to));
        from = to;
      }
      inPieces.finish();
      assertThat(joined(cut)).as("%s: %s", format, text).isEqualTo(joined(whole));
    }
  }

  private static <T> T any(T[] values, SplittableRandom random) {
    return values[random.nextInt(values.length)];
  }

  @Test
  void takesWhatLooksLikeACallForTextWhereNoToolsWereOffered() {
    String text = "It says <tool_call>\n{\"name\": \"f\"}\n</tool_call>\n!";
    assertThat(AssistantReply.parse("\n\n" + text, ReplyFormat.text(false)))
        .isEqualTo(reply("", text));
    assertThat(AssistantReply.parse("Hm.\n</think>\n\n\n" + text, ReplyFormat.text(true)))
        .isEqualTo(reply("Hm.", text));
  }

  @Test
  void changesNothingInAnAnswerThatWasHeldToAForm() {
    for (String text :
        List.of(
            "\n\nyes\n",
            "<think>",
            "<think>a</think>b",
            "{\"log\": \"<tool_call>{}</tool_call>\"}",
            "a\n<tool_call>",
            "")) {
      assertThat(AssistantReply.parse(text, ReplyFormat.held(ReplyFormat.Thinking.NONE)))
          .isEqualTo(reply("", text));
      assertThat(
              AssistantReply.parse(
                  "Hm.\n</think>\n\n" + text, ReplyFormat.held(ReplyFormat.Thinking.BEGUN)))
          .isEqualTo(reply("Hm.", text));
      assertThat(
              AssistantReply.parse(
                  "<think>\nHm.\n</think>\n\n" + text,
                  ReplyFormat.held(ReplyFormat.Thinking.POSSIBLE)))
          .isEqualTo(reply("Hm.", text));
    }
  }

  /** The history of a reply renders as what was generated, where the model kept to its format. */
  @Test
  void givesAMessageThatRendersAsItWasGenerated() throws Exception {
    String generated =
        "<think>\nLook.\n</think>\n\nBoth:\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\":"
            + " 1}}\n</tool_call>";
    Message message = parse(generated).message();
    ChatTemplate template =
        ChatTemplate.of(QwenTemplates.first(), dev.qwenmcp.engine.tokenizer.TestTokenizers.qwen3());
    ChatPrompt prompt =
        new ChatPrompt(List.of(Message.user("x"), message), List.of(), ThinkingMode.ON, false);
    assertThat(template.render(prompt))
        .endsWith("<|im_start|>assistant\n" + generated + "<|im_end|>\n");
  }

  private static AssistantReply parse(String text) {
    return AssistantReply.parse(text, ReplyFormat.withCalls(false));
  }

  private static AssistantReply reply(String reasoning, String content) {
    return new AssistantReply(reasoning, content, List.of(), List.of());
  }

  private static ReplyListener recorder(List<String> events) {
    return new ReplyListener() {
      @Override
      public void reasoning(String piece) {
        events.add("r:" + piece);
      }

      @Override
      public void content(String piece) {
        events.add("c:" + piece);
      }

      @Override
      public void toolCall(ToolCall call) {
        events.add("t:" + call.name());
      }

      @Override
      public void malformedCall(String text) {
        events.add("m:" + text);
      }
    };
  }

  /** The events with neighbouring pieces of one kind of text joined. */
  private static List<String> joined(List<String> events) {
    List<String> joined = new ArrayList<>();
    for (String event : events) {
      char kind = event.charAt(0);
      if (!joined.isEmpty() && (kind == 'r' || kind == 'c') && joined.getLast().charAt(0) == kind) {
        joined.set(joined.size() - 1, joined.getLast() + event.substring(2));
      } else {
        joined.add(event);
      }
    }
    return joined;
  }
}
