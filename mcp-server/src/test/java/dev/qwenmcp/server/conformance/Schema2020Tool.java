package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A tool whose arguments are described by more of JSON Schema 2020-12 than records give. */
final class Schema2020Tool implements Tool<Schema2020Tool.Arguments, FixtureTool.Said> {
  private static final ToolSpec.Hints HARMLESS = new ToolSpec.Hints(true, false, true, false);
  private static final String SCHEMA =
      """
      {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
       "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{
         "street":{"type":"string"},"city":{"type":"string"}}}},
       "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
         "contactMethod":{"type":"string","enum":["phone","email"]},
         "phone":{"type":"string"},"email":{"type":"string"}},
       "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
       "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
       "then":{"required":["phone"]},"else":{"required":["email"]},
       "additionalProperties":false}
      """;

  record Arguments(
      @Doc(value = "Who.", optional = true) String name,
      @Doc(value = "Where.", optional = true) Map<String, Object> address) {}

  @Override
  public ToolSpec<Arguments, FixtureTool.Said> spec() {
    return new ToolSpec<>(
        "json_schema_2020_12_tool",
        "Schema",
        "Tool with JSON Schema 2020-12 features",
        Arguments.class,
        FixtureTool.Said.class,
        HARMLESS);
  }

  @Override
  public Optional<ObjectNode> argumentSchema() {
    return Optional.of((ObjectNode) JsonMapper.shared().readTree(SCHEMA));
  }

  @Override
  public FixtureTool.Said call(Arguments arguments, ToolContext call) {
    return new FixtureTool.Said("Hello " + arguments.name());
  }
}
