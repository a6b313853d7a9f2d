package dev.qwenmcp.server.protocol.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.endpoint.ToyTools;
import dev.qwenmcp.server.protocol.ToolException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class LongResultsTest {
  private static final int LIMIT = 1000;
  private static final Pattern ADDRESS = Pattern.compile("result://[A-Za-z0-9_-]+/");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-07-28T12:00:00Z"));
  private final LongResults results = new LongResults(LIMIT, now::get, new SecureRandom());
  private final RegisteredTool<?, ?> echo =
      new ToolRegistry(List.of(new ToyTools.Echo())).find("echo").orElseThrow();

  private ToolOutcome.Success fitting(String text) {
    ToolOutcome outcome =
        new ToolOutcome.Success(
            JsonNodeFactory.instance.objectNode().put("echo", text).put("times", 1),
            text,
            List.of(),
            List.of(),
            List.of());
    return (ToolOutcome.Success) results.fitting("ann", echo, outcome);
  }

  private static String address(ToolOutcome.Success success) {
    Matcher matcher = ADDRESS.matcher(success.remarks().getLast());
    assertThat(matcher.find()).isTrue();
    return matcher.group();
  }

  @Test
  void whatFitsIsLeftAlone() {
    ToolOutcome.Success success = fitting("x".repeat(900));

    assertThat(success.text()).hasSize(900);
    assertThat(success.remarks()).isEmpty();
    assertThat(success.links()).isEmpty();
  }

  @Test
  void theBeginningIsGivenAndThePartsMakeTheWhole() throws Exception {
    String text = "ab😀".repeat(900); // 3,600 UTF-16 units, whose pairs lie on borders of parts
    ToolOutcome.Success success = fitting(text);

    assertThat(success.text()).hasSizeLessThanOrEqualTo(LIMIT);
    assertThat(success.structured().toString()).hasSizeLessThanOrEqualTo(LIMIT);
    assertThat(success.structured().get("times").asInt()).isEqualTo(1);
    assertThat(success.links().getFirst().uri()).isEqualTo(address(success) + "2");
    StringBuilder whole = new StringBuilder();
    for (int part = 1; part <= 4; part++) {
      String read = results.read("ann", address(success) + part).getFirst().text();
      assertThat(read).hasSizeLessThanOrEqualTo(LIMIT);
      assertThat(Character.isLowSurrogate(read.charAt(0))).isFalse();
      whole.append(read);
    }
    assertThat(whole).hasToString(text);
    assertThat(success.text()).isEqualTo(whole.substring(0, success.text().length()));
  }

  @Test
  void othersCannotReadIt() {
    String address = address(fitting("x".repeat(3000)));

    assertThatThrownBy(() -> results.read("bob", address + 1))
        .isInstanceOf(ToolException.class)
        .hasMessage("no resource %s1; resources/list names them".formatted(address));
    assertThatThrownBy(() -> results.read("ann", address + 4)).isInstanceOf(ToolException.class);
    assertThatThrownBy(() -> results.read("ann", address + 0)).isInstanceOf(ToolException.class);
  }

  @Test
  void itGoesAfterAnHourAndTheOldestGoFirst() throws Exception {
    String first = address(fitting("x".repeat(3000)));
    now.set(now.get().plus(Duration.ofMinutes(59)));
    assertThat(results.read("ann", first + 1)).hasSize(1);
    String second = address(fitting("y".repeat(3000)));
    now.set(now.get().plus(Duration.ofMinutes(2)));

    assertThatThrownBy(() -> results.read("ann", first + 1)).isInstanceOf(ToolException.class);
    assertThat(results.read("ann", second + 1)).hasSize(1);
    String large = address(fitting("z".repeat(33 << 20)));
    assertThatThrownBy(() -> results.read("ann", second + 1)).isInstanceOf(ToolException.class);
    assertThat(results.read("ann", large + 1)).hasSize(1);
  }

  @Test
  void listsAreShortenedWhereTextsAreNotEnough() {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("list");
    for (int i = 0; i < 10_000; i++) {
      list.add(i);
    }

    assertThat(JsonShortening.of(json, LIMIT).orElseThrow().get("list").size()).isBetween(10, 400);
    var many = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < 10_000; i++) {
      many.put("p" + i, i);
    }
    assertThat(JsonShortening.of(many, LIMIT)).isEmpty();
  }
}
