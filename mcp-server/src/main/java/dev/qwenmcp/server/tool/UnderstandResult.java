package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.tool.Finding.ConfidenceKind;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Puts a finding into the places of {@link Understand.Result}. */
final class UnderstandResult {
  private String label;
  private List<String> fitting;
  private List<Finding.LabelScore> labels;
  private Boolean noneFits;
  private LabelEvidence evidence;
  private ObjectNode data;
  private List<Grounding.ValueSpan> spans;
  private List<String> inferred;
  private List<Finding.Entity> entities;
  private Boolean answered;
  private String answer;
  private Finding.Support support;
  private Double confidence;
  private String summary;
  private List<Finding.KeywordScore> keywords;
  private String language;
  private List<Finding.LanguageScore> languages;

  private UnderstandResult(Understand.Arguments arguments, Finding finding) {
    switch (finding) {
      case Finding.Labels f -> labels(arguments, f);
      case Finding.Data f -> {
        data = f.object();
        spans = f.spans();
        inferred = f.inferred();
      }
      case Finding.Entities f -> entities = f.entities();
      case Finding.Answered f -> {
        answered = f.answer().isPresent();
        answer = f.answer().orElse(null);
        support = f.support().orElse(null);
        confidence = f.confidence();
      }
      case Finding.Summary f -> summary = f.text();
      case Finding.Keywords f -> {
        keywords = f.keywords();
        language = f.language().isEmpty() ? null : f.language();
      }
      case Finding.Languages f -> {
        languages = f.languages();
        language = languages.getFirst().language();
      }
    }
  }

  private void labels(Understand.Arguments arguments, Finding.Labels found) {
    labels = found.scores();
    label = found.chosen().isEmpty() ? null : found.chosen().getFirst();
    evidence = found.evidence().orElse(null);
    boolean several = Boolean.TRUE.equals(arguments.multiLabel());
    fitting = several ? found.chosen() : null;
    boolean noneAllowed =
        several || arguments.labelSet() != null || Boolean.TRUE.equals(arguments.noneOfThese());
    noneFits = noneAllowed ? (Boolean) found.chosen().isEmpty() : null;
  }

  static Understand.Result of(
      String contextId, Understand.Arguments arguments, Finding.Found found) {
    UnderstandResult r = new UnderstandResult(arguments, found.finding());
    Optional<ConfidenceKind> kind = found.confidence();
    Finding.Origin origin = found.origin();
    boolean asked = !origin.model().isNone();
    return new Understand.Result(
        contextId,
        arguments.task(),
        r.label,
        r.fitting,
        r.labels,
        r.noneFits,
        r.evidence,
        kind.orElse(null),
        r.data,
        r.spans,
        r.inferred,
        r.entities,
        r.answered,
        r.answer,
        r.support,
        r.confidence,
        r.summary,
        r.keywords,
        r.language,
        r.languages,
        origin.parts(),
        origin.prompts().isEmpty() ? null : PromptLibrary.VERSION + "/" + origin.prompts(),
        asked ? origin.model().name() : null,
        asked ? UsageReport.of(origin.usage()) : null,
        origin.notes().isEmpty() ? null : origin.notes());
  }
}
