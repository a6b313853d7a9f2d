package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.Guard;
import dev.qwenmcp.engine.grammar.MemberLimits;
import dev.qwenmcp.engine.grammar.RuleDraft;
import dev.qwenmcp.engine.grammar.TextTerminal;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.BitSet;
import java.util.List;

/** Writes the rules of arrays. */
final class ItemRules {
  private final RuleWriter writer;
  private final Satisfiability satisfiability;

  ItemRules(RuleWriter writer, Satisfiability satisfiability) {
    this.writer = writer;
    this.satisfiability = satisfiability;
  }

  void write(RuleDraft rule, Branch.Items items) {
    if (satisfiability.distinct(items) != null) {
      distinct(rule, items, satisfiability.distinct(items));
    } else if (satisfiability.course(items) != null) {
      counted(rule, satisfiability.course(items));
    } else {
      plain(rule, items);
    }
  }

  /** A state of the rule for each of the course, before and after the comma. */
  private void counted(RuleDraft rule, ItemCourse course) {
    int begun = rule.state();
    int end = rule.state();
    rule.end(end);
    int[] expected = new int[course.states()]; // by state of the course: an item comes next
    int[] written = new int[course.states()]; // an item has come
    for (int state = 0; state < course.states(); state++) {
      expected[state] = rule.state();
      written[state] = rule.state();
      rule.read(written[state], writer.marks().comma(), expected[state]);
      if (course.complete(state)) {
        rule.read(written[state], writer.marks().closeArray(), end);
      }
    }
    rule.read(rule.start(), writer.marks().openArray(), begun);
    rule.skip(begun, expected[0]);
    if (course.complete(0)) {
      rule.read(begun, writer.marks().closeArray(), end);
    }
    for (int state = 0; state < course.states(); state++) {
      for (ItemCourse.Way way : course.ways(state)) {
        if (satisfiability.satisfiable(way.item())) {
          rule.call(expected[state], writer.rule(way.item()), written[way.to()]);
        }
      }
    }
  }

  /** The rule remembers the items as an object's rule does its members. */
  private void distinct(RuleDraft rule, Branch.Items items, DistinctItems values) {
    int begun = rule.state();
    int expected = rule.state();
    int written = rule.state();
    int end = rule.state();
    rule.end(end);
    List<String> words = values.words();
    List<JsonValue> given = values.values();
    int declared = words.size() + given.size();
    long others =
        values.count() == MemberLimits.ENDLESS ? MemberLimits.ENDLESS : values.count() - declared;
    rule.members(new MemberLimits(declared, new BitSet(), items.min(), items.max(), others));
    rule.read(rule.start(), writer.marks().openArray(), begun);
    rule.read(begun, writer.marks().closeArray(), end, new Guard.Complete());
    rule.skip(begun, expected);
    rule.read(written, writer.marks().comma(), expected, new Guard.More());
    rule.read(written, writer.marks().closeArray(), end, new Guard.Complete());
    List<int[]> spelled =
        words.stream()
            .map(word -> new JsonValue.Text(word).toString().codePoints().toArray())
            .toList();
    new PrefixTree(writer).write(rule, expected, spelled, word -> written);
    for (int i = 0; i < given.size(); i++) {
      Guard once = new Guard.Member(words.size() + i);
      writer.given(rule, expected, given.get(i), written, once);
    }
    for (TextTerminal other : values.others()) {
      rule.read(expected, other, written, new Guard.Other());
    }
  }

  /** The counter counts the items after the prefix. */
  private void plain(RuleDraft rule, Branch.Items items) {
    // An item that has no values ends the array before it.
    int most = items.max();
    int prefix = Math.min(items.prefix().size(), most);
    for (int i = prefix - 1; i >= 0; i--) {
      if (!satisfiability.satisfiable(items.item(i))) {
        most = i;
        prefix = i;
      }
    }
    if (prefix == items.prefix().size() && !satisfiability.satisfiable(items.items())) {
      most = Math.min(most, prefix);
    }
    int begun = rule.state();
    int end = rule.state();
    rule.end(end);
    rule.read(rule.start(), writer.marks().openArray(), begun);
    if (items.min() == 0) {
      rule.read(begun, writer.marks().closeArray(), end);
    }
    int at = begun; // where an item may come
    int written = -1; // after an item
    for (int i = 0; i < prefix; i++) {
      written = rule.state();
      rule.call(at, writer.rule(items.item(i)), written);
      if (i + 1 >= items.min() && i + 1 < prefix) {
        rule.read(written, writer.marks().closeArray(), end);
      }
      if (i + 1 < prefix) {
        at = rule.state();
        rule.read(written, writer.marks().comma(), at);
      }
    }
    int least = Math.max(0, items.min() - prefix);
    int more = most == Branch.NO_MAX ? Branch.NO_MAX : most - prefix;
    rule.countUpTo(more == Branch.NO_MAX ? least : more);
    int item = rule.state();
    if (written < 0) {
      written = rule.state();
      rule.skip(begun, item);
    }
    rule.read(
        written, writer.marks().closeArray(), end, new Guard.Count(least, Branch.NO_MAX, false));
    if (more > 0) {
      rule.call(item, writer.rule(items.items()), written, new Guard.Count(0, Branch.NO_MAX, true));
      rule.read(
          written,
          writer.marks().comma(),
          item,
          new Guard.Count(0, more == Branch.NO_MAX ? Branch.NO_MAX : more - 1, false));
    }
  }
}
