package dev.qwenmcp.server.install;

import dev.qwenmcp.server.install.TomlLines.Line;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/** TOML: each server is a table {@code [mcp_servers.NAME]}. Everything else keeps its bytes. */
final class TomlConfiguration implements ConfigurationText {
  private static final String SERVERS = "mcp_servers";

  /** Values that say how the server is reached. */
  private static final Set<String> OWN = Set.of("command", "args", "url");

  private final String text;
  private final List<Line> lines;

  /**
   * @param text empty for a file that does not exist yet
   * @throws InstallException if it is not TOML
   */
  TomlConfiguration(String text) throws InstallException {
    this.text = text;
    this.lines = TomlLines.of(text);
  }

  @Override
  public String with(String server, ServerEntry entry) throws InstallException {
    refuseOtherForms(server);
    Optional<int[]> old = range(server);
    if (old.isPresent()) {
      return text.substring(0, old.get()[0])
          + table(server, entry)
          + kept(old.get(), server)
          + text.substring(old.get()[1]);
    }
    String table = table(server, entry);
    String ending = text.isEmpty() || text.endsWith("\n") ? "" : newline();
    String blank = text.isBlank() ? "" : newline();
    return text + ending + blank + table;
  }

  @Override
  public Optional<String> without(String server) throws InstallException {
    refuseOtherForms(server);
    return range(server)
        .map(range -> {
          String before = text.substring(0, range[0]);
          String after = text.substring(range[1]);
          return after.isEmpty() ? before.replaceFirst("(\\r?\\n)\\s*$", "$1") : before + after;
        });
  }

  /** What the user has added to the table, such as an environment or a time limit. */
  private String kept(int[] range, String server) {
    StringBuilder kept = new StringBuilder();
    List<String> table = List.of();
    for (Line line : lines) {
      table = line.header() ? line.key() : table;
      boolean own =
          table.equals(List.of(SERVERS, server))
              && (line.header() || line.key().size() == 1 && OWN.contains(line.key().getFirst()));
      if (line.begin() >= range[0] && line.end() <= range[1] && !own) {
        kept.append(text, line.begin(), line.end());
      }
    }
    return kept.toString();
  }

  /**
   * From the table's header to the end of its last value, with the tables below it, such as {@code
   * [mcp_servers.NAME.env]}.
   */
  private Optional<int[]> range(String server) throws InstallException {
    List<String> key = List.of(SERVERS, server);
    int begin = -1;
    int end = -1;
    boolean inside = false;
    for (Line line : lines) {
      if (line.header()) {
        boolean own = line.key().size() >= 2 && line.key().subList(0, 2).equals(key);
        if (own && begin >= 0 && !inside) {
          throw byHand(server);
        }
        inside = own;
      }
      if (inside && !line.key().isEmpty()) {
        begin = begin < 0 ? line.begin() : begin;
        end = line.end();
      }
    }
    return begin < 0 ? Optional.empty() : Optional.of(new int[] {begin, end});
  }

  /** The server, or all of them, as a value: {@code mcp_servers.NAME = …}, {@code NAME = …}. */
  private void refuseOtherForms(String server) throws InstallException {
    List<String> table = List.of();
    for (Line line : lines) {
      if (line.header()) {
        table = line.key();
      } else if (!line.key().isEmpty()) {
        boolean all = table.isEmpty() && line.key().equals(List.of(SERVERS));
        boolean dotted =
            table.isEmpty()
                && line.key().size() >= 2
                && line.key().subList(0, 2).equals(List.of(SERVERS, server));
        boolean inTable = table.equals(List.of(SERVERS)) && line.key().getFirst().equals(server);
        if (all || dotted || inTable) {
          throw byHand(server);
        }
      }
    }
  }

  private static InstallException byHand(String server) {
    return new InstallException(
        "has %s in another form than a table [%s.%s]; change it by hand (--print shows the entry)"
            .formatted(server, SERVERS, server));
  }

  private String table(String server, ServerEntry entry) {
    String name = server.matches("[A-Za-z0-9_-]+") ? server : quoted(server);
    String values =
        switch (entry) {
          case ServerEntry.Stdio stdio ->
              "command = %s%nargs = [%s]%n"
                  .formatted(
                      quoted(stdio.command().getFirst()),
                      stdio.command().stream()
                          .skip(1)
                          .map(TomlConfiguration::quoted)
                          .collect(Collectors.joining(", ")));
          case ServerEntry.Http http -> "url = %s%n".formatted(quoted(http.url()));
        };
    return "[%s.%s]%n%s"
        .formatted(SERVERS, name, values)
        .replace(System.lineSeparator(), newline());
  }

  private String newline() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  /** TOML's basic strings have the escapes of JSON's. */
  private static String quoted(String value) {
    return JsonNodeFactory.instance.stringNode(value).toString().replace("\u007F", "\\u007F");
  }
}
