package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Hugging Face, or what answers as it does. */
record HuggingFace(URI base) implements Hub {
  /** A page has up to a thousand files. */
  private static final int MOST_PAGES = 20;

  private static final Pattern NEXT = Pattern.compile("<([^<>]+)>\\s*;\\s*rel=\"next\"");

  @Override
  public String name() {
    return "huggingface";
  }

  @Override
  public HubListing list(HubHttp http, String repository, String revision)
      throws HubException, InterruptedException {
    String model = "/api/models/" + repository;
    JsonNode about =
        http.json(at(model + "/revision/" + HubHttp.encoded(revision)), repository).body();
    String commit = about.path("sha").asString("");
    // From here on the very commit, so that no file changes between listing and fetching.
    String pinned = commit.matches("[0-9a-f]{40,64}") ? commit : revision;
    List<HubFile> files = new ArrayList<>();
    Optional<URI> page =
        Optional.of(at(model + "/tree/" + HubHttp.encoded(pinned) + "?recursive=true"));
    for (int i = 0; page.isPresent() && i < MOST_PAGES; i++) {
      HubHttp.Json answer = http.json(page.get(), repository);
      if (!answer.body().isArray()) {
        throw new HubException(Kind.MALFORMED, shown() + " sent no list of files of " + repository);
      }
      for (JsonNode entry : answer.body()) {
        if (entry.path("type").asString("").equals("file")) {
          files.add(file(entry));
        }
      }
      page = next(answer.link());
    }
    return new HubListing(pinned, licence(about), files);
  }

  private static HubFile file(JsonNode entry) {
    JsonNode large = entry.path("lfs");
    return new HubFile(
        entry.path("path").asString(""),
        (large.isObject() ? large : entry).path("size").asLong(-1),
        HubHttp.checksum(large.path("oid").asString("")));
  }

  private static String licence(JsonNode about) {
    String card = about.path("cardData").path("license").asString("");
    if (!card.isEmpty()) {
      return card;
    }
    for (JsonNode tag : about.path("tags")) {
      if (tag.asString("").startsWith("license:")) {
        return tag.asString().substring("license:".length());
      }
    }
    return "";
  }

  private Optional<URI> next(String link) throws HubException {
    Matcher matcher = NEXT.matcher(link);
    if (!matcher.find()) {
      return Optional.empty();
    }
    URI next = HubHttp.uri(base.resolve(HubHttp.uri(matcher.group(1)).toString()).toString());
    if (!HubHttp.sameOrigin(base, next)) {
      throw new HubException(
          Kind.MALFORMED, shown() + " continues its list of files on another host");
    }
    return Optional.of(next);
  }

  @Override
  public URI download(String repository, String revision, HubFile file) {
    return at(
        "/"
            + repository
            + "/resolve/"
            + HubHttp.encoded(revision)
            + "/"
            + HubHttp.encodedPath(file.path()));
  }

  private URI at(String path) {
    return HubHttp.under(base, path);
  }
}
