package dev.qwenmcp.server.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives long lists in parts, the same in every era: a cursor names the item that a part ends with,
 * so that nothing is told twice where others come and go meanwhile.
 */
public final class ListPages {
  /** So many that clients which read the first part only miss nothing in practice. */
  public static final int SIZE = 100;

  /** Code of failures because a cursor is none that was given. */
  public static final String INVALID_CURSOR = "invalid_cursor";

  private ListPages() {}

  /**
   * A part of a list.
   *
   * @param whole the result with all items
   * @param list name of the list in it
   * @param key name of what tells items apart
   * @param cursor of the request, null for the first part
   * @return the result with the part, and {@code nextCursor} where more follow
   * @throws ToolException with the code {@link #INVALID_CURSOR}
   */
  public static ObjectNode part(ObjectNode whole, String list, String key, JsonNode cursor)
      throws ToolException {
    ArrayNode all = (ArrayNode) whole.get(list);
    int from = cursor == null || cursor.isNull() ? 0 : after(all, key, cursor);
    if (from == 0 && all.size() <= SIZE) {
      return whole;
    }
    ArrayNode part = JsonNodeFactory.instance.arrayNode();
    int to = Math.min(all.size(), from + SIZE);
    for (int i = from; i < to; i++) {
      part.add(all.get(i));
    }
    ObjectNode result = whole.deepCopy();
    result.set(list, part);
    if (to < all.size()) {
      result.put("nextCursor", written(all.get(to - 1).path(key).asString("")));
    }
    return result;
  }

  private static String written(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static int after(ArrayNode all, String key, JsonNode cursor) throws ToolException {
    for (int i = 0; cursor.isString() && i < all.size(); i++) {
      if (written(all.get(i).path(key).asString("")).equals(cursor.stringValue())) {
        return i + 1;
      }
    }
    throw new ToolException(
        INVALID_CURSOR, "the cursor is none that this list gave, or its item is gone; begin anew");
  }
}
