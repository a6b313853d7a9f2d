package dev.qwenmcp.server.bench.understanding;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.reuse.ToolServer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Extracts by schemas of many kinds from texts of one to sixty sentences, and looks whether each
 * object follows its schema and each span is what the text has there.
 */
public final class StructuredBench {
  private static final int MOST_TEXTS = 60;
  private static final int BUDGET_SECONDS = 600;
  private static final int TOKENS = 1024;

  private static final List<String> SCHEMAS =
      List.of(
          """
          {"type": "object", "properties": {"subject": {"type": "string", "maxLength": 60},
            "urgent": {"type": "boolean"}}, "required": ["subject", "urgent"],
            "additionalProperties": false}\
          """,
          """
          {"type": "object", "properties": {"amounts": {"type": "array", "items": {"type": "number"},
            "maxItems": 4}, "currency": {"enum": ["EUR", "USD", "GBP", null]}},
            "required": ["amounts", "currency"], "additionalProperties": false}\
          """,
          """
          {"type": "object", "properties": {"people": {"type": "array", "maxItems": 3, "items":
            {"$ref": "#/$defs/person"}}}, "required": ["people"], "additionalProperties": false,
            "$defs": {"person": {"type": "object", "properties": {"name": {"type": "string",
            "minLength": 1, "maxLength": 30}, "age": {"type": ["integer", "null"], "minimum": 0,
            "maximum": 120}}, "required": ["name", "age"], "additionalProperties": false}}}\
          """,
          """
          {"type": "object", "properties": {"date": {"type": "string", "format": "date"},
            "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"}},
            "required": ["date", "code"], "additionalProperties": false}\
          """,
          """
          {"type": "object", "properties": {"意图": {"enum": ["查询", "投诉", "其他"]},
            "关键词": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "string",
            "maxLength": 12}}}, "required": ["意图", "关键词"], "additionalProperties": false}\
          """,
          """
          {"type": "object", "properties": {"request": {"anyOf": [{"type": "object", "properties":
            {"kind": {"const": "refund"}, "amount": {"type": "integer", "minimum": 0, "maximum":
            9999}}, "required": ["kind", "amount"], "additionalProperties": false}, {"type":
            "object", "properties": {"kind": {"const": "question"}, "about": {"type": "string",
            "maxLength": 40}}, "required": ["kind", "about"], "additionalProperties": false}]}},
            "required": ["request"], "additionalProperties": false}\
          """,
          """
          {"type": "object", "properties": {"a": {"type": "string", "maxLength": 20}, "b": {"type":
            "object", "properties": {"c": {"type": "array", "items": {"type": "array", "maxItems":
            2, "items": {"type": "integer", "minimum": 0, "maximum": 99}}, "maxItems": 2}},
            "required": ["c"], "additionalProperties": false}}, "required": ["a", "b"],
            "additionalProperties": false}\
          """);

  private final ToolServer server;
  private final List<String> texts;
  private final Random random = new Random(1);

  /**
   * @param texts sentences to make texts of
   */
  public StructuredBench(ToolServer server, List<String> texts) {
    this.server = server;
    this.texts = List.copyOf(texts);
  }

  /**
   * What was found.
   *
   * @param inputs how many calls were made
   * @param valid answers that follow their schema
   * @param inParts texts that were read in several parts
   * @param spans places that were given, of values, entities and support
   * @param reproduced those where the text has what was given
   * @param inferred values that were said not to stand in the text
   * @param failures calls that gave an error instead, with the error
   */
  public record Report(
      int inputs,
      int valid,
      int inParts,
      int spans,
      int reproduced,
      int inferred,
      List<String> failures) {
    Report plus(Report o) {
      return new Report(
          inputs + o.inputs,
          valid + o.valid,
          inParts + o.inParts,
          spans + o.spans,
          reproduced + o.reproduced,
          inferred + o.inferred,
          Stream.concat(failures.stream(), o.failures.stream()).toList());
    }
  }

  /**
   * Makes calls.
   *
   * <p>One that fails counts as an answer that does not follow its schema.
   */
  public Report measure(int inputs) {
    Report all = new Report(0, 0, 0, 0, 0, 0, List.of());
    for (int i = 0; i < inputs; i++) {
      String text = text(i);
      int task = i % (SCHEMAS.size() + 2);
      ObjectNode arguments =
          JsonNodeFactory.instance
              .objectNode()
              .put("text", text)
              .put("time_budget_seconds", BUDGET_SECONDS)
              .put("max_tokens", TOKENS);
      if (task < SCHEMAS.size()) {
        arguments
            .put("task", "extract")
            .set("schema", JsonMapper.shared().readTree(SCHEMAS.get(task)));
      } else if (task == SCHEMAS.size()) {
        arguments.put("task", "entities");
      } else {
        arguments.put("task", "question").put("question", texts.get(random.nextInt(texts.size())));
      }
      JsonNode result;
      try {
        result = server.call("understand", arguments).result();
      } catch (BenchException e) {
        all =
            all.plus(
                new Report(
                    1,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(
                        arguments.get("task").asString() + " " + task + ": " + e.getMessage())));
        continue;
      }
      boolean valid =
          task >= SCHEMAS.size()
              || SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(arguments.get("schema"))
                  .validate(result.get("data"))
                  .isEmpty();
      all = all.plus(checked(result, text, valid));
    }
    return all;
  }

  /** One text in two, a few in four, many in four. */
  private String text(int i) {
    int count =
        i % 4 < 2 ? 1 : i % 4 == 2 ? 2 + random.nextInt(6) : 10 + random.nextInt(MOST_TEXTS - 10);
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < count; n++) {
      text.append(n == 0 ? "" : " ").append(texts.get(random.nextInt(texts.size())));
    }
    return text.toString();
  }

  private static Report checked(JsonNode result, String text, boolean valid) {
    int spans = 0;
    int reproduced = 0;
    for (JsonNode span : result.path("spans")) {
      JsonNode value = result.get("data").at(span.get("path").asString());
      spans++;
      reproduced += stands(span, text) && same(value, span.get("text").asString()) ? 1 : 0;
    }
    for (JsonNode entity : result.path("entities")) {
      spans++;
      reproduced += stands(entity, text) ? 1 : 0;
    }
    if (result.has("support")) {
      spans++;
      reproduced += stands(result.get("support"), text) ? 1 : 0;
    }
    return new Report(
        1,
        valid ? 1 : 0,
        result.get("parts").asInt() > 1 ? 1 : 0,
        spans,
        reproduced,
        result.path("inferred").size(),
        List.of());
  }

  private static boolean stands(JsonNode span, String text) {
    int start = span.get("start").asInt();
    int end = span.get("end").asInt();
    return 0 <= start
        && start < end
        && end <= text.length()
        && text.substring(start, end).equals(span.get("text").asString());
  }

  /** The words of a string but for case and white space; a number by its value. */
  private static boolean same(JsonNode value, String found) {
    if (value.isNumber()) {
      String digits = found.replace(",", "").replace("+", "");
      return new BigDecimal(digits).compareTo(value.decimalValue()) == 0;
    }
    String bare = value.asString().strip().replaceAll("\\s+", " ");
    return bare.equalsIgnoreCase(found.replaceAll("\\s+", " "));
  }
}
