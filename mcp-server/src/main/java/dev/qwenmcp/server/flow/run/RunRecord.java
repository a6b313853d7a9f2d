package dev.qwenmcp.server.flow.run;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is known of a run.
 *
 * @param id its handle
 * @param principal who may see and resume it
 * @param flow name of its flow
 * @param declaration the flow as it was when the run began
 * @param inputs what it was given, defaults included
 * @param contextId the context that its steps share
 * @param state where it stands
 * @param created when it began
 * @param updated when something was last written
 * @param output what it gave, once finished
 * @param trouble why it stands still, empty if it does not
 */
public record RunRecord(
    String id,
    String principal,
    String flow,
    JsonNode declaration,
    ObjectNode inputs,
    String contextId,
    RunState state,
    Instant created,
    Instant updated,
    Optional<JsonNode> output,
    String trouble) {}
