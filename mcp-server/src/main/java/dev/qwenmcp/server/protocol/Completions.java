package dev.qwenmcp.server.protocol;

import java.util.List;
import java.util.Map;

/** Proposes what people may want to fill in; the same in every protocol era. */
public interface Completions {

  /** What something is filled in for. */
  sealed interface Target {}

  /** A prompt's arguments. */
  record OfPrompt(String prompt) implements Target {}

  /** The variables of a resource template. */
  record OfTemplate(String uriTemplate) implements Target {}

  /**
   * Something that someone is filling in.
   *
   * @param name of the argument or variable
   * @param begun what they have written so far
   * @param others what they have filled in already, by name
   */
  record Query(Target target, String name, String begun, Map<String, String> others) {
    public Query {
      others = Map.copyOf(others);
    }
  }

  /**
   * What fits, the likeliest first; nothing where nothing is known.
   *
   * @param principal who fills in, and sees no others' things
   * @throws ToolException if the target is unknown, or what is known cannot be read
   */
  List<String> complete(String principal, Query query) throws ToolException;

  /** A server that proposes nothing. */
  Completions NONE = (principal, query) -> List.of();
}
