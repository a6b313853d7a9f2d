package dev.qwenmcp.engine.grammar.regular;

import java.util.ArrayList;
import java.util.List;

/** Builds the automaton of an expression. */
final class RegexLanguage {
  private final Nfa nfa;

  private RegexLanguage(Nfa nfa) {
    this.nfa = nfa;
  }

  /**
   * @param whole whether the expression must match the whole text or may match within it
   */
  static Dfa of(Regex regex, boolean whole, Effort effort) {
    List<Regex> parts = parts(regex);
    boolean begins = !parts.isEmpty() && parts.getFirst() instanceof Regex.Begin;
    int first = begins ? 1 : 0;
    int next = first;
    while (next < parts.size() && parts.get(next) instanceof Regex.Lookahead && (begins || whole)) {
      next++;
    }
    List<Regex> rest = new ArrayList<>();
    rest.add(new Regex.Begin());
    rest.addAll(parts.subList(next, parts.size()));
    Dfa language =
        next == first
            ? automaton(regex, whole, effort)
            : automaton(new Regex.Sequence(rest), whole, effort);
    // ^(?=a)(?!b)c : what begins with c, and begins with a, and does not begin with b.
    for (Regex part : parts.subList(first, next)) {
      Regex.Lookahead look = (Regex.Lookahead) part;
      Dfa ahead =
          automaton(new Regex.Sequence(List.of(new Regex.Begin(), look.part())), false, effort);
      language =
          look.negative()
              ? DfaAlgebra.minus(language, ahead, effort)
              : DfaAlgebra.and(language, ahead, effort);
    }
    return language;
  }

  /** The parts in turn, those of groups that are not repeated among them. */
  private static List<Regex> parts(Regex regex) {
    if (regex instanceof Regex.Sequence(var parts)) {
      return parts.stream().flatMap(part -> parts(part).stream()).toList();
    }
    return List.of(regex);
  }

  private static Dfa automaton(Regex regex, boolean whole, Effort effort) {
    Nfa nfa = new Nfa(effort);
    int start = nfa.state();
    int end = nfa.state();
    if (!whole) {
      nfa.step(start, CodePoints.ALL, start);
      nfa.step(end, CodePoints.ALL, end);
    }
    new RegexLanguage(nfa).add(regex, start, end);
    return nfa.determinise(start, end, whole ? -1 : end);
  }

  /** Adds the ways from one state to another that an expression describes. */
  private void add(Regex regex, int from, int to) {
    switch (regex) {
      case Regex.Chars(var set) -> nfa.step(from, set, to);
      case Regex.Begin() -> nfa.empty(from, to, Nfa.When.AT_BEGIN);
      case Regex.End() -> nfa.empty(from, to, Nfa.When.AT_END);
      case Regex.Sequence(var parts) -> {
        int state = from;
        for (Regex part : parts) {
          int next = nfa.state();
          add(part, state, next);
          state = next;
        }
        nfa.empty(state, to, Nfa.When.ALWAYS);
      }
      case Regex.Choice(var options) -> {
        for (Regex option : options) {
          // States of its own, so that a loop within an option is not entered by another.
          int begin = nfa.state();
          nfa.empty(from, begin, Nfa.When.ALWAYS);
          int end = nfa.state();
          add(option, begin, end);
          nfa.empty(end, to, Nfa.When.ALWAYS);
        }
      }
      case Regex.Repeat repeat -> addRepeat(repeat, from, to);
      case Regex.Lookahead look ->
          throw new RegularLanguageException(
              "lookahead is supported only at the very beginning, after ^: (?"
                  + (look.negative() ? "!" : "=")
                  + "...)");
    }
  }

  private void addRepeat(Regex.Repeat repeat, int from, int to) {
    int state = nfa.state();
    nfa.empty(from, state, Nfa.When.ALWAYS);
    for (int i = 0; i < repeat.min(); i++) {
      int next = nfa.state();
      add(repeat.part(), state, next);
      state = next;
    }
    if (repeat.max() == Regex.Repeat.UNBOUNDED) {
      int loop = nfa.state();
      nfa.empty(state, loop, Nfa.When.ALWAYS);
      int end = nfa.state();
      add(repeat.part(), loop, end);
      nfa.empty(end, loop, Nfa.When.ALWAYS);
      nfa.empty(loop, to, Nfa.When.ALWAYS);
      return;
    }
    for (int i = repeat.min(); i < repeat.max(); i++) {
      nfa.empty(state, to, Nfa.When.ALWAYS);
      int next = nfa.state();
      add(repeat.part(), state, next);
      state = next;
    }
    nfa.empty(state, to, Nfa.When.ALWAYS);
  }
}
