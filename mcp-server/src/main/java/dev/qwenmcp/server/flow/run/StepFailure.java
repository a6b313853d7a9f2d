package dev.qwenmcp.server.flow.run;

/** A step failed, and with it the run. */
final class StepFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String address;

  /**
   * @param address of the step
   * @param code stable, machine-readable
   * @param message what was wrong
   */
  StepFailure(String address, String code, String message) {
    super(message);
    this.address = address;
    this.code = code;
  }

  String code() {
    return code;
  }

  String address() {
    return address;
  }
}
