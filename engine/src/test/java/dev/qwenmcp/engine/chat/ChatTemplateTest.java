package dev.qwenmcp.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.engine.tokenizer.TestTokenizers;
import java.nio.file.Files;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
  private static final List<String> TAGS =
      List.of(
          "<|endoftext|>",
          "<|im_start|>",
          "<|im_end|>",
          "<think>",
          "</think>",
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</tool_response>");

  static Stream<RecordedPrompt> recorded() {
    return RecordedPrompt.all().stream();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void rendersWhatTheJinjaTemplatesRender(RecordedPrompt recorded) throws Exception {
    assertThat(hybrid().render(recorded.prompt())).isEqualTo(recorded.hybrid());
    assertThat(template(QwenTemplates.instruct2507()).render(recorded.prompt()))
        .isEqualTo(recorded.instruct2507());
    assertThat(template(QwenTemplates.thinking2507()).render(recorded.prompt()))
        .isEqualTo(recorded.thinking2507());
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void encodesToTheIdsOfTheRenderedText(RecordedPrompt recorded) throws Exception {
    int[] ids = hybrid().encode(recorded.prompt());
    assertThat(textWithTags(ids))
        .isEqualTo(Normalizer.normalize(recorded.hybrid(), Normalizer.Form.NFC));
    if (recorded.hybridIds() != null) {
      assertThat(ids).isEqualTo(recorded.hybridIds());
    }
  }

  /** The tags that a message spells stand in the text, but none of them in the ids. */
  @ParameterizedTest
  @MethodSource("recorded")
  void placesNoSpecialTokenForAMessagesText(RecordedPrompt recorded) throws Exception {
    ChatPrompt prompt = recorded.prompt();
    List<Message> harmless =
        prompt.messages().stream()
            .map(m ->
                new Message(
                    m.role(),
                    keepsTemplatesChoices(m),
                    harmless(m.reasoning()),
                    m.toolCalls().stream()
                        .map(c -> new ToolCall(harmless(c.name()), harmless(c.argumentsJson())))
                        .toList()))
            .toList();
    List<String> tools = prompt.toolsJson().stream().map(ChatTemplateTest::harmless).toList();
    ChatPrompt disarmed =
        new ChatPrompt(harmless, tools, prompt.thinking(), prompt.addGenerationPrompt());

    assertThat(specials(hybrid().encode(prompt))).isEqualTo(specials(hybrid().encode(disarmed)));
  }

  /** An assistant's think tags and a user's tool response steer the template: those stay. */
  private static String keepsTemplatesChoices(Message message) {
    return switch (message.role()) {
      case ASSISTANT -> message.content();
      case USER ->
          message.content().startsWith("<tool_response>")
              ? message.content()
              : harmless(message.content());
      case SYSTEM, TOOL -> harmless(message.content());
    };
  }

  private static String harmless(String text) {
    return TAGS.stream().reduce(text, (t, tag) -> t.replace(tag, "x"));
  }

  @Test
  void encodesAMessagesTagsAsTheTokenizerEncodesPlainText() throws Exception {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    String text = String.join(" ", TAGS);
    int[] ids = hybrid().encode(ChatPrompt.of(List.of(Message.user(text)), ThinkingMode.ON));
    int[] turn = tokenizer.encode("user\n" + text);
    assertThat(ids)
        .startsWith(151644)
        .containsSequence(turn)
        .hasSize(1 + turn.length + tokenizer.encode("\n").length * 2 + 1 + 1 + 1);
    assertThat(specials(turn)).isEmpty();
  }

  @Test
  void recognisesEachWordingOfTheTemplates() {
    assertThat(TemplateFamily.of(QwenTemplates.first())).hasValue(TemplateFamily.HYBRID);
    assertThat(TemplateFamily.of(QwenTemplates.revised())).hasValue(TemplateFamily.HYBRID);
    assertThat(TemplateFamily.of(QwenTemplates.forSmallEngines())).hasValue(TemplateFamily.HYBRID);
    assertThat(TemplateFamily.of(QwenTemplates.instruct2507()))
        .hasValue(TemplateFamily.INSTRUCT_2507);
    assertThat(TemplateFamily.of(QwenTemplates.thinking2507()))
        .hasValue(TemplateFamily.THINKING_2507);
  }

  @Test
  void recognisesATemplateWithOtherWhiteSpaceOrComments() {
    String text = QwenTemplates.first();
    assertThat(TemplateFamily.of(text.replace("\n", "\r\n"))).isPresent();
    assertThat(TemplateFamily.of(text.replaceAll("\n *", " "))).isPresent();
    assertThat(TemplateFamily.of(text + "\n")).isPresent();
    assertThat(TemplateFamily.of("{# Fixed #}\n" + text + "\n{# Licence #}\n")).isPresent();
  }

  @Test
  void takesNoTemplateThatCouldWriteSomethingElse() {
    String text = QwenTemplates.first();
    assertThat(TemplateFamily.of(text + "\n\n")).isEmpty();
    assertThat(TemplateFamily.of(text + " ")).isEmpty();
    assertThat(TemplateFamily.of(text + "{# a #}b{# c #}")).isEmpty();
    assertThat(TemplateFamily.of("x" + text)).isEmpty();
    assertThat(TemplateFamily.of(text.replace("{%- if tools", "{% if tools"))).isEmpty();
    assertThat(TemplateFamily.of(text.replace("assistant\\n' }}", "assistant\\n ' }}"))).isEmpty();
    assertThat(TemplateFamily.of(text.replace("# Tools", "#  Tools"))).isEmpty();
    assertThat(TemplateFamily.of(text.substring(0, text.length() - 2))).isEmpty();
    assertThat(TemplateFamily.of("{#")).isEmpty();
    assertThat(TemplateFamily.of("")).isEmpty();
  }

  @Test
  void refusesATemplateThatItDoesNotKnow() {
    String coder = QwenTemplates.coder();
    assertThatThrownBy(() -> template(coder))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageContaining("it begins with")
        .hasMessageContaining("render_extra_keys")
        .hasMessageContaining("supported are the unchanged templates of Qwen3");
  }

  @Test
  void refusesAFileWithoutATemplate() throws Exception {
    try (GgufFile file = GgufFile.open(SharedData.require("oracle/tiny/tiny2k-F16.gguf"))) {
      BpeTokenizer tokenizer = BpeTokenizer.of(file.metadata());
      assertThatThrownBy(() -> ChatTemplate.of(file.metadata(), tokenizer))
          .isInstanceOf(ChatTemplateException.class)
          .hasMessageContaining("no chat template (tokenizer.chat_template)");
    }
  }

  /** The prompts and ids of the model's golden file, which another engine computed. */
  @Test
  void givesTheIdsThatAModelFileWasTestedWith() throws Exception {
    JsonNode golden =
        JsonMapper.builder()
            .build()
            .readTree(Files.readAllBytes(SharedData.require("models/golden.json")));
    try (GgufFile file = GgufFile.open(SharedData.require("models/nano-Q4_K_M.gguf"))) {
      ChatTemplate template = ChatTemplate.of(file.metadata(), TestTokenizers.nano());
      assertThat(golden.get("prompts")).isNotEmpty();
      for (JsonNode prompt : golden.get("prompts")) {
        String text = prompt.get("text").asString();
        int[] ids = prompt.get("prompt_ids").valueStream().mapToInt(JsonNode::asInt).toArray();
        if (text.startsWith("<|im_start|>")) {
          ChatPrompt parsed = ChatPrompt.of(turns(text), ThinkingMode.OFF);
          assertThat(template.render(parsed)).isEqualTo(text);
          assertThat(template.encode(parsed)).isEqualTo(ids);
        } else { // the beginning of a story
          assertThat(TestTokenizers.nano().encode(text)).isEqualTo(ids);
        }
      }
    }
  }

  /** The messages of a rendered prompt whose turns hold nothing but text. */
  private static List<Message> turns(String prompt) {
    List<Message> messages = new ArrayList<>();
    Matcher turn =
        Pattern.compile("<\\|im_start\\|>(\\w+)\n(.*?)<\\|im_end\\|>\n", Pattern.DOTALL)
            .matcher(prompt);
    while (turn.find()) {
      Role role = Role.valueOf(turn.group(1).toUpperCase(Locale.ROOT));
      messages.add(new Message(role, turn.group(2), "", List.of()));
    }
    return messages;
  }

  @Test
  void saysWhichThinkingModesTheModelHas() throws Exception {
    assertThat(hybrid().thinkingModes())
        .containsExactlyInAnyOrder(ThinkingMode.ON, ThinkingMode.OFF);
    assertThat(hybrid().opensReasoning(ThinkingMode.ON)).isFalse();
    assertThat(hybrid().opensReasoning(ThinkingMode.OFF)).isFalse();

    ChatTemplate thinking = template(QwenTemplates.thinking2507());
    assertThat(thinking.thinkingModes()).containsExactly(ThinkingMode.ON);
    assertThat(thinking.opensReasoning(ThinkingMode.ON)).isTrue();
    assertThat(template(QwenTemplates.instruct2507()).thinkingModes())
        .containsExactly(ThinkingMode.OFF);
  }

  @Test
  void stopsAtEndOfTurnAndEndOfText() throws Exception {
    int[] stops = hybrid().stopTokens();
    assertThat(stops).containsExactly(151645, 151643);
    stops[0] = 0;
    assertThat(hybrid().stopTokens()).containsExactly(151645, 151643);
  }

  @Test
  void namesTheToolThatIsNoJson() throws Exception {
    ChatTemplate template = hybrid();
    ChatPrompt tools =
        new ChatPrompt(
            List.of(Message.user("x")), List.of("{}", "{\"a\":}"), ThinkingMode.ON, true);
    assertThatThrownBy(() -> template.encode(tools))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tool 1")
        .hasMessageContaining("character 5");

    ToolCall call = new ToolCall("look", "{'a': 1}");
    ChatPrompt calls =
        ChatPrompt.of(List.of(new Message(Role.ASSISTANT, "", "", List.of(call))), ThinkingMode.ON);
    assertThatThrownBy(() -> template.render(calls))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("arguments of tool call look");
  }

  @Test
  void refusesAnEmptyConversation() throws Exception {
    ChatTemplate template = hybrid();
    ChatPrompt empty = ChatPrompt.of(List.of(), ThinkingMode.ON);
    assertThatThrownBy(() -> template.encode(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one message");
  }

  private static ChatTemplate hybrid() throws ChatTemplateException {
    return template(QwenTemplates.first());
  }

  private static ChatTemplate template(String jinja) throws ChatTemplateException {
    return ChatTemplate.of(jinja, TestTokenizers.qwen3());
  }

  /** Decoded text in which control tokens show as well. */
  private static String textWithTags(int[] ids) {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= ids.length; i++) {
      if (i == ids.length || tokenizer.isControl(ids[i])) {
        text.append(tokenizer.decode(Arrays.copyOfRange(ids, from, i)));
        text.append(i == ids.length ? "" : new String(tokenizer.bytes(ids[i])));
        from = i + 1;
      }
    }
    return text.toString();
  }

  private static List<Integer> specials(int[] ids) {
    List<Integer> special =
        TAGS.stream().map(tag -> TestTokenizers.qwen3().special(tag).orElseThrow()).toList();
    return IntStream.of(ids).boxed().filter(special::contains).toList();
  }
}
