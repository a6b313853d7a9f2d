package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.InputRequiredException;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.TaskSupport;
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
import java.util.Optional;
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
  private volatile Schemas schemas;

  /** Derived when first needed, which {@code initialize} does not. */
  private record Schemas(
      ObjectNode argument, ObjectNode result, SchemaChecker arguments, SchemaChecker results) {
    Schemas(ObjectNode argument, ObjectNode result) {
      this(argument, result, new SchemaChecker(argument), new SchemaChecker(result));
    }
  }

  RegisteredTool(Tool<I, O> tool, RecordJson json) {
    this.tool = tool;
    this.spec = tool.spec();
    this.json = json;
  }

  private Schemas schemas() {
    Schemas known = schemas;
    if (known == null) {
      synchronized (this) {
        known = schemas;
        if (known == null) {
          known =
              new Schemas(
                  tool.argumentSchema().orElseGet(() -> RecordSchema.ofArguments(spec.arguments())),
                  RecordSchema.ofResult(spec.result()));
          schemas = known;
        }
      }
    }
    return known;
  }

  public ToolSpec<I, O> spec() {
    return spec;
  }

  /**
   * The schema of the arguments.
   *
   * @throws IllegalArgumentException if the record cannot be described
   */
  public ObjectNode argumentSchema() {
    return schemas().argument().deepCopy();
  }

  /**
   * The schema of the result.
   *
   * @throws IllegalArgumentException if the record cannot be described
   */
  public ObjectNode resultSchema() {
    return schemas().result().deepCopy();
  }

  void prepareChecks() {
    schemas().arguments().prepare();
    schemas().results().prepare();
  }

  /** Whether calls may become tasks. */
  public TaskSupport tasks() {
    return tool.tasks();
  }

  /** Whether something fits the schema of results. */
  boolean isResult(ObjectNode structured) {
    try {
      schemas().results().check(structured);
      return true;
    } catch (SchemaViolationException e) {
      return false;
    }
  }

  private I read(ObjectNode given) throws SchemaViolationException {
    AbsentNulls.remove(given, schemas().argument());
    schemas().arguments().check(given);
    return json.read(given, spec.arguments());
  }

  private ToolOutcome.Failure invalid(SchemaViolationException e) {
    return new ToolOutcome.Failure(
        "invalid_arguments", e.getMessage() + ". Mend the arguments of " + spec.name());
  }

  /**
   * Looks at the arguments of a call that is to be made later.
   *
   * @param given nulls of optional properties are removed from it
   * @return what is wrong with them; empty if nothing is
   */
  public Optional<ToolOutcome.Failure> check(ObjectNode given) {
    try {
      read(given);
      return Optional.empty();
    } catch (SchemaViolationException e) {
      return Optional.of(invalid(e));
    }
  }

  /**
   * Does what comes before a call becomes a task, on the calling thread.
   *
   * @param given the arguments, as for {@link #call}
   * @return why it cannot be made; empty if it can
   * @throws InputRequiredException if the tool needs answers of its client first
   * @throws MissingCapabilityException if it needs a client of another kind
   */
  public Optional<ToolOutcome.Failure> prepare(ObjectNode given, ToolContext context) {
    try {
      tool.prepare(read(given), context);
      return Optional.empty();
    } catch (SchemaViolationException e) {
      return Optional.of(invalid(e));
    } catch (ToolException e) {
      return Optional.of(new ToolOutcome.Failure(e.code(), e.getMessage()));
    } catch (InterruptedException e) {
      return Optional.of(cancelled());
    }
  }

  private static ToolOutcome.Failure cancelled() {
    return new ToolOutcome.Failure("cancelled", "the call was cancelled");
  }

  /**
   * Answers a call on the calling thread.
   *
   * @param given the arguments; nulls of optional properties are removed from it
   * @throws InputRequiredException if the tool needs answers of its client before it can go on
   * @throws MissingCapabilityException if it needs a client of another kind
   */
  public ToolOutcome call(ObjectNode given, ToolContext context) {
    I input;
    try {
      input = read(given);
    } catch (SchemaViolationException e) {
      return invalid(e);
    }
    try {
      O output = tool.call(input, context);
      ObjectNode structured = json.write(output);
      schemas().results().check(structured);
      return new ToolOutcome.Success(
          structured,
          tool.text(output).orElseGet(structured::toString),
          tool.contents(output),
          tool.links(output),
          List.of());
    } catch (ToolException e) {
      return new ToolOutcome.Failure(e.code(), e.getMessage());
    } catch (InterruptedException e) {
      return cancelled();
    } catch (InputRequiredException | MissingCapabilityException e) {
      throw e;
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
