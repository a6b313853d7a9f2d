package dev.qwenmcp.server.remote;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How one remote model is reached and what its server can do.
 *
 * @param name in the catalogue
 * @param servedName what its server calls it
 * @param addresses base URLs, each with the path before {@code /chat/completions}
 * @param apiKey sent as a bearer token, empty for none
 * @param abilities what the server takes
 * @param about what people should know of the model
 * @param limits how long to wait and how often to try
 */
public record RemoteSettings(
    String name,
    String servedName,
    List<URI> addresses,
    Secret apiKey,
    Abilities abilities,
    About about,
    Limits limits) {

  public RemoteSettings {
    addresses = List.copyOf(addresses);
  }

  /**
   * What the server takes beyond the common parameters.
   *
   * @param jsonSchema whether {@code response_format} with a JSON Schema holds the model to it
   * @param samplingExtensions whether it takes top_k, min_p and repetition_penalty
   * @param logprobs whether it tells the probabilities of the tokens it chose
   * @param thinkingSwitch whether {@code chat_template_kwargs} turns thinking on and off
   */
  public record Abilities(
      boolean jsonSchema, boolean samplingExtensions, boolean logprobs, boolean thinkingSwitch) {}

  /**
   * What is known of the model.
   *
   * @param languages ISO 639-1 codes, none where nobody said
   * @param thinks whether it thinks before it answers where asked to
   * @param grounded whether it answers from passages that it is given
   */
  public record About(
      String description,
      int contextTokens,
      List<String> languages,
      String licence,
      boolean thinks,
      boolean grounded) {
    public About {
      languages = List.copyOf(languages);
    }
  }

  /**
   * How long to wait and how often to try.
   *
   * @param connect until a connection stands
   * @param firstToken until something comes back, reading the prompt included
   * @param idle between two pieces of an answer
   * @param attempts most requests for one answer, over all addresses; an answer of which something
   *     has come is never asked for again
   * @param openFor how long an address that failed is left alone
   */
  public record Limits(
      Duration connect, Duration firstToken, Duration idle, int attempts, Duration openFor) {
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(120),
            Duration.ofSeconds(30),
            3,
            Duration.ofSeconds(30));
  }

  /** A text that is never shown. */
  public record Secret(String value) {
    public static final Secret NONE = new Secret("");

    public boolean isEmpty() {
      return value.isEmpty();
    }

    @Override
    public String toString() {
      return isEmpty() ? "none" : "***";
    }
  }
}
