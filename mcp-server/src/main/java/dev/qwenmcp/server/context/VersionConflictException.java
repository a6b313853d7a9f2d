package dev.qwenmcp.server.context;

/** A context that has another version than the caller expected: somebody else appended to it. */
public final class VersionConflictException extends ContextException {
  private static final long serialVersionUID = 1L;

  private final int expected;
  private final int current;

  /**
   * @param expected the version that the caller gave
   * @param current the version that the context has
   */
  public VersionConflictException(ContextId id, int expected, int current) {
    super(
        Kind.CONFLICT,
        ("context %s has version %d, not the expected %d: read the entries from %d on, then append"
                + " again with expected_version %d")
            .formatted(id, current, expected, Math.min(expected, current), current));
    this.expected = expected;
    this.current = current;
  }

  public int expected() {
    return expected;
  }

  public int current() {
    return current;
  }
}
