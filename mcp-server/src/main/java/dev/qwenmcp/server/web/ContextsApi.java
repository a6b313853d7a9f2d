package dev.qwenmcp.server.web;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextFork;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextPage;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /api/contexts}: the asker's contexts, and what one of them holds. */
final class ContextsApi {
  private static final int PAGE = 100;
  private static final int MOST_ENTRIES = 50;
  private static final int SHOWN_ENTRIES = 20;

  /** Documents are long; who wants all of one reads it by the tool. */
  private static final int MOST_CHARACTERS = 20_000;

  private final ContextStore store;

  ContextsApi(ContextStore store) {
    this.store = store;
  }

  /**
   * Some contexts, the newest first.
   *
   * @param next for the parameter {@code after}, empty if there is no more
   * @param lifetime how long after its last use a context goes, in words
   */
  record Contexts(List<Context> contexts, String next, String lifetime) {}

  /**
   * A context.
   *
   * @param origin the one with which it shares its first entries, null if there is none
   * @param shared number of these
   */
  record Context(
      String id,
      String title,
      Instant created,
      Instant expires,
      boolean pinned,
      int entries,
      long bytes,
      String origin,
      int shared) {

    static Context of(ContextInfo info, ContextFork fork) {
      return new Context(
          info.id().value(),
          info.title(),
          info.created(),
          info.expires(),
          info.pinned(),
          info.entries(),
          info.bytes(),
          fork == null ? null : fork.origin().value(),
          fork == null ? 0 : fork.shared());
    }
  }

  /**
   * Entries of a context.
   *
   * @param from index of the first
   */
  record Entries(Context context, int from, List<ShownEntry> entries) {}

  /**
   * An entry.
   *
   * @param text its beginning
   * @param cut characters that are left out
   * @param structured as JSON text, empty if none or too long
   * @param tokens number of ids that are kept with it
   */
  record ShownEntry(
      int index,
      String role,
      String tool,
      String model,
      String text,
      int cut,
      String structured,
      int tokens,
      Usage usage,
      Instant created) {

    static ShownEntry of(Entry entry) {
      String text = entry.text();
      int shown = Math.min(text.length(), MOST_CHARACTERS);
      if (shown < text.length() && Character.isHighSurrogate(text.charAt(shown - 1))) {
        shown--;
      }
      return new ShownEntry(
          entry.index(),
          entry.role(),
          entry.tool(),
          entry.model().name(),
          text.substring(0, shown),
          text.length() - shown,
          entry.structuredJson().length() > MOST_CHARACTERS ? "" : entry.structuredJson(),
          entry.tokens().size(),
          entry.usage(),
          entry.created());
    }
  }

  Map<String, ApiAnswer> answers() {
    return Map.of("/api/contexts", this::list, "/api/contexts/entries", this::entries);
  }

  private Contexts list(ApiRequest request) throws ApiException {
    try {
      ContextPage page =
          store.list(
              request.principal(),
              new ContextQuery(request.text("title", ""), request.text("after", ""), PAGE));
      Map<ContextId, ContextFork> forks = forks(request.principal());
      return new Contexts(
          page.contexts().stream().map(info -> Context.of(info, forks.get(info.id()))).toList(),
          page.next(),
          store.lifetimeInWords());
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  private Map<ContextId, ContextFork> forks(String principal) throws ContextException {
    return store.forks(principal).stream()
        .collect(Collectors.toMap(ContextFork::fork, Function.identity()));
  }

  private Entries entries(ApiRequest request) throws ApiException {
    ContextId id = new ContextId(request.required("id"));
    int from = request.number("from", 0, 0, Integer.MAX_VALUE);
    int limit = request.number("limit", SHOWN_ENTRIES, 1, MOST_ENTRIES);
    try {
      ContextInfo info = store.info(request.principal(), id);
      List<Entry> entries = store.read(request.principal(), id, from, limit);
      return new Entries(
          Context.of(info, forks(request.principal()).get(id)),
          from,
          entries.stream().map(ShownEntry::of).toList());
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  private static ApiException failure(ContextException e) {
    return switch (e.kind()) {
      case STORAGE -> ApiException.unavailable(e);
      case UNKNOWN, EXPIRED, CLOSED -> ApiException.notFound(e.getMessage());
      case CONFLICT, QUOTA -> ApiException.badRequest(e.getMessage());
    };
  }
}
