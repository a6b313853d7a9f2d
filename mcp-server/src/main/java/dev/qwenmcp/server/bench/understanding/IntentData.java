package dev.qwenmcp.server.bench.understanding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A set of texts with their labels.
 *
 * @param name for people
 * @param train examples that may be learnt from
 * @param test texts to classify; those whose label has no example are out of scope
 */
public record IntentData(String name, List<Item> train, List<Item> test) {
  /** A text with its label. */
  public record Item(String text, String label) {}

  /**
   * With some of the examples only, drawn at random but always the same.
   *
   * @param shots most examples a label, 0 for all
   */
  public IntentData withShots(int shots) {
    if (shots == 0) {
      return this;
    }
    Map<String, List<Item>> byLabel = new TreeMap<>();
    train.forEach(item -> byLabel.computeIfAbsent(item.label(), _ -> new ArrayList<>()).add(item));
    Random random = new Random(1);
    List<Item> few = new ArrayList<>();
    byLabel
        .values()
        .forEach(items -> {
          Collections.shuffle(items, random);
          few.addAll(items.subList(0, Math.min(shots, items.size())));
        });
    return new IntentData(name + ", " + shots + " a label", few, test);
  }

  /** With every n-th test text only. */
  public IntentData everyNthTest(int n) {
    List<Item> some = new ArrayList<>();
    for (int i = 0; i < test.size(); i += n) {
      some.add(test.get(i));
    }
    return new IntentData(name, train, some);
  }
}
