package dev.qwenmcp.engine.chat;

/**
 * One tool call of an assistant message.
 *
 * @param name the tool's name
 * @param argumentsJson the arguments as a JSON object's text
 */
public record ToolCall(String name, String argumentsJson) {}
