package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextListener;
import dev.qwenmcp.server.context.ContextPage;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.ContextWatch;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryHead;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contexts and their entries as resources: {@code context://{id}}, and its {@code /entries/{n}}.
 */
public final class ContextResources implements Resources {
  private static final Logger LOG = LoggerFactory.getLogger(ContextResources.class);
  private static final String SCHEME = "context://";
  private static final Pattern URI =
      Pattern.compile("context://([A-Za-z0-9_-]{1,100})(?:/entries/(0|[1-9][0-9]{0,8}))?");
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";
  private static final int PAGE = 50;

  /** Changes that make the list of contexts another. */
  private static final Set<ContextChange.Kind> LISTED =
      Set.of(ContextChange.Kind.OPENED, ContextChange.Kind.CLOSED, ContextChange.Kind.EXPIRED);

  private final ContextStore contexts;

  public ContextResources(ContextStore contexts) {
    this.contexts = contexts;
  }

  /** A context, or one entry of it. */
  private record Address(ContextId context, Integer entry) {
    static Address of(String uri) throws ToolException {
      Matcher matcher = URI.matcher(uri);
      if (!matcher.matches()) {
        throw Resources.notFound(uri);
      }
      return new Address(
          new ContextId(matcher.group(1)),
          matcher.group(2) == null ? null : Integer.valueOf(matcher.group(2)));
    }
  }

  private static String uri(ContextId id) {
    return SCHEME + id.value();
  }

  private static String uri(ContextId id, int entry) {
    return uri(id) + "/entries/" + entry;
  }

  @Override
  public List<Template> templates() {
    return List.of(
        new Template(
            "context://{context_id}",
            "context",
            "Context",
            "Title, lifetime and entries of a context, without their texts",
            JSON),
        new Template(
            "context://{context_id}/entries/{index}",
            "context_entry",
            "Entry of a context",
            "The text of one entry, and its structured content if it has any",
            TEXT));
  }

  @Override
  public Page list(String principal, String cursor) throws ToolException {
    try {
      ContextPage page = contexts.list(principal, new ContextQuery("", cursor, PAGE));
      return new Page(page.contexts().stream().map(ContextResources::listed).toList(), page.next());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }

  private static Listed listed(ContextInfo info) {
    return new Listed(
        uri(info.id()),
        info.id().value(),
        info.title(),
        "A context with %d entries, %d bytes".formatted(info.entries(), info.bytes()),
        JSON,
        "");
  }

  /** What a context reads as. */
  private record Overview(ContextView context, List<EntryLine> entries) {}

  private record EntryLine(
      String uri, int index, String role, String tool, String model, String created, long bytes) {
    static EntryLine of(ContextId id, EntryHead head) {
      return new EntryLine(
          uri(id, head.index()),
          head.index(),
          head.role(),
          head.tool(),
          head.model().name(),
          head.created().toString(),
          head.bytes());
    }

    private static String uri(ContextId id, int entry) {
      return ContextResources.uri(id, entry);
    }
  }

  @Override
  public List<Content> read(String principal, String uri) throws ToolException {
    Address address = Address.of(uri);
    try {
      if (address.entry() == null) {
        return overview(principal, uri, address.context());
      }
      List<Entry> entries = contexts.read(principal, address.context(), address.entry(), 1);
      if (entries.isEmpty()) {
        throw Resources.notFound(uri);
      }
      Entry entry = entries.getFirst();
      List<Content> contents = new ArrayList<>();
      contents.add(new Content(uri, TEXT, entry.text()));
      if (!entry.structuredJson().isEmpty()) {
        contents.add(new Content(uri + "#structured", JSON, entry.structuredJson()));
      }
      return contents;
    } catch (ContextException e) {
      throw failure(uri, e);
    }
  }

  private List<Content> overview(String principal, String uri, ContextId id)
      throws ContextException {
    ContextInfo info = contexts.info(principal, id);
    List<EntryLine> lines =
        contexts.heads(principal, id, 0, Integer.MAX_VALUE).stream()
            .map(head -> EntryLine.of(id, head))
            .toList();
    return List.of(
        new Content(uri, JSON, StructuredContent.write(new Overview(ContextView.of(info), lines))));
  }

  private static ToolException failure(String uri, ContextException e) {
    return e.kind() == ContextException.Kind.UNKNOWN
        ? Resources.notFound(uri)
        : WorkingContext.failure(e);
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    try {
      contexts.info(principal, Address.of(uri).context());
    } catch (ContextException e) {
      throw failure(uri, e);
    }
  }

  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    return heard(principal, change -> changed.accept(urisOf(change)), anything);
  }

  @Override
  public Watch watchList(String principal, Runnable changed) {
    return heard(
        principal,
        change -> {
          if (LISTED.contains(change.kind())) {
            changed.run();
          }
        },
        changed);
  }

  private Watch heard(String principal, Consumer<ContextChange> heard, Runnable anything) {
    try {
      ContextWatch watch =
          contexts.watch(
              contexts.lastChange(),
              new ContextListener() {
                @Override
                public void changed(ContextChange change) {
                  if (change.principal().equals(principal)) {
                    heard.accept(change);
                  }
                }

                @Override
                public void missed(long from, long to) {
                  anything.run();
                }
              });
      return watch::close;
    } catch (ContextException e) {
      LOG.warn("Clients will not hear of changes: {}", e.getMessage());
      return () -> {};
    }
  }

  private static List<String> urisOf(ContextChange change) {
    List<String> uris = new ArrayList<>();
    uris.add(uri(change.context()));
    if (change.kind() == ContextChange.Kind.APPENDED) {
      for (int entry = change.first(); entry < change.version(); entry++) {
        uris.add(uri(change.context(), entry));
      }
    }
    return uris;
  }
}
