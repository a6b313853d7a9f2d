package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** ModelScope, or what answers as it does. */
record ModelScope(URI base) implements Hub {

  @Override
  public String name() {
    return "modelscope";
  }

  @Override
  public HubListing list(HubHttp http, String repository, String revision)
      throws HubException, InterruptedException {
    String model = "/api/v1/models/" + repository;
    String query = "?Revision=" + HubHttp.encoded(revision);
    JsonNode about = data(http, model + query, repository);
    JsonNode entries =
        data(http, model + "/repo/files" + query + "&Recursive=true", repository).path("Files");
    if (!entries.isArray()) {
      throw new HubException(Kind.MALFORMED, shown() + " sent no list of files of " + repository);
    }
    List<HubFile> files = new ArrayList<>();
    for (JsonNode entry : entries) {
      if (entry.path("Type").asString("").equals("blob")) {
        files.add(
            new HubFile(
                entry.path("Path").asString(""),
                entry.path("Size").asLong(-1),
                HubHttp.checksum(entry.path("Sha256").asString(""))));
      }
    }
    return new HubListing(revision, about.path("License").asString(""), files);
  }

  /** The data of an answer, which has a code of its own. */
  private JsonNode data(HubHttp http, String path, String repository)
      throws HubException, InterruptedException {
    JsonNode answer = http.json(HubHttp.under(base, path), repository).body();
    int code = answer.path("Code").asInt(0);
    if (code != 200) {
      throw new HubException(
          code == 404 ? Kind.NOT_FOUND : Kind.MALFORMED,
          "%s says of %s: %s (code %d)"
              .formatted(
                  shown(),
                  repository,
                  HubHttp.shortened(answer.path("Message").asString("")),
                  code));
    }
    return answer.path("Data");
  }

  @Override
  public URI download(String repository, String revision, HubFile file) {
    return HubHttp.under(
        base,
        "/models/"
            + repository
            + "/resolve/"
            + HubHttp.encoded(revision)
            + "/"
            + HubHttp.encodedPath(file.path()));
  }
}
