package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Several families of resources as one, told apart by the scheme of their addresses. */
public final class ResourcesByScheme implements Resources {
  private static final char END = ':';

  private final SortedMap<String, Resources> families;

  /**
   * @param families each by the scheme of its addresses
   */
  public ResourcesByScheme(Map<String, Resources> families) {
    this.families = new TreeMap<>(families);
  }

  private Resources of(String uri) throws ToolException {
    int end = uri.indexOf(END);
    Resources found = end < 0 ? null : families.get(uri.substring(0, end));
    if (found == null) {
      throw Resources.notFound(uri);
    }
    return found;
  }

  @Override
  public List<Template> templates() {
    return families.values().stream().flatMap(family -> family.templates().stream()).toList();
  }

  /** One family after the other; a cursor is the scheme, a colon, and the family's own cursor. */
  @Override
  public Page list(String principal, String cursor) throws ToolException {
    int end = cursor.indexOf(END);
    String scheme = cursor.isEmpty() ? families.firstKey() : cursor.substring(0, Math.max(0, end));
    Resources family = families.get(scheme);
    if (family == null) {
      throw new ToolException(
          "invalid_cursor", "the cursor is none that resources/list gave; begin without one");
    }
    List<Listed> listed = new ArrayList<>();
    Page page = family.list(principal, cursor.substring(end + 1));
    listed.addAll(page.resources());
    if (!page.next().isEmpty()) {
      return new Page(listed, scheme + END + page.next());
    }
    SortedMap<String, Resources> rest = families.tailMap(scheme + '\0');
    return new Page(listed, rest.isEmpty() ? "" : rest.firstKey() + END);
  }

  @Override
  public List<Content> read(String principal, String uri) throws ToolException {
    return of(uri).read(principal, uri);
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    of(uri).requireWatchable(principal, uri);
  }

  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    List<Watch> watches =
        families.values().stream().map(f -> f.watch(principal, changed, anything)).toList();
    return () -> watches.forEach(Watch::close);
  }

  @Override
  public Watch watchList(String principal, Runnable changed) {
    List<Watch> watches =
        families.values().stream().map(family -> family.watchList(principal, changed)).toList();
    return () -> watches.forEach(Watch::close);
  }
}
