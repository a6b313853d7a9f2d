package dev.qwenmcp.server.flow.declaration;

/**
 * Something wrong in a declaration.
 *
 * @param line from 1, 0 where the declaration came without lines
 * @param path of the field: {@code steps[2].retry.attempts}, empty for the whole
 * @param message what was wrong, what was expected
 */
public record FlowProblem(int line, String path, String message) {

  /** In one line, as people read it. */
  public String inWords() {
    String where = path.isEmpty() ? "" : path;
    if (line > 0) {
      where = where.isEmpty() ? "line " + line : "line " + line + ", " + where;
    }
    return where.isEmpty() ? message : where + ": " + message;
  }
}
