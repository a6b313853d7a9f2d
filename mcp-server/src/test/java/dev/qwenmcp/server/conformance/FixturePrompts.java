package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Map;

/** Prompts with each kind of content. */
final class FixturePrompts implements Prompts {
  @Override
  public List<Listed> list() {
    return List.of(
        prompt("test_simple_prompt"),
        prompt(
            "test_prompt_with_arguments",
            new Argument("arg1", "First test argument", true),
            new Argument("arg2", "Second test argument", true)),
        prompt(
            "test_prompt_with_embedded_resource",
            new Argument("resourceUri", "URI of the resource to embed", true)),
        prompt("test_prompt_with_image"));
  }

  private static Listed prompt(String name, Argument... arguments) {
    return new Listed(name, name, "A fixture of the conformance suite.", List.of(arguments));
  }

  @Override
  public Filled get(String name, Map<String, String> arguments) throws ToolException {
    return switch (name) {
      case "test_simple_prompt" -> new Filled("Simple", "This is a simple prompt for testing.");
      case "test_prompt_with_arguments" ->
          new Filled(
              "Arguments",
              "Prompt with arguments: arg1='%s', arg2='%s'"
                  .formatted(arguments.get("arg1"), arguments.get("arg2")));
      case "test_prompt_with_embedded_resource" ->
          new Filled(
              "Resource",
              List.of(
                  new Content.Embedded(
                      new Resources.Content(
                          arguments.get("resourceUri"),
                          "text/plain",
                          "Embedded resource content for testing.")),
                  new Content.Text("Please process the embedded resource above.")));
      case "test_prompt_with_image" ->
          new Filled(
              "Image",
              List.of(
                  new Content.Image(ContentTools.PNG, "image/png"),
                  new Content.Text("Please analyze the image above.")));
      default -> throw new ToolException("unknown_prompt", "there is no prompt " + name);
    };
  }
}
