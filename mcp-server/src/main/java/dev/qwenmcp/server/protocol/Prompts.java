package dev.qwenmcp.server.protocol;

import java.util.List;
import java.util.Map;

/** Prompts that people choose in their client; the same in every protocol era. */
public interface Prompts {

  /**
   * Something to fill in.
   *
   * @param name for programs
   * @param description for people
   * @param required whether it has to be given
   */
  record Argument(String name, String description, boolean required) {}

  /**
   * One of them in a list.
   *
   * @param name for programs
   * @param title for people
   * @param description of what it does
   * @param arguments to fill in
   */
  record Listed(String name, String title, String description, List<Argument> arguments) {
    public Listed {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A prompt with its arguments filled in: what the user says to the client's model.
   *
   * @param description of what it does
   * @param contents of the user's messages, one each
   */
  record Filled(String description, List<Content> contents) {
    public Filled {
      contents = List.copyOf(contents);
    }

    /** One message of words. */
    public Filled(String description, String text) {
      this(description, List.of(new Content.Text(text)));
    }
  }

  /** All of them. */
  List<Listed> list();

  /**
   * Fills one in.
   *
   * @throws ToolException with the code {@code unknown_prompt} if there is none of the name, or if
   *     an argument is missing or unknown
   */
  Filled get(String name, Map<String, String> arguments) throws ToolException;

  /**
   * Fills one in, asking the client where that needs more than its arguments.
   *
   * @throws ToolException as for {@link #get(String, Map)}
   * @throws InterruptedException if the request was cancelled while waiting
   */
  default Filled get(String name, Map<String, String> arguments, CallClient client)
      throws ToolException, InterruptedException {
    return get(name, arguments);
  }

  /** A server without prompts. */
  Prompts NONE =
      new Prompts() {
        @Override
        public List<Listed> list() {
          return List.of();
        }

        @Override
        public Filled get(String name, Map<String, String> arguments) throws ToolException {
          throw new ToolException("unknown_prompt", "this server has no prompts");
        }
      };
}
