package dev.qwenmcp.server.tool;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Arguments of understand, those that are not set left out. */
final class Task {
  private final Understand.Task task;
  private final String text;
  Understand.TextRole textRole;
  List<String> labels;
  Map<String, String> labelDescriptions;
  String labelSet;
  Boolean multiLabel;
  Boolean noneOfThese;
  ObjectNode schema;
  List<String> entityTypes;
  String question;
  Integer maxSentences;
  Integer maxWords;
  SummaryStyle style;
  Integer maxKeywords;
  Integer maxTokens;
  Integer timeBudgetSeconds;
  String model;
  String contextId;

  private Task(Understand.Task task, String text) {
    this.task = task;
    this.text = text;
  }

  static Task classify(String text, String... labels) {
    Task task = new Task(Understand.Task.CLASSIFY, text);
    task.labels = List.of(labels);
    return task;
  }

  static Task extract(String text, String schema) {
    Task task = new Task(Understand.Task.EXTRACT, text);
    task.schema = (ObjectNode) JsonMapper.shared().readTree(schema);
    return task;
  }

  static Task summarise(String text) {
    return new Task(Understand.Task.SUMMARISE, text);
  }

  static Task entities(String text, String... types) {
    Task task = new Task(Understand.Task.ENTITIES, text);
    task.entityTypes = types.length == 0 ? null : List.of(types);
    return task;
  }

  static Task sentiment(String text) {
    return new Task(Understand.Task.SENTIMENT, text);
  }

  static Task question(String text, String question) {
    Task task = new Task(Understand.Task.QUESTION, text);
    task.question = question;
    return task;
  }

  static Task bySet(String text, String labelSet) {
    Task task = new Task(Understand.Task.CLASSIFY, text);
    task.labelSet = labelSet;
    return task;
  }

  static Task keywords(String text) {
    return new Task(Understand.Task.KEYWORDS, text);
  }

  static Task language(String text) {
    return new Task(Understand.Task.LANGUAGE, text);
  }

  Task in(String contextId) {
    this.contextId = contextId;
    return this;
  }

  Task model(String model) {
    this.model = model;
    return this;
  }

  Understand.Arguments arguments() {
    return new Understand.Arguments(
        task,
        text,
        textRole,
        labels,
        labelDescriptions,
        labelSet,
        multiLabel,
        noneOfThese,
        schema,
        entityTypes,
        question,
        maxSentences,
        maxWords,
        style,
        maxKeywords,
        maxTokens,
        timeBudgetSeconds,
        model,
        contextId);
  }
}
