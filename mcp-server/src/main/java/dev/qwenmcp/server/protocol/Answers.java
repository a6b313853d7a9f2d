package dev.qwenmcp.server.protocol;

import java.util.Map;

/**
 * What a client has answered to several questions.
 *
 * @param byKey each of the type that its question wants
 */
public record Answers(Map<String, Object> byKey) {
  public Answers {
    byKey = Map.copyOf(byKey);
  }

  /**
   * The answer to one of them.
   *
   * @param question that was asked under the key
   */
  @SuppressWarnings("unchecked") // whoever answers keeps to the question's type
  public <A> A to(String key, Question<A> question) {
    return (A) byKey.get(key);
  }
}
