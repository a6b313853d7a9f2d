package dev.qwenmcp.server.tool;

/** How a summary is written. */
public enum SummaryStyle {
  PARAGRAPH(""),
  BULLETS(" as a list, each point on a line of its own that begins with \"- \""),
  HEADLINE(" in the style of a headline, without a full stop"),
  PLAIN_LANGUAGE(" in plain words that a twelve-year-old understands");

  private final String words;

  SummaryStyle(String words) {
    this.words = words;
  }

  /** The style in words of a prompt, to stand after the length. */
  String inWords() {
    return words;
  }
}
