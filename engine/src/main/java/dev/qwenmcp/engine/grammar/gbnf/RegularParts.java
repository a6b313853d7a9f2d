package dev.qwenmcp.engine.grammar.gbnf;

import dev.qwenmcp.engine.grammar.Terminal;
import dev.qwenmcp.engine.grammar.TextTerminal;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import dev.qwenmcp.engine.grammar.regular.RegularLanguageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the parts of rules that are regular, and makes one terminal of each: an automaton reads
 * much faster than rules do. Rules that refer to themselves are not looked into.
 */
final class RegularParts {
  /** Characters of an expression that becomes one automaton, repetitions written out. */
  private static final int MAX_SIZE = 2_000;

  /** The same of a rule that is copied to where it is referred to. */
  private static final int MAX_COPIED = 300;

  /** For one automaton, some 40 ms: where that does not do, its parts become terminals instead. */
  private static final long EFFORT = 4_000_000;

  private static final long WHOLE_EFFORT = 100_000_000;

  /**
   * A regular part.
   *
   * @param size characters, repetitions written out
   */
  private record Part(Regex regex, int size) {}

  private final Map<String, Part> rules = new HashMap<>();
  private final Map<Regex, Optional<Terminal>> terminals = new HashMap<>();
  private final Effort effort = new Effort(WHOLE_EFFORT);

  RegularParts(Map<String, Expression> rules) {
    Map<String, List<String>> referrers = new HashMap<>();
    Map<String, Integer> open =
        new HashMap<>(); // by rule: those it refers to and that are not done
    ArrayDeque<String> ready = new ArrayDeque<>();
    rules.forEach((name, expression) -> {
      Set<String> references = new HashSet<>();
      collect(expression, references);
      references.forEach(to -> referrers.computeIfAbsent(to, _ -> new ArrayList<>()).add(name));
      open.put(name, references.size());
      if (references.isEmpty()) {
        ready.add(name);
      }
    });
    while (!ready.isEmpty()) {
      String name = ready.remove();
      part(rules.get(name))
          .filter(part -> part.size <= MAX_COPIED)
          .ifPresent(part -> this.rules.put(name, part));
      for (String referrer : referrers.getOrDefault(name, List.of())) {
        if (open.merge(referrer, -1, Integer::sum) == 0) {
          ready.add(referrer);
        }
      }
    }
  }

  private static void collect(Expression expression, Set<String> references) {
    switch (expression) {
      case Expression.Chars _ -> {}
      case Expression.Reference(var rule) -> references.add(rule);
      case Expression.Sequence(var parts) -> parts.forEach(part -> collect(part, references));
      case Expression.Choice(var options) -> options.forEach(part -> collect(part, references));
      case Expression.Repeat(var part, _, _) -> collect(part, references);
    }
  }

  /** Whether a part is regular and small enough to be one terminal. */
  boolean regular(Expression expression) {
    return part(expression).isPresent();
  }

  /** Characters of a regular part. */
  int size(Expression expression) {
    return part(expression).orElseThrow().size;
  }

  /** Whether parts of these characters together may be one terminal. */
  static boolean fits(int size) {
    return size <= MAX_SIZE;
  }

  /**
   * One terminal of a regular part, if its automaton is not too large.
   *
   * @throws RegularLanguageException if the whole grammar takes too much work
   */
  Optional<Terminal> terminal(Expression expression) {
    Regex regex = part(expression).orElseThrow().regex;
    Optional<Terminal> known = terminals.get(regex);
    if (known == null) {
      known = make(regex);
      terminals.put(regex, known);
    }
    return known;
  }

  private Optional<Terminal> make(Regex regex) {
    effort.spend(EFFORT / 100);
    try {
      Effort limited = new Effort(EFFORT);
      return Optional.of(
          new TextTerminal(
              regex.matching(limited), 0, Integer.MAX_VALUE, TextTerminal.Encoding.RAW, limited));
    } catch (RegularLanguageException e) {
      effort.spend(EFFORT);
      return Optional.empty();
    }
  }

  private Optional<Part> part(Expression expression) {
    return switch (expression) {
      case Expression.Chars(var set) -> Optional.of(new Part(new Regex.Chars(set), 1));
      case Expression.Reference(var rule) -> Optional.ofNullable(rules.get(rule));
      case Expression.Sequence(var parts) ->
          all(parts).map(all -> new Part(new Regex.Sequence(regexes(all)), 1 + sum(all)));
      case Expression.Choice(var options) ->
          all(options).map(all -> new Part(new Regex.Choice(regexes(all)), 1 + sum(all)));
      case Expression.Repeat(var part, var min, var max) ->
          part(part)
              .map(p -> new Part(new Regex.Repeat(p.regex, min, max), times(p.size, min, max)))
              .filter(p -> fits(p.size));
    };
  }

  private static int times(int size, int min, int max) {
    return 1 + size * Math.max(1, Math.max(min, max)); // at most 2,000 times 2,000
  }

  private Optional<List<Part>> all(List<Expression> expressions) {
    List<Part> parts = new ArrayList<>();
    for (Expression expression : expressions) {
      Optional<Part> part = part(expression);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return fits(1 + sum(parts)) ? Optional.of(parts) : Optional.empty();
  }

  private static List<Regex> regexes(List<Part> parts) {
    return parts.stream().map(Part::regex).toList();
  }

  private static int sum(List<Part> parts) {
    return parts.stream().mapToInt(Part::size).sum(); // at most 100,000 of 2,000
  }
}
