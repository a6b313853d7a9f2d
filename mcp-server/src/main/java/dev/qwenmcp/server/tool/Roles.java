package dev.qwenmcp.server.tool;

/** What entries of a context are, as {@link dev.qwenmcp.server.context.Entry#role} names it. */
final class Roles {
  /** A text that is worked on. */
  static final String DOCUMENT = "document";

  /** What a person said or asked. */
  static final String USER = "user";

  /** What a model answered. */
  static final String ASSISTANT = "assistant";

  /** What a search found. */
  static final String PASSAGES = "passages";

  /** What a tool found out about a text. */
  static final String RESULT = "result";

  /** The model that was chosen for what follows. */
  static final String MODEL = "model";

  private Roles() {}
}
