package dev.qwenmcp.server.conformance;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.CallClient;
import dev.qwenmcp.server.protocol.FormSchema;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Other prompts, and the one that the conformance suite wants to ask something.
 *
 * @param others where all other names are looked up
 */
public record AskingPrompts(Prompts others) implements Prompts {
  private static final String NAME = "test_input_required_result_prompt";
  private static final Question.Form CONTEXT =
      new Question.Form(
          "What context should the prompt use?",
          new FormSchema().text(FormSchema.Field.needed("context", "Any words")).build());

  @Override
  public List<Listed> list() {
    List<Listed> all = new ArrayList<>(others.list());
    all.add(new Listed(NAME, NAME, "A fixture that asks.", List.of()));
    return all;
  }

  @Override
  public Filled get(String name, Map<String, String> arguments) throws ToolException {
    return others.get(name, arguments);
  }

  @Override
  public Filled get(String name, Map<String, String> arguments, CallClient client)
      throws ToolException, InterruptedException {
    if (!name.equals(NAME)) {
      return others.get(name, arguments, client);
    }
    SequencedMap<String, Question<?>> questions = new LinkedHashMap<>();
    questions.put("user_context", CONTEXT);
    String context =
        client
            .askAll(questions, new Cancellation())
            .orElseThrow(() -> new MissingCapabilityException("elicitation"))
            .to("user_context", CONTEXT)
            .content()
            .path("context")
            .asString("");
    return new Filled("A fixture that asks.", "Speak of " + context);
  }
}
