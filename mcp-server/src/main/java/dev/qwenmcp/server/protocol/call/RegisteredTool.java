package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.protocol.schema.AbsentNulls;
import dev.qwenmcp.server.protocol.schema.RecordJson;
import dev.qwenmcp.server.protocol.schema.RecordSchema;
import dev.qwenmcp.server.protocol.schema.SchemaChecker;
import dev.qwenmcp.server.protocol.schema.SchemaViolationException;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool with its schemas, callable with JSON.
 *
 * <p>Arguments are checked against the schema that clients see before the tool runs; results are
 * checked too, because clients refuse those that break the published schema.
 */
public final class RegisteredTool<I extends Record, O extends Record> {
  private static final Logger LOG = LoggerFactory.getLogger(RegisteredTool.class);

  private final Tool<I, O> tool;
  private final ToolSpec<I, O> spec;
  private final RecordJson json;
  private final ObjectNode argumentSchema;
  private final ObjectNode resultSchema;
  private final SchemaChecker arguments;
  private final SchemaChecker results;

  RegisteredTool(Tool<I, O> tool, RecordJson json) {
    this.tool = tool;
    this.spec = tool.spec();
    this.json = json;
    this.argumentSchema =
        tool.argumentSchema().orElseGet(() -> RecordSchema.ofArguments(spec.arguments()));
    this.resultSchema = RecordSchema.ofResult(spec.result());
    this.arguments = new SchemaChecker(argumentSchema);
    this.results = new SchemaChecker(resultSchema);
  }

  public ToolSpec<I, O> spec() {
    return spec;
  }

  public ObjectNode argumentSchema() {
    return argumentSchema.deepCopy();
  }

  public ObjectNode resultSchema() {
    return resultSchema.deepCopy();
  }

  /**
   * Answers a call on the calling thread.
   *
   * @param given the arguments; nulls of optional properties are removed from it
   */
  public ToolOutcome call(ObjectNode given, ToolContext context) {
    I input;
    try {
      AbsentNulls.remove(given, argumentSchema);
      arguments.check(given);
      input = json.read(given, spec.arguments());
    } catch (SchemaViolationException e) {
      return new ToolOutcome.Failure(
          "invalid_arguments", e.getMessage() + ". Mend the arguments of " + spec.name());
    }
    try {
      O output = tool.call(input, context);
      ObjectNode structured = json.write(output);
      results.check(structured);
      return new ToolOutcome.Success(
          structured,
          tool.text(output).orElseGet(structured::toString),
          tool.contents(output),
          tool.links(output),
          List.of());
    } catch (ToolException e) {
      return new ToolOutcome.Failure(e.code(), e.getMessage());
    } catch (InterruptedException e) {
      return new ToolOutcome.Failure("cancelled", "the call was cancelled");
    } catch (SchemaViolationException | RuntimeException | Error e) {
      String reference = UUID.randomUUID().toString();
      LOG.error(
          "{} failed on call {}, reference {}", spec.name(), context.requestId(), reference, e);
      return new ToolOutcome.Failure(
          "internal_error",
          "%s failed; the server's log has the cause under %s".formatted(spec.name(), reference));
    }
  }
}
