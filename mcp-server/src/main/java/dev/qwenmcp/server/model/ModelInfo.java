package dev.qwenmcp.server.model;

import java.util.List;
import java.util.Set;

/**
 * A model that can be chosen.
 *
 * @param name what calls give as {@code model}
 * @param kind where it comes from
 * @param description for people
 * @param facts what is known of it, before it is loaded as well
 * @param state whether it can answer at once
 * @param detail why it failed, else empty
 * @param contextTokens longest sequence as it is run, or as the file says until it is loaded; 0
 *     where nobody knows
 * @param memoryBytes what it takes of the budget at the moment
 * @param isDefault whether it answers calls that name no model
 * @param fingerprint tells its file from others of that name, empty until loaded
 */
public record ModelInfo(
    String name,
    ModelKind kind,
    String description,
    ModelFacts facts,
    State state,
    String detail,
    int contextTokens,
    long memoryBytes,
    boolean isDefault,
    String fingerprint) {

  /** Whether a model can answer at once. */
  public enum State {
    /** It is loaded when it is first asked for. */
    AVAILABLE,
    LOADING,
    READY,
    FAILED
  }

  /** ISO 639-1 codes it is fit for, empty where nobody said. */
  public List<String> languages() {
    return facts.languages();
  }

  public Set<Capability> capabilities() {
    return facts.capabilities();
  }

  public String architecture() {
    return facts.architecture();
  }

  public long parameters() {
    return facts.parameters();
  }

  public String quantisation() {
    return facts.quantisation();
  }

  public long fileBytes() {
    return facts.bytes();
  }

  public String licence() {
    return facts.licence();
  }

  public boolean has(Capability capability) {
    return facts.capabilities().contains(capability);
  }

  /**
   * Whether it was made for a language; one of which nobody said for which languages counts as made
   * for all.
   *
   * @param code ISO 639-1
   */
  public boolean speaks(String code) {
    return facts.languages().isEmpty() || facts.languages().contains(code);
  }
}
