package dev.qwenmcp.server.protocol;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that only a call's client can answer: its user, its model, or its settings.
 *
 * @param <A> the answer
 */
public sealed interface Question<A> {
  /** Code of a tool's failure because the client could not answer what it says it can. */
  String CLIENT_FAILED = "client_failed";

  /**
   * Asks the user to fill in a form.
   *
   * @param message why, for the user
   * @param schema of the answer, made by {@link FormSchema}
   */
  record Form(String message, ObjectNode schema) implements Question<FormAnswer> {}

  /**
   * Asks the user to do something at a web page, such as to log in.
   *
   * @param message why, for the user
   * @param url of the page
   * @param id tells this visit from others
   */
  record Visit(String message, String url, String id) implements Question<FormAnswer> {}

  /**
   * What the user said to a form or a visit.
   *
   * @param choice whether they did it
   * @param content what they filled in, empty unless accepted
   */
  record FormAnswer(Choice choice, ObjectNode content) {}

  /** What users do with what they are asked. */
  enum Choice {
    ACCEPT,
    DECLINE,
    CANCEL
  }

  /**
   * Asks the client's model to go on with a conversation.
   *
   * @param messages so far
   * @param systemPrompt empty for none
   * @param maxTokens of the answer
   */
  record Sample(List<Message> messages, String systemPrompt, int maxTokens)
      implements Question<SampleAnswer> {
    public Sample {
      messages = List.copyOf(messages);
    }
  }

  /**
   * Part of a conversation.
   *
   * @param role {@code user} or {@code assistant}
   */
  record Message(String role, Content content) {}

  /**
   * What the client's model said.
   *
   * @param model its name
   * @param stopReason such as {@code endTurn}, or empty
   */
  record SampleAnswer(Content content, String model, String stopReason) {}

  /** Asks which folders the user works in. */
  record Roots() implements Question<List<Root>> {}

  /**
   * A folder that the user works in.
   *
   * @param uri such as {@code file:///home/ann/project}
   * @param name for people, or empty
   */
  record Root(String uri, String name) {}
}
