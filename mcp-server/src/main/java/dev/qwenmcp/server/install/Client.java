package dev.qwenmcp.server.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The AI clients whose configuration is known, with its place and its form. */
public enum Client {
  CLAUDE_DESKTOP("mcpServers") {
    @Override
    Path userFile(Places places) {
      return places.applications().resolve("Claude").resolve("claude_desktop_config.json");
    }

    @Override
    ObjectNode json(ServerEntry.Http http) throws InstallException {
      throw new InstallException(
          "Claude Desktop starts servers itself; add one that runs already under Settings,"
              + " Connectors");
    }
  },

  CLAUDE_CODE("mcpServers") {
    @Override
    Path userFile(Places places) {
      return places.folder("CLAUDE_CONFIG_DIR", places.home()).resolve(".claude.json");
    }

    @Override
    Optional<Path> projectFile(Places places) {
      return Optional.of(places.project().resolve(".mcp.json"));
    }

    @Override
    ObjectNode json(ServerEntry.Stdio stdio) {
      return typed("stdio", commandAndArguments(stdio));
    }

    @Override
    ObjectNode json(ServerEntry.Http http) {
      return typed("http", object("url", http.url()));
    }
  },

  CURSOR("mcpServers") {
    @Override
    Path userFile(Places places) {
      return places.home().resolve(".cursor").resolve("mcp.json");
    }

    @Override
    Optional<Path> projectFile(Places places) {
      return Optional.of(places.project().resolve(".cursor").resolve("mcp.json"));
    }
  },

  VSCODE("servers") {
    @Override
    Path userFile(Places places) {
      return places.applications().resolve("Code").resolve("User").resolve("mcp.json");
    }

    @Override
    Optional<Path> projectFile(Places places) {
      return Optional.of(places.project().resolve(".vscode").resolve("mcp.json"));
    }

    @Override
    ObjectNode json(ServerEntry.Stdio stdio) {
      return typed("stdio", commandAndArguments(stdio));
    }

    @Override
    ObjectNode json(ServerEntry.Http http) {
      return typed("http", object("url", http.url()));
    }
  },

  CODEX("mcp_servers") {
    @Override
    Path userFile(Places places) {
      return places.folder("CODEX_HOME", places.home().resolve(".codex")).resolve("config.toml");
    }

    @Override
    ConfigurationText configuration(String text) throws InstallException {
      return new TomlConfiguration(text);
    }
  },

  OPENCODE("mcp") {
    @Override
    Path userFile(Places places) {
      return withComments(places.dotConfig().resolve("opencode"));
    }

    @Override
    Optional<Path> projectFile(Places places) {
      return Optional.of(withComments(places.project()));
    }

    private Path withComments(Path folder) {
      Path commented = folder.resolve("opencode.jsonc");
      return Files.exists(commented) ? commented : folder.resolve("opencode.json");
    }

    @Override
    ObjectNode json(ServerEntry.Stdio stdio) {
      ObjectNode entry = object("type", "local");
      stdio.command().forEach(entry.putArray("command")::add);
      return entry;
    }

    @Override
    ObjectNode json(ServerEntry.Http http) {
      return typed("remote", object("url", http.url()));
    }
  },

  LM_STUDIO("mcpServers") {
    @Override
    Path userFile(Places places) {
      return places.home().resolve(".lmstudio").resolve("mcp.json");
    }
  },

  WINDSURF("mcpServers") {
    @Override
    Path userFile(Places places) {
      return places.home().resolve(".codeium").resolve("windsurf").resolve("mcp_config.json");
    }

    @Override
    ObjectNode json(ServerEntry.Http http) {
      return object("serverUrl", http.url());
    }
  },

  ZED("context_servers") {
    @Override
    Path userFile(Places places) {
      Path folder =
          places.windows()
              ? places.applications().resolve("Zed")
              : places.dotConfig().resolve("zed");
      return folder.resolve("settings.json");
    }

    @Override
    Optional<Path> projectFile(Places places) {
      return Optional.of(places.project().resolve(".zed").resolve("settings.json"));
    }
  },

  GEMINI_CLI("mcpServers") {
    @Override
    Path userFile(Places places) {
      return places.home().resolve(".gemini").resolve("settings.json");
    }

    @Override
    Optional<Path> projectFile(Places places) {
      return Optional.of(places.project().resolve(".gemini").resolve("settings.json"));
    }

    @Override
    ObjectNode json(ServerEntry.Http http) {
      return object("httpUrl", http.url());
    }
  };

  private final String servers;

  Client(String servers) {
    this.servers = servers;
  }

  /** The name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The client of a name.
   *
   * @throws InstallException if there is none; the message names all
   */
  public static Client of(String id) throws InstallException {
    return Arrays.stream(values())
        .filter(client -> client.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new InstallException(
                "no client %s is known; there are %s"
                    .formatted(
                        id,
                        Arrays.stream(values())
                            .map(Client::id)
                            .collect(Collectors.joining(", ")))));
  }

  /** The file of this user's settings; it need not exist. */
  abstract Path userFile(Places places);

  /** The file of a project's settings, if the client has such. */
  Optional<Path> projectFile(Places places) {
    return Optional.empty();
  }

  /**
   * The file to be changed; it need not exist.
   *
   * @param ofProject rather than of the user
   * @throws InstallException if the client has no settings of projects
   */
  public Path file(Places places, boolean ofProject) throws InstallException {
    return ofProject
        ? projectFile(places)
            .orElseThrow(() ->
                new InstallException(id() + " has no settings of projects; leave --project out"))
        : userFile(places);
  }

  /**
   * The client's settings with an entry; the same text if they have it already.
   *
   * @param text of the file, empty if it does not exist
   * @throws InstallException if the text cannot be changed safely; the message goes on after the
   *     file's name
   */
  public String with(String text, String server, ServerEntry entry) throws InstallException {
    if (entry instanceof ServerEntry.Http http) {
      json(http); // refuses what the client cannot do
    }
    return configuration(text).with(server, entry);
  }

  /**
   * The client's settings without an entry, or nothing if they have none.
   *
   * @throws InstallException if the text cannot be changed safely
   */
  public Optional<String> without(String text, String server) throws InstallException {
    return configuration(text).without(server);
  }

  ConfigurationText configuration(String text) throws InstallException {
    return new JsonConfiguration(text, servers, this::json);
  }

  private ObjectNode json(ServerEntry entry) throws InstallException {
    return switch (entry) {
      case ServerEntry.Stdio stdio -> json(stdio);
      case ServerEntry.Http http -> json(http);
    };
  }

  ObjectNode json(ServerEntry.Stdio stdio) {
    return commandAndArguments(stdio);
  }

  ObjectNode json(ServerEntry.Http http) throws InstallException {
    return object("url", http.url());
  }

  private static ObjectNode commandAndArguments(ServerEntry.Stdio stdio) {
    List<String> words = stdio.command();
    ObjectNode entry = object("command", words.getFirst());
    words.stream().skip(1).forEach(entry.putArray("args")::add);
    return entry;
  }

  private static ObjectNode typed(String type, ObjectNode rest) {
    ObjectNode all = object("type", type);
    all.setAll(rest);
    return all;
  }

  private static ObjectNode object(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }
}
