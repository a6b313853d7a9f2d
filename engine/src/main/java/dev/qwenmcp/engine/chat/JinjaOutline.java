package dev.qwenmcp.engine.chat;

/**
 * Brings Jinja templates that differ in white space and comments alone to one form.
 *
 * <p>A template all of whose tags swallow what stands before them ({@code {%-}, {@code {{-}) writes
 * nothing but what its tags say, so its tags in order are the whole of it; a comment before the
 * first or after the last one changes nothing. Any other template is its own form.
 */
final class JinjaOutline {
  private final String template;
  private final StringBuilder outline = new StringBuilder();
  private int at;

  private JinjaOutline(String template) {
    this.template = template;
  }

  /** The tags, one a line, with one space for any white space inside them. */
  static String of(String template) {
    JinjaOutline reader = new JinjaOutline(template.replace("\r\n", "\n"));
    return reader.read() ? reader.outline.toString() : template;
  }

  private boolean read() {
    if (template.startsWith("{#")) {
      at = Math.max(0, template.indexOf("#}", 2) + 2);
    }
    int tagsEnd = at;
    while (at < template.length() && !template.startsWith("{#", at)) {
      if (template.startsWith("{%-", at) || template.startsWith("{{-", at)) {
        if (!tag(template.charAt(at + 1) == '%' ? "%}" : "}}")) {
          return false;
        }
        tagsEnd = at;
      } else if (Character.isWhitespace(template.charAt(at))) {
        at++;
      } else {
        return false;
      }
    }
    // One line end after a statement, after a comment or at the very end is dropped by the engines.
    String rest = template.substring(tagsEnd);
    if (rest.isEmpty() || rest.equals("\n")) {
      return true;
    }
    String comment = rest.strip();
    return template.startsWith("%}", tagsEnd - 2)
        && (rest.startsWith("{#") || rest.startsWith("\n{#"))
        && comment.indexOf("#}", 2) == comment.length() - 2
        && (rest.endsWith("#}") || rest.endsWith("#}\n"));
  }

  /** Copies a tag; quoted strings stay as they are. */
  private boolean tag(String end) {
    outline.append(template, at, at + 3);
    at += 3;
    boolean space = false;
    char quote = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (quote == 0 && template.startsWith(end, at)) {
        outline.append(' ').append(end).append('\n');
        at += 2;
        return true;
      }
      if (quote == 0 && Character.isWhitespace(c)) {
        space = true;
        at++;
        continue;
      }
      outline.append(space ? " " : "").append(c);
      space = false;
      at++;
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote != 0 && c == '\\' && at < template.length()) {
        outline.append(template.charAt(at++));
      }
    }
    return false;
  }
}
