package dev.qwenmcp.engine.chat;

/** Who speaks in a message. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  TOOL
}
