package dev.qwenmcp.engine.chat;

/** Collects a prompt as the text that a Jinja engine would render. */
final class TextPrompt implements PromptSink {
  private final StringBuilder text = new StringBuilder();

  @Override
  public void template(String piece) {
    text.append(piece);
  }

  @Override
  public void plain(String piece) {
    text.append(piece);
  }

  String text() {
    return text.toString();
  }
}
