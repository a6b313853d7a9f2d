package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resources of each kind. */
final class FixtureResources implements Resources {
  private static final String TEXT = "test://static-text";
  private static final String BINARY = "test://static-binary";
  private static final String WATCHED = "test://watched-resource";
  private static final Pattern TEMPLATE = Pattern.compile("test://template/([^/]+)/data");

  @Override
  public List<Template> templates() {
    return List.of(
        new Template(
            "test://template/{id}/data", "template", "Template", "By id.", "application/json"));
  }

  @Override
  public Page list(String principal, String cursor) {
    return new Page(
        List.of(
            listed(TEXT, "text/plain"), listed(BINARY, "image/png"), listed(WATCHED, "text/plain")),
        "");
  }

  private static Listed listed(String uri, String mimeType) {
    return new Listed(uri, uri, uri, "A fixture of the conformance suite.", mimeType, "");
  }

  @Override
  public List<Content> read(String principal, String uri) throws ToolException {
    Matcher template = TEMPLATE.matcher(uri);
    if (template.matches()) {
      String id = template.group(1);
      return List.of(
          new Content(
              uri,
              "application/json",
              "{\"id\":\"%s\",\"templateTest\":true,\"data\":\"Data for ID: %s\"}"
                  .formatted(id, id)));
    }
    return switch (uri) {
      case TEXT ->
          List.of(
              new Content(uri, "text/plain", "This is the content of the static text resource."));
      case BINARY -> List.of(new Content(uri, "image/png", ContentTools.PNG, true));
      case WATCHED -> List.of(new Content(uri, "text/plain", "Watched."));
      default -> throw Resources.notFound(uri);
    };
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    read(principal, uri);
  }

  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    return () -> {};
  }
}
