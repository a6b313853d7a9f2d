package dev.qwenmcp.server.job.sql;

import dev.qwenmcp.server.job.Job;
import dev.qwenmcp.server.job.JobEnding;
import dev.qwenmcp.server.job.JobProgress;
import dev.qwenmcp.server.job.JobState;
import dev.qwenmcp.server.protocol.ClientRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Jobs as rows. */
final class JobRows {
  static final String SELECT =
      "SELECT id, principal, tool, arguments, state, done, total, message, questions, result, error,"
          + " created, updated FROM job";

  private static final JsonMapper JSON = JsonMapper.shared();

  private JobRows() {}

  static Job read(ResultSet row) throws SQLException {
    return new Job(
        row.getString("id"),
        row.getString("principal"),
        row.getString("tool"),
        object(row.getString("arguments")),
        JobState.of(row.getString("state")),
        progress(row),
        questions(object(row.getString("questions"))),
        ending(row),
        Instant.ofEpochMilli(row.getLong("created")),
        Instant.ofEpochMilli(row.getLong("updated")));
  }

  private static Optional<JobProgress> progress(ResultSet row) throws SQLException {
    double done = row.getDouble("done");
    if (row.wasNull()) {
      return Optional.empty();
    }
    double total = row.getDouble("total");
    Double known = row.wasNull() ? null : Double.valueOf(total);
    return Optional.of(new JobProgress(done, known, row.getString("message")));
  }

  private static Optional<JobEnding> ending(ResultSet row) throws SQLException {
    String result = row.getString("result");
    if (result != null) {
      return Optional.of(new JobEnding.Result(object(result)));
    }
    String error = row.getString("error");
    return error == null ? Optional.empty() : Optional.of(new JobEnding.Refusal(object(error)));
  }

  static String result(JobEnding ending) {
    return ending instanceof JobEnding.Result result ? result.result().toString() : null;
  }

  static String error(JobEnding ending) {
    return ending instanceof JobEnding.Refusal refusal ? refusal.error().toString() : null;
  }

  static ObjectNode questions(Map<String, ClientRequest> questions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    questions.forEach((key, asked) ->
        json.putObject(key).put("method", asked.method()).set("params", asked.params()));
    return json;
  }

  private static SequencedMap<String, ClientRequest> questions(ObjectNode json) {
    SequencedMap<String, ClientRequest> questions = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : json.properties()) {
      questions.put(
          each.getKey(),
          new ClientRequest(
              each.getValue().get("method").asString(),
              (ObjectNode) each.getValue().get("params")));
    }
    return questions;
  }

  static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json);
  }

  static Map<String, ObjectNode> objects(String json) {
    Map<String, ObjectNode> objects = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : object(json).properties()) {
      objects.put(each.getKey(), (ObjectNode) each.getValue());
    }
    return objects;
  }
}
