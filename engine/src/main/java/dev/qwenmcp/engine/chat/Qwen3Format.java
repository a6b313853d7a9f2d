package dev.qwenmcp.engine.chat;

import java.util.List;

/**
 * Qwen3's chat template in Java, statement by statement what its Jinja text says.
 *
 * <p>Content of any message counts as plain text. An assistant's thinking is dropped from the turns
 * before the last query, where a query is a user message that is no tool response; the turns after
 * it belong to one task in several steps and keep theirs.
 */
final class Qwen3Format {
  private static final String TOOLS_BEFORE =
      """
      # Tools

      You may call one or more functions to assist with the user query.

      You are provided with function signatures within <tools></tools> XML tags:
      <tools>\
      """;

  private static final String TOOLS_AFTER =
      """

      </tools>

      For each function call, return a json object with function name and arguments within \
      <tool_call></tool_call> XML tags:
      <tool_call>
      {"name": <function-name>, "arguments": <args-json-object>}
      </tool_call>\
      """;

  private final TemplateFamily family;
  private final ChatPrompt prompt;
  private final PromptSink out;

  private Qwen3Format(TemplateFamily family, ChatPrompt prompt, PromptSink out) {
    this.family = family;
    this.prompt = prompt;
    this.out = out;
  }

  /**
   * Writes the prompt.
   *
   * @throws IllegalArgumentException if there is no message, or a tool or its arguments are no JSON
   */
  static void write(TemplateFamily family, ChatPrompt prompt, PromptSink out) {
    if (prompt.messages().isEmpty()) {
      throw new IllegalArgumentException("a chat prompt needs at least one message, found none");
    }
    new Qwen3Format(family, prompt, out).write();
  }

  private void write() {
    List<Message> messages = prompt.messages();
    writeSystem(messages.getFirst());
    int lastQuery = lastQuery(messages);
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      switch (message.role()) {
        case USER -> writeTurn("user", message.content());
        case SYSTEM -> {
          if (i > 0) {
            writeTurn("system", message.content());
          }
        }
        case ASSISTANT -> writeAssistant(message, i > lastQuery, i == messages.size() - 1);
        case TOOL -> {
          boolean first = i == 0 || messages.get(i - 1).role() != Role.TOOL;
          boolean last = i == messages.size() - 1 || messages.get(i + 1).role() != Role.TOOL;
          writeToolResponse(message.content(), first, last);
        }
      }
    }
    if (prompt.addGenerationPrompt()) {
      out.template("<|im_start|>assistant\n" + family.replyOpening(prompt.thinking()));
    }
  }

  /** The first turn: the system message if there is one, and the tools. */
  private void writeSystem(Message first) {
    boolean system = first.role() == Role.SYSTEM;
    if (prompt.toolsJson().isEmpty()) {
      if (system) {
        writeTurn("system", first.content());
      }
      return;
    }
    out.template("<|im_start|>system\n");
    if (system) {
      out.plain(first.content());
      out.template("\n\n");
    }
    out.template(TOOLS_BEFORE);
    for (int i = 0; i < prompt.toolsJson().size(); i++) {
      out.template("\n");
      out.plain(TemplateJson.respell("tool " + i, prompt.toolsJson().get(i)));
    }
    out.template(TOOLS_AFTER);
    out.template("<|im_end|>\n");
  }

  private void writeTurn(String role, String content) {
    out.template("<|im_start|>" + role + "\n");
    out.plain(content);
    out.template("<|im_end|>\n");
  }

  private void writeAssistant(Message message, boolean afterQuery, boolean last) {
    String content = message.content();
    String reasoning = message.reasoning();
    int thinkEnd = content.indexOf("</think>");
    if (family.knowsThinking() && reasoning.isEmpty() && thinkEnd >= 0) {
      reasoning = stripTrailing(content.substring(0, thinkEnd));
      int thinkStart = reasoning.lastIndexOf("<think>");
      reasoning =
          stripLeading(
              thinkStart < 0 ? reasoning : reasoning.substring(thinkStart + "<think>".length()));
      content =
          stripLeading(content.substring(content.lastIndexOf("</think>") + "</think>".length()));
    }
    out.template("<|im_start|>assistant\n");
    if (family.knowsThinking() && afterQuery && (last || !reasoning.isEmpty())) {
      out.template("<think>\n");
      out.plain(stripLeading(stripTrailing(reasoning)));
      out.template("\n</think>\n\n");
      out.plain(stripLeading(content));
    } else {
      out.plain(content);
    }
    writeToolCalls(message.toolCalls(), !content.isEmpty());
    out.template("<|im_end|>\n");
  }

  private void writeToolCalls(List<ToolCall> calls, boolean afterText) {
    boolean newLine = afterText;
    for (ToolCall call : calls) {
      out.template((newLine ? "\n" : "") + "<tool_call>\n{\"name\": \"");
      out.plain(call.name());
      out.template("\", \"arguments\": ");
      out.plain(
          TemplateJson.respell("arguments of tool call " + call.name(), call.argumentsJson()));
      out.template("}\n</tool_call>");
      newLine = true;
    }
  }

  private void writeToolResponse(String content, boolean first, boolean last) {
    out.template((first ? "<|im_start|>user" : "") + "\n<tool_response>\n");
    out.plain(content);
    out.template("\n</tool_response>" + (last ? "<|im_end|>\n" : ""));
  }

  /** Index of the last user message that is no tool response; the last message if there is none. */
  private static int lastQuery(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      Message message = messages.get(i);
      if (message.role() == Role.USER
          && !(message.content().startsWith("<tool_response>")
              && message.content().endsWith("</tool_response>"))) {
        return i;
      }
    }
    return messages.size() - 1;
  }

  private static String stripLeading(String text) {
    int from = 0;
    while (from < text.length() && text.charAt(from) == '\n') {
      from++;
    }
    return text.substring(from);
  }

  private static String stripTrailing(String text) {
    int to = text.length();
    while (to > 0 && text.charAt(to - 1) == '\n') {
      to--;
    }
    return text.substring(0, to);
  }
}
