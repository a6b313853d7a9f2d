package dev.qwenmcp.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Reads a grammar's texts byte by byte, in all ways at once, and remembers every configuration it
 * has met; not for several threads.
 */
final class Reader {
  /** Configurations kept before all are forgotten: a few hundred bytes to 1 KiB each. */
  private static final int MAX_CONFIGURATIONS = 20_000;

  /** Masks kept before all are forgotten: 19 KB each with a vocabulary of 151,936. */
  private static final int MAX_MASKS = 500;

  private static final Comparator<Stack.Entry> ORDER =
      Comparator.<Stack.Entry>comparingInt(e -> e.rule().id)
          .thenComparingInt(Stack.Entry::state)
          .thenComparingInt(Stack.Entry::count)
          .thenComparingInt(e -> e.below().id)
          .thenComparing(Stack.Entry::members);

  /** A terminal and its place among them. */
  private record Numbered(int number, Terminal terminal) {}

  /** Names without those that are taken. */
  private record NamesLeft(int terminal, List<String> taken) {}

  private final Grammar grammar;
  private final Map<NamesLeft, Numbered> namesLeft = new HashMap<>();
  private int numbers;
  private final Map<Stack.Key, Stack> stacks = new HashMap<>();
  private final Map<Configuration.Key, Configuration> configurations = new HashMap<>();
  private int stackIds;
  private int masks;

  Reader(Grammar grammar) {
    this.grammar = grammar;
    this.numbers = grammar.terminals();
  }

  /** Before the first byte. */
  Configuration start() {
    Stack bottom = stack(true, List.of());
    return continuation(stack(false, List.of(Stack.Entry.start(grammar.start(), bottom))));
  }

  /** After one more byte; {@link Configuration#NOWHERE} if it may not come. */
  Configuration step(Configuration from, int symbol) {
    Configuration to = from.next == null ? null : from.next[symbol];
    if (to == null) {
      to = compute(from, symbol);
      if (from.next == null) {
        from.next = new Configuration[256]; // for the first time, or forgotten meanwhile
      }
      from.next[symbol] = to;
    }
    return to;
  }

  private Configuration compute(Configuration from, int symbol) {
    if (from == Configuration.NOWHERE) {
      return from;
    }
    Threads threads = new Threads();
    Spelling name = null;
    boolean nameGoesOn = false;
    Stack ended = null;
    List<Stack> moreEnded = null;
    for (int i = 0; i < from.size(); i++) {
      Terminal terminal = from.terminals[i];
      long state = terminal.step(from.states[i], symbol);
      if (state == Terminal.DEAD) {
        continue;
      }
      boolean accepting = terminal.accepting(state);
      boolean named = isName(terminal);
      if (from.size() == 1 && state == from.states[0] && !accepting && !from.complete && !named) {
        return from; // a character inside a string, say
      }
      if (named && name == null) {
        name = Spelling.of(from.name, symbol);
      }
      if (terminal.open(state)) {
        nameGoesOn |= named;
        threads.add(from.numbers[i], terminal, state, from.stacks[i]);
      }
      if (accepting) {
        Stack then = named ? named(from.stacks[i], name.name()) : from.stacks[i];
        if (ended == null) {
          ended = then;
        } else {
          moreEnded = moreEnded == null ? new ArrayList<>(List.of(ended)) : moreEnded;
          moreEnded.add(then);
        }
      }
    }
    boolean complete = false;
    if (ended != null) {
      Configuration continuation = continuation(moreEnded == null ? ended : union(moreEnded));
      if (threads.isEmpty()) {
        return continuation;
      }
      threads.addAll(continuation);
      complete = continuation.complete;
    }
    return threads.isEmpty()
        ? Configuration.NOWHERE
        : configuration(threads, complete, nameGoesOn ? name : null);
  }

  private static boolean isName(Terminal terminal) {
    return terminal instanceof TextTerminal text && text.isName();
  }

  /** A stack that follows the name of an undeclared member, once the name is known. */
  Stack named(Stack stack, String name) {
    return stack(false, Arrays.stream(stack.entries).map(entry -> entry.named(name)).toList());
  }

  /** Where reading goes on from a stack. */
  Configuration continuation(Stack stack) {
    if (stack.continuation == null) {
      stack.continuation = new Expansion().expand(stack);
    }
    return stack.continuation;
  }

  /** A part of a configuration: the threads that a condition holds for. */
  Configuration part(Configuration of, IntPredicate condition) {
    Threads threads = new Threads();
    boolean named = false;
    for (int i = 0; i < of.size(); i++) {
      if (condition.test(i)) {
        threads.add(of.numbers[i], of.terminals[i], of.states[i], of.stacks[i]);
        named |= isName(of.terminals[i]);
      }
    }
    return threads.size() == of.size() ? of : configuration(threads, false, named ? of.name : null);
  }

  /** Keeps a configuration's mask. */
  void keep(Configuration configuration, long[] mask) {
    if (++masks > MAX_MASKS) {
      configurations.values().forEach(c -> c.mask = null);
      masks = 1;
    }
    configuration.mask = mask;
  }

  private Configuration configuration(Threads threads, boolean complete, Spelling name) {
    if (configurations.size() >= MAX_CONFIGURATIONS) {
      forget();
    }
    Configuration made = threads.configuration(complete, name);
    return configurations.computeIfAbsent(new Configuration.Key(made), key -> made);
  }

  /** Lets go of everything that no generation stands in. */
  private void forget() {
    for (Configuration configuration : configurations.values()) {
      configuration.next = null;
      configuration.mask = null;
    }
    masks = 0;
    configurations.clear();
    stacks.values().forEach(stack -> stack.continuation = null);
    stacks.clear();
    namesLeft.clear();
  }

  /** The terminal of an edge: of names, those that the object does not have yet. */
  private Numbered terminal(int number, Members members) {
    Terminal terminal = grammar.terminal(number);
    if (members.others().isEmpty() || !isName(terminal)) {
      return new Numbered(number, terminal);
    }
    return namesLeft.computeIfAbsent(
        new NamesLeft(number, members.others()),
        key -> {
          TextTerminal left = ((TextTerminal) terminal).without(key.taken());
          return new Numbered(left == terminal ? number : numbers++, left);
        });
  }

  private Stack stack(boolean bottom, List<Stack.Entry> entries) {
    Stack.Entry[] sorted = entries.toArray(Stack.Entry[]::new);
    if (sorted.length > 1) {
      Arrays.sort(sorted, ORDER);
    }
    return stacks.computeIfAbsent(
        new Stack.Key(bottom, sorted), key -> new Stack(stackIds++, key.bottom(), key.entries()));
  }

  private Stack union(List<Stack> all) {
    if (all.stream().allMatch(stack -> stack == all.getFirst())) {
      return all.getFirst();
    }
    Targets targets = new Targets();
    all.forEach(targets::addAll);
    return targets.stack();
  }

  /** A stack being put together. */
  private final class Targets {
    private final Set<Stack.Entry> entries = new HashSet<>();
    private boolean bottom;

    void addAll(Stack stack) {
      bottom |= stack.bottom;
      entries.addAll(List.of(stack.entries));
    }

    /** Adds a place to go on; one that can only end is what is below it (a tail call). */
    void add(Stack.Entry entry) {
      if (entry.rule().onlyEnds(entry.state())) {
        addAll(entry.below());
      } else {
        entries.add(entry);
      }
    }

    Stack stack() {
      return Reader.this.stack(bottom, List.copyOf(entries));
    }
  }

  /** Finds the terminals that may come next from a stack, entering and leaving rules. */
  private final class Expansion {
    private final ArrayDeque<Stack.Entry> work = new ArrayDeque<>();
    private final Set<Stack.Entry> seen = new HashSet<>();
    private final Map<Numbered, Targets> reads = new HashMap<>();
    private final Map<Rule, Targets> calls = new HashMap<>();
    private final PriorityQueue<Rule> called =
        new PriorityQueue<>(Comparator.comparingInt(rule -> rule.rank));
    private boolean complete;

    Configuration expand(Stack stack) {
      complete = stack.bottom;
      for (Stack.Entry entry : stack.entries) {
        visit(entry);
      }
      // Rules may end here: something has been read since they were called.
      while (!work.isEmpty()) {
        Stack.Entry entry = work.remove();
        if (entry.rule().ends[entry.state()]) {
          complete |= entry.below().bottom;
          for (Stack.Entry below : entry.below().entries) {
            visit(below);
          }
        }
        follow(entry);
      }
      // A rule is entered once, after all of its callers, and cannot end before it has read.
      while (!called.isEmpty()) {
        Rule rule = called.remove();
        visit(Stack.Entry.start(rule, calls.get(rule).stack()));
        while (!work.isEmpty()) {
          follow(work.remove());
        }
      }
      Threads threads = new Threads();
      reads.forEach((terminal, targets) ->
          threads.add(
              terminal.number(),
              terminal.terminal(),
              terminal.terminal().start(),
              targets.stack()));
      return configuration(threads, complete, null);
    }

    private void visit(Stack.Entry entry) {
      if (seen.add(entry)) {
        work.add(entry);
      }
    }

    private void follow(Stack.Entry entry) {
      Rule rule = entry.rule();
      for (Rule.Edge edge : rule.edges[entry.state()]) {
        if (!rule.open(edge, entry)) {
          continue;
        }
        Stack.Entry target = rule.after(edge, entry);
        if (edge.terminal() >= 0) {
          Numbered terminal = terminal(edge.terminal(), entry.members());
          if (!terminal.terminal().isEmpty()) {
            reads.computeIfAbsent(terminal, t -> new Targets()).add(target);
          }
        } else if (edge.rule() == null) {
          visit(target);
        } else {
          if (!calls.containsKey(edge.rule())) {
            calls.put(edge.rule(), new Targets());
            called.add(edge.rule());
          }
          calls.get(edge.rule()).add(target);
        }
      }
    }
  }

  /** A configuration being put together. */
  private final class Threads {
    private record Place(int number, long state) {}

    private record Thread(Terminal terminal, Stack stack) {}

    private final Map<Place, Thread> threads = new HashMap<>();

    void add(int number, Terminal terminal, long state, Stack stack) {
      threads.merge(
          new Place(number, state),
          new Thread(terminal, stack),
          (a, b) ->
              a.stack == b.stack ? a : new Thread(terminal, union(List.of(a.stack, b.stack))));
    }

    void addAll(Configuration configuration) {
      for (int i = 0; i < configuration.size(); i++) {
        add(
            configuration.numbers[i],
            configuration.terminals[i],
            configuration.states[i],
            configuration.stacks[i]);
      }
    }

    boolean isEmpty() {
      return threads.isEmpty();
    }

    int size() {
      return threads.size();
    }

    Configuration configuration(boolean complete, Spelling name) {
      List<Map.Entry<Place, Thread>> sorted = new ArrayList<>(threads.entrySet());
      sorted.sort(
          Comparator.<Map.Entry<Place, Thread>>comparingInt(e -> e.getKey().number())
              .thenComparingLong(e -> e.getKey().state()));
      int n = sorted.size();
      int[] numbers = new int[n];
      Terminal[] terminals = new Terminal[n];
      long[] states = new long[n];
      Stack[] stacks = new Stack[n];
      for (int i = 0; i < n; i++) {
        numbers[i] = sorted.get(i).getKey().number();
        states[i] = sorted.get(i).getKey().state();
        terminals[i] = sorted.get(i).getValue().terminal();
        stacks[i] = sorted.get(i).getValue().stack();
      }
      return new Configuration(numbers, terminals, states, stacks, complete, name);
    }
  }
}
