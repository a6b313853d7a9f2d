package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.server.flow.declaration.ToolShape;
import dev.qwenmcp.server.protocol.ToolContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tools that do what a test says, and write down how they were called. */
final class FakeTools {
  final Map<String, FlowTool> tools = new HashMap<>();
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  FakeTools() {
    with("context_open", (a, c) -> answer("context_id", "ctx_1"));
    with("context_fork", (a, c) -> answer("context_id", a.get("context_id").asString() + "_fork"));
    with("echo", (a, c) -> answer("text", a.path("text").asString()));
  }

  static FlowTool.Outcome answer(String name, String value) {
    return new FlowTool.Answered(JsonMapper.shared().createObjectNode().put(name, value));
  }

  FakeTools with(String name, BiFunction<ObjectNode, ToolContext, FlowTool.Outcome> work) {
    ObjectNode arguments = JsonMapper.shared().createObjectNode();
    for (String argument : List.of("text", "items", "context_id", "model", "title")) {
      arguments.withObjectProperty("properties").putObject(argument);
    }
    ObjectNode result = JsonMapper.shared().createObjectNode();
    for (String member : List.of("text", "items", "context_id", "value")) {
      result.withObjectProperty("properties").putObject(member);
    }
    ToolShape shape = new ToolShape(arguments, result);
    tools.put(
        name,
        new FlowTool() {
          @Override
          public ToolShape shape() {
            return shape;
          }

          @Override
          public Outcome call(ObjectNode given, ToolContext call) {
            calls.add(name + given);
            return work.apply(given, call);
          }
        });
    return this;
  }

  long count(String tool) {
    return calls.stream().filter(call -> call.startsWith(tool + "{")).count();
  }
}
