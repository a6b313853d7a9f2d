package dev.qwenmcp.engine.chat;

import dev.qwenmcp.engine.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The wordings of Qwen3's template, made from the first one by the edits that tell them apart. */
final class QwenTemplates {
  private QwenTemplates() {}

  static String first() {
    return read(SharedData.require("data/qwen3-tokenizer/Qwen-Qwen3-0.6B.jinja"));
  }

  static String coder() {
    return read(SharedData.require("data/qwen3-tokenizer/Qwen3-Coder.jinja"));
  }

  /** Takes messages whose content is no string. */
  static String revised() {
    String text = first();
    text = edit(text, "\"user\" and not(", "\"user\" and message.content is string and not(");
    text =
        edit(
            text,
            "{%- if (message.role == \"user\")",
            """
            {%- if message.content is string %}
                {%- set content = message.content %}
            {%- else %}
                {%- set content = '' %}
            {%- endif %}
            {%- if (message.role == "user")\
            """);
    text =
        edit(text, "'\\n' + message.content + '<|im_end|>' +", "'\\n' + content + '<|im_end|>' +");
    text =
        edit(
            text,
            "{%- set content = message.content %}\n        {%- set reasoning",
            "{%- set reasoning");
    text =
        edit(
            text,
            "reasoning_content is defined and message.reasoning_content is not none",
            "reasoning_content is string");
    String content = "{%- set content = message.content.split('</think>')[-1].lstrip('\\n') %}";
    String reasoning =
        "{%- set reasoning_content = message.content.split('</think>')[0].rstrip('\\n')"
            + ".split('<think>')[-1].lstrip('\\n') %}";
    text = edit(text, content, "");
    text = edit(text, reasoning, (reasoning + content).replace("message.content", "content"));
    text = edit(text, "'</think>' in message.content", "'</think>' in content");
    return edit(text, "{{- message.content }}", "{{- content }}");
  }

  /** Always opens the thinking. */
  static String thinking2507() {
    String text = revised();
    text =
        edit(
            text,
            "{{- '<|im_start|>assistant\\n' }}",
            "{{- '<|im_start|>assistant\\n<think>\\n' }}");
    return without(text, "{%- if enable_thinking is defined", "{%- endif %}");
  }

  /** Knows no thinking. */
  static String instruct2507() {
    String text = revised();
    text = without(text, "{%- if enable_thinking is defined", "{%- endif %}");
    text = without(text, "{%- set ns = ", "{%- endfor %}");
    return without(
        text,
        "{%- set reasoning_content = '' %}",
        """
        {%- else %}
                    {{- '<|im_start|>' + message.role + '\\n' + content }}
                {%- endif %}\
        """,
        "{{- '<|im_start|>' + message.role + '\\n' + content }}");
  }

  /** Does without slices of lists and indexed method results. */
  static String forSmallEngines() {
    String text = first();
    text =
        edit(
            text, "{%- for message in messages[::-1] %}", "{%- for forward_message in messages %}");
    text =
        edit(
            text,
            "loop.index0 %}\n    {%- if ns.multi",
            """
            loop.index0 %}
                {%- set message = messages[index] %}
                {%- set current_content = message.content if message.content is not none else '' %}
                {%- set tool_start = '<tool_response>' %}
                {%- set tool_start_length = tool_start|length %}
                {%- set start_of_message = current_content[:tool_start_length] %}
                {%- set tool_end = '</tool_response>' %}
                {%- set tool_end_length = tool_end|length %}
                {%- set start_pos = (current_content|length) - tool_end_length %}
                {%- if start_pos < 0 %}
                    {%- set start_pos = 0 %}
                {%- endif %}
                {%- set end_of_message = current_content[start_pos:] %}
                {%- if ns.multi\
            """);
    text =
        edit(
            text,
            "not(message.content.startswith('<tool_response>') and"
                + " message.content.endswith('</tool_response>'))",
            "not(start_of_message == tool_start and end_of_message == tool_end)");
    text =
        edit(
            text,
            "message.content.split('</think>')[-1].lstrip('\\n')",
            "(message.content.split('</think>')|last).lstrip('\\n')");
    return edit(
        text,
        "message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}",
        """
        (message.content.split('</think>')|first).rstrip('\\n') %}
        {%- set reasoning_content = (reasoning_content.split('<think>')|last).lstrip('\\n') %}\
        """);
  }

  private static String edit(String text, String from, String to) {
    int at = text.indexOf(from);
    if (at < 0) {
      throw new AssertionError("not in the template: " + from);
    }
    return text.substring(0, at) + to + text.substring(at + from.length());
  }

  private static String without(String text, String from, String to) {
    return without(text, from, to, "");
  }

  /** Replaces everything from {@code from} to the end of the next {@code to}. */
  private static String without(String text, String from, String to, String replacement) {
    int start = text.indexOf(from);
    int end = start < 0 ? -1 : text.indexOf(to, start);
    if (end < 0) {
      throw new AssertionError("not in the template: " + from + " … " + to);
    }
    return text.substring(0, start) + replacement + text.substring(end + to.length());
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
