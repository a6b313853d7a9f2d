package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.text.LanguageDetector;

/** What the program says itself in place of a model, in Chinese to Chinese questions. */
public final class Phrases {
  private final boolean chinese;

  private Phrases(boolean chinese) {
    this.chinese = chinese;
  }

  /** In the language of a question, as far as there is a choice. */
  public static Phrases of(String question) {
    return new Phrases(
        LanguageDetector.byScript(question).filter(l -> l.code().equals("zh")).isPresent());
  }

  /** That nothing was found. */
  public String notInKnowledgeBase() {
    return chinese ? "知识库中没有这个问题的答案。" : "The knowledge base has no answer to this question.";
  }

  /**
   * A passage in its own words, marked as such.
   *
   * @param title of its document, possibly empty
   */
  public String quoted(String title, String text) {
    String head;
    if (chinese) {
      head = title.isEmpty() ? "摘自知识库 [1]：" : "摘自知识库“%s”[1]：".formatted(title);
    } else {
      head =
          title.isEmpty()
              ? "Quoted from the knowledge base [1]:"
              : "Quoted from the knowledge base, “%s” [1]:".formatted(title);
    }
    return head + "\n" + text;
  }
}
