package dev.qwenmcp.engine.grammar.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** An independent validator, formats included. */
record Validator(Schema schema) {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  static Validator of(JsonNode schema) {
    return new Validator(REGISTRY.getSchema(schema));
  }

  boolean valid(JsonNode value) {
    return errors(value).isEmpty();
  }

  List<String> errors(JsonNode value) {
    return schema.validate(value).stream().map(Object::toString).toList();
  }
}
