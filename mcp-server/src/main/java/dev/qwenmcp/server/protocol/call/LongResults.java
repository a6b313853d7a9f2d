package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.ResourceLink;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * Results that are longer than clients take: their beginning is given, and the whole is kept for a
 * while as a resource, {@code result://{id}/{part}}, in parts that clients take.
 *
 * <p>Bounded: what was kept longest goes first.
 */
public final class LongResults implements Resources {
  /** Clients refuse more than 25,000 tokens; a token has about four characters. */
  public static final int CHARACTERS = 80_000;

  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final long MOST_CHARACTERS = 32L << 20;
  private static final int ID_BYTES = 20;
  private static final String SCHEME = "result://";
  private static final Pattern URI =
      Pattern.compile("result://([A-Za-z0-9_-]{1,100})/([1-9]\\d{0,5})");
  private static final String TEXT = "text/plain";

  private final int limit;
  private final InstantSource clock;
  private final SecureRandom random;

  /** By id, the oldest first. */
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  private long characters;

  private record Kept(String principal, String text, List<Integer> starts, Instant until) {}

  /**
   * @param limit characters that a client takes at once
   * @param random makes handles that nobody can guess
   */
  public LongResults(int limit, InstantSource clock, SecureRandom random) {
    this.limit = limit;
    this.clock = clock;
    this.random = random;
  }

  /** Results are given whole. */
  static LongResults unlimited() {
    return new LongResults(Integer.MAX_VALUE, InstantSource.system(), new SecureRandom());
  }

  /**
   * The same outcome, shortened if it is too long.
   *
   * @param tool whose outcome it is
   */
  ToolOutcome fitting(String principal, RegisteredTool<?, ?> tool, ToolOutcome outcome) {
    if (!(outcome instanceof ToolOutcome.Success success)) {
      return outcome;
    }
    String json = success.structured().toString();
    if (success.text().length() <= limit && json.length() <= limit) {
      return outcome;
    }
    boolean words = success.text().length() > limit;
    String whole = words ? success.text() : json;
    String id = keep(principal, whole);
    int parts = starts(whole).size();
    List<ResourceLink> links = new ArrayList<>(success.links());
    links.add(link(id, words ? 2 : 1, parts));
    ObjectNode structured =
        json.length() <= limit
            ? success.structured()
            : JsonShortening.of(success.structured(), limit)
                .filter(tool::isResult)
                .orElse(success.structured());
    List<String> remarks = new ArrayList<>(success.remarks());
    remarks.add(
        "The result has %,d characters, more than clients take; %s. All of it can be read for an hour as the resources %s%s/1 to %d."
            .formatted(
                whole.length(),
                words ? "the text is its beginning" : "long texts in it are cut",
                SCHEME,
                id,
                parts));
    return success.shortened(structured, words ? part(whole, 1) : success.text(), links, remarks);
  }

  private ResourceLink link(String id, int part, int parts) {
    return new ResourceLink(
        SCHEME + id + "/" + part,
        "part %d of %d".formatted(part, parts),
        "The result, part %d of %d".formatted(part, parts),
        TEXT);
  }

  /** Where the parts of a text begin; never inside of a character. */
  private List<Integer> starts(String text) {
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      starts.add(start);
      int end = Math.min(text.length(), start + limit);
      boolean splits = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
      start = splits ? end - 1 : end;
    }
    return starts;
  }

  private String part(String text, int number) {
    List<Integer> starts = starts(text);
    int end = number < starts.size() ? starts.get(number) : text.length();
    return text.substring(starts.get(number - 1), end);
  }

  private synchronized String keep(String principal, String text) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    kept.put(id, new Kept(principal, text, starts(text), clock.instant().plus(LIFETIME)));
    characters += text.length();
    forget();
    return id;
  }

  private synchronized void forget() {
    Instant now = clock.instant();
    Iterator<Kept> oldest = kept.values().iterator();
    while (oldest.hasNext()) {
      Kept next = oldest.next();
      if (!next.until().isBefore(now) && (characters <= MOST_CHARACTERS || kept.size() == 1)) {
        return;
      }
      characters -= next.text().length();
      oldest.remove();
    }
  }

  @Override
  public List<Template> templates() {
    return List.of(
        new Template(
            "result://{result_id}/{part}",
            "result",
            "Part of a long result",
            "A result that was longer than clients take, for an hour; results name theirs",
            TEXT));
  }

  /** Results name theirs; a list of them would help nobody. */
  @Override
  public Page list(String principal, String cursor) {
    return new Page(List.of(), "");
  }

  @Override
  public synchronized List<Content> read(String principal, String uri) throws ToolException {
    forget();
    Matcher matcher = URI.matcher(uri);
    if (!matcher.matches()) {
      throw Resources.notFound(uri);
    }
    Kept found = kept.get(matcher.group(1));
    int part = Integer.parseInt(matcher.group(2));
    if (found == null || !found.principal().equals(principal) || part > found.starts().size()) {
      throw Resources.notFound(uri);
    }
    return List.of(new Content(uri, TEXT, part(found.text(), part)));
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    read(principal, uri);
  }

  /** They never change. */
  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    return () -> {};
  }

  /** These and others. */
  public Resources beside(Resources others) {
    return new BesideLongResults(this, others);
  }

  /** Whether an address is of these. */
  static boolean concerns(String uri) {
    return uri.startsWith(SCHEME);
  }
}
