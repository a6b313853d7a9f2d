package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.server.flow.declaration.Reference;
import java.util.stream.Collectors;

/** A reference has no value: its step was skipped, or its result lacks the member. */
final class MissingValueException extends Exception {
  private static final long serialVersionUID = 1L;

  MissingValueException(Reference reference) {
    super(
        "there is no value at %s: the step was skipped, or its result has no such member; give another after ??, such as ${%1$s ?? null}"
            .formatted(
                reference.alternatives().stream()
                    .map(MissingValueException::inWords)
                    .collect(Collectors.joining(" ?? "))));
  }

  private static String inWords(Reference.Alternative alternative) {
    return switch (alternative) {
      case Reference.Literal literal -> literal.value().toString();
      case Reference.Path path -> path.toString();
    };
  }
}
