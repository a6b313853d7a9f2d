package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSetTest {
  private static final String[][] EXAMPLES = {
    {"card", "my card has not arrived", "where is my new card", "the card is still on its way"},
    {"pin", "I forgot my PIN", "my pin is blocked", "how do I change the pin"},
    {"rate", "what is the exchange rate", "how many dollars for a euro", "currency rates today"},
    {"退货", "我想退货", "这件商品怎么退", "退货要多久"},
    {"发票", "请给我开发票", "发票抬头怎么改", "电子发票在哪里下载"}
  };

  private final Workbench bench = new Workbench();

  private LabelSetTool.Result call(LabelSetTool.Arguments arguments) throws Exception {
    return bench.labelSet.call(arguments, bench.call);
  }

  private static LabelSetTool.Arguments act(LabelSetTool.Action action, String name) {
    return new LabelSetTool.Arguments(
        action, name, null, null, null, null, null, null, null, null, null);
  }

  private static LabelSetTool.Arguments define(String name, boolean replace, String... labels) {
    return new LabelSetTool.Arguments(
        LabelSetTool.Action.DEFINE,
        name,
        List.of(labels),
        null,
        replace,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static LabelSetTool.Arguments lines(String name, String lines) {
    return new LabelSetTool.Arguments(
        LabelSetTool.Action.ADD, name, null, null, null, null, lines, null, null, null, null);
  }

  private static LabelSetTool.Arguments add(String name, String[][] rows) {
    List<LabelSetTool.Example> examples = new ArrayList<>();
    for (String[] row : rows) {
      for (int i = 1; i < row.length; i++) {
        examples.add(new LabelSetTool.Example(row[i], row[0]));
      }
    }
    return new LabelSetTool.Arguments(
        LabelSetTool.Action.ADD, name, null, null, null, examples, null, null, null, null, null);
  }

  private Understand.Result classify(String text) throws Exception {
    return bench.understand.call(Task.bySet(text, "shop").arguments(), bench.call);
  }

  @Test
  void classifiesInBothLanguagesAndSaysWhatDecided() throws Exception {
    assertThat(call(add("shop", EXAMPLES)).added()).isEqualTo(15);
    Understand.Result english = classify("has my card been sent yet");
    assertThat(english.label()).isEqualTo("card");
    assertThat(english.noneFits()).isFalse();
    assertThat(english.model()).isNull();
    assertThat(english.confidenceKind()).isEqualTo(Finding.ConfidenceKind.TRAINED_CLASSIFIER);
    assertThat(english.evidence().decidedBy()).isEqualTo(LabelEvidence.DecidedBy.EXAMPLES);
    assertThat(english.evidence().modelConsulted()).isFalse();
    assertThat(english.evidence().embedder()).isEqualTo("all-MiniLM-L6-v2");
    assertThat(english.evidence().nearest().getFirst().label()).isEqualTo("card");
    assertThat(english.evidence().votes().getFirst().label()).isEqualTo("card");
    Understand.Result chinese = classify("能帮我开一张发票吗");
    assertThat(chinese.label()).isEqualTo("发票");
    assertThat(chinese.evidence().embedder()).isEqualTo("bge-small-zh-v1.5");
    assertThat(bench.call.progressed()).anyMatch(p -> p.message().startsWith("embedding"));
    Understand.Result outside = classify("The mitochondrion makes energy from sugar in cells.");
    assertThat(outside.noneFits()).isTrue();
    assertThat(outside.label()).isNull();
    assertThat(outside.notes()).anyMatch(note -> note.contains("out of the scope"));
    assertThat(outside.evidence().sureness()).isLessThan(outside.evidence().threshold());
  }

  @Test
  void newExamplesCountAtOnce() throws Exception {
    call(add("shop", EXAMPLES));
    classify("where can I park");
    call(
        add(
            "shop",
            new String[][] {
              {"parking", "where can I park", "is there a car park", "parking fees for my car"}
            }));
    assertThat(classify("is there space to park a car").label()).isEqualTo("parking");
  }

  @Test
  void asksTheModelWhereALabelHasNoExamples() throws Exception {
    call(define("shop", false, "card_arrival", "pin_blocked"));
    Understand.Result result = classify("I still have not received my new card.");
    assertThat(result.label()).isEqualTo("card_arrival");
    assertThat(result.evidence().decidedBy()).isEqualTo(LabelEvidence.DecidedBy.MODEL);
    assertThat(result.evidence().modelConsulted()).isTrue();
    assertThat(result.notes()).anyMatch(note -> note.contains("no examples"));
  }

  @Test
  void listsShowsAndDeletes() throws Exception {
    call(add("shop", EXAMPLES));
    assertThat(call(add("shop", EXAMPLES)).added()).isZero();
    assertThat(call(act(LabelSetTool.Action.LIST, null)).sets())
        .extracting(LabelSetTool.SetView::name)
        .containsExactly("shop");
    LabelSetTool.Result page =
        call(
            new LabelSetTool.Arguments(
                LabelSetTool.Action.SHOW,
                "shop",
                null,
                null,
                null,
                null,
                null,
                "pin",
                null,
                2,
                null));
    assertThat(page.labels()).hasSize(5);
    assertThat(page.examples())
        .extracting(LabelSetTool.Example::text)
        .containsExactly("I forgot my PIN", "my pin is blocked");
    LabelSetTool.Result rest =
        call(
            new LabelSetTool.Arguments(
                LabelSetTool.Action.SHOW,
                "shop",
                null,
                null,
                null,
                null,
                null,
                "pin",
                page.nextAfter(),
                2,
                null));
    assertThat(rest.examples()).hasSize(1);
    assertThat(rest.nextAfter()).isNull();
    assertThatThrownBy(() ->
            bench.labelSet.call(
                act(LabelSetTool.Action.SHOW, "shop"), new RecordedCall("somebody else")))
        .hasMessageContaining("shop");
    assertThat(call(act(LabelSetTool.Action.DELETE, "shop")).deleted()).isTrue();
    assertThat(call(act(LabelSetTool.Action.DELETE, "shop")).deleted()).isFalse();
    assertFails("unknown_label_set", () -> classify("x"), "shop");
  }

  @Test
  void readsJsonLinesAndNamesTheLineThatIsWrong() throws Exception {
    String good = "{\"text\": \"a b\", \"label\": \"x\"}\n\n{\"text\": \"c\", \"label\": \"y\"}";
    assertThat(call(lines("shop", good)).added()).isEqualTo(2);
    for (String bad :
        List.of("{\"text\": \"a\"}", "{\"text\": 5, \"label\": \"x\"}", "[1]", "nonsense", "{")) {
      assertFails("invalid_examples", () -> call(lines("shop", good + "\n" + bad)), "line 4");
    }
    assertThat(call(act(LabelSetTool.Action.SHOW, "shop")).set().examples()).isEqualTo(2);
  }

  @Test
  void refusesWhatCannotBe() throws Exception {
    assertFails("invalid_label_set", () -> call(act(LabelSetTool.Action.SHOW, null)), "name");
    assertFails("invalid_label_set", () -> call(act(LabelSetTool.Action.SHOW, "../x")), "../x");
    assertFails("unknown_label_set", () -> call(act(LabelSetTool.Action.TRAIN, "shop")), "shop");
    assertFails("missing_examples", () -> call(act(LabelSetTool.Action.ADD, "shop")), "examples");
    assertFails("invalid_labels", () -> call(define("shop", false, " ")), "blank");
    assertFails("invalid_labels", () -> call(define("shop", false, "none_of_these")));
    String[][] blank = {{"a", " "}};
    assertFails("invalid_examples", () -> call(add("shop", blank)), "blank");
    call(add("shop", new String[][] {{"a", "one example"}}));
    assertFails("missing_examples", () -> classify("x"), "two labels");
    Task both = Task.bySet("x", "shop");
    both.labels = List.of("a", "b");
    both.labelDescriptions = Map.of();
    assertFails(
        "conflicting_arguments",
        () -> bench.understand.call(both.arguments(), bench.call),
        "label_set");
  }
}
