package dev.qwenmcp.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ListPagesTest {
  private static ObjectNode list(int size) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    ArrayNode items = whole.putArray("tools");
    for (int i = 0; i < size; i++) {
      items.addObject().put("name", "tool" + i);
    }
    return whole;
  }

  private static List<String> names(JsonNode part) {
    List<String> names = new ArrayList<>();
    part.get("tools").forEach(item -> names.add(item.get("name").stringValue()));
    return names;
  }

  @Test
  void aShortListComesWhole() throws ToolException {
    ObjectNode part = ListPages.part(list(ListPages.SIZE), "tools", "name", null);

    assertThat(names(part)).hasSize(ListPages.SIZE);
    assertThat(part.has("nextCursor")).isFalse();
  }

  @Test
  void partsFollowEachOtherToTheEnd() throws ToolException {
    ObjectNode whole = list(2 * ListPages.SIZE + 1);
    List<String> all = new ArrayList<>();
    JsonNode cursor = null;
    int parts = 0;
    do {
      ObjectNode part = ListPages.part(whole, "tools", "name", cursor);
      all.addAll(names(part));
      cursor = part.get("nextCursor");
      parts++;
    } while (cursor != null);

    assertThat(parts).isEqualTo(3);
    assertThat(all).isEqualTo(names(whole));
  }

  @Test
  void goesOnBehindItsItemWhereOthersHaveCome() throws ToolException {
    JsonNode cursor =
        ListPages.part(list(ListPages.SIZE + 1), "tools", "name", null).get("nextCursor");
    ObjectNode changed = JsonNodeFactory.instance.objectNode();
    changed.putArray("tools").addObject().put("name", "new");
    ((ArrayNode) changed.get("tools")).addAll((ArrayNode) list(ListPages.SIZE + 1).get("tools"));

    assertThat(names(ListPages.part(changed, "tools", "name", cursor)))
        .containsExactly("tool" + ListPages.SIZE);
  }

  @Test
  void refusesCursorsThatItNeverGave() {
    assertThatThrownBy(() ->
            ListPages.part(
                list(3), "tools", "name", JsonNodeFactory.instance.stringNode("made up")))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("begin anew");
  }
}
