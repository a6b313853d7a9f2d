package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.Guard;
import dev.qwenmcp.engine.grammar.RuleDraft;

/** Writes the rules of arrays. */
final class ItemRules {
  private final RuleWriter writer;
  private final Satisfiability satisfiability;

  ItemRules(RuleWriter writer, Satisfiability satisfiability) {
    this.writer = writer;
    this.satisfiability = satisfiability;
  }

  /** The counter counts the items after the prefix. */
  void write(RuleDraft rule, Branch.Items items) {
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
