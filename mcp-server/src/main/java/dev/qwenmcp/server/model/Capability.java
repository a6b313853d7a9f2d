package dev.qwenmcp.server.model;

/** What a model can be used for. */
public enum Capability {
  /** Holds a dialogue in a format that the program knows. */
  CHAT,
  /** Thinks before it answers where that is asked for. */
  THINKING,
  /** Answers from passages that it is given, rather than from what it remembers. */
  GROUNDED_ANSWERS,
  /** Turns texts into vectors. */
  EMBEDDING,
  /** Says how well a passage answers a question. */
  RERANK
}
