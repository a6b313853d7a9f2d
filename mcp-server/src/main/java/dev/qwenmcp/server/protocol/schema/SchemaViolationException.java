package dev.qwenmcp.server.protocol.schema;

import java.util.List;
import java.util.stream.Collectors;

/** JSON that does not conform to its schema. */
public final class SchemaViolationException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 5;

  private final transient List<Violation> violations;

  public SchemaViolationException(List<Violation> violations) {
    super(describe(violations), null, false, false);
    this.violations = List.copyOf(violations);
  }

  public List<Violation> violations() {
    return violations;
  }

  private static String describe(List<Violation> violations) {
    String shown =
        violations.stream().limit(SHOWN).map(Violation::toString).collect(Collectors.joining("; "));
    int more = violations.size() - SHOWN;
    return more > 0 ? shown + "; and " + more + " more" : shown;
  }
}
