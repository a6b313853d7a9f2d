package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a {@link Flow} with this program's server, then with a peer that gets prompts of the same
 * lengths and with as much in common; again with other documents for each repetition.
 */
public final class ReuseBench {
  private final Settings settings;
  private final ToolServer.Source servers;
  private final Optional<PromptReader.Source> peers;
  private final Consumer<String> progress;
  private final Flow flow = Flow.standard();
  private final List<ReuseRow.Measured> measured = new ArrayList<>(); // calls, repetition by one
  private final List<Double> starts = new ArrayList<>();
  private List<String> peerConditions = List.of();

  /**
   * What is measured.
   *
   * @param model its name, for people
   * @param tokenizer of the model
   * @param documentTokens length of each document
   * @param repetitions with new documents each
   */
  public record Settings(
      String model, BpeTokenizer tokenizer, int documentTokens, int repetitions) {
    public Settings {
      if (documentTokens < 1 || repetitions < 1) {
        throw new IllegalArgumentException(
            "at least one token and one repetition: " + documentTokens + ", " + repetitions);
      }
    }
  }

  /**
   * @param servers starts this program's server with the model
   * @param peers loads the same model elsewhere
   * @param progress hears what is being measured
   */
  public ReuseBench(
      Settings settings,
      ToolServer.Source servers,
      Optional<PromptReader.Source> peers,
      Consumer<String> progress) {
    this.settings = settings;
    this.servers = servers;
    this.peers = peers;
    this.progress = progress;
  }

  /**
   * Measures everything.
   *
   * @throws BenchException if something cannot be measured
   */
  public ReuseReport run() throws BenchException {
    for (int repetition = 0; repetition < settings.repetitions(); repetition++) {
      List<SampleDocument> documents = new ArrayList<>();
      for (int d = 0; d < Flow.DOCUMENTS; d++) {
        documents.add(
            SampleDocument.of(
                settings.tokenizer(), settings.documentTokens(), Flow.DOCUMENTS * repetition + d));
      }
      List<Reading> own = own(documents);
      int[] common = common(documents, own);
      List<Reading> peer =
          peers.isPresent() ? peer(peers.get(), own, common, repetition) : List.of();
      add(own, peer, common);
    }
    return new ReuseReport(Machine.here(), settings.model(), conditions(), rows());
  }

  private List<Reading> own(List<SampleDocument> documents) throws BenchException {
    List<Reading> readings = new ArrayList<>();
    try (OwnServer server = new OwnServer(servers, documents)) {
      for (Flow.Act act : flow.acts()) {
        switch (act) {
          case Call call -> {
            progress.accept("qwen-mcp, " + call.name());
            readings.add(server.ask(call));
          }
          case Flow.Restart _ -> server.restart();
        }
      }
      starts.addAll(server.starts());
    }
    return readings;
  }

  /**
   * Tokens that all prompts of a document begin with: the document, and what stands before and
   * around it, as far as a second call was found to share it.
   */
  private int[] common(List<SampleDocument> documents, List<Reading> own) {
    SampleDocument first = documents.getFirst();
    int around = 0;
    for (int i = 1; i < own.size(); i++) {
      if (flow.calls().get(i).document() == 0) {
        around = Math.max(0, own.get(i).cachedTokens() - first.tokens());
        break;
      }
    }
    int[] common = new int[documents.size()];
    for (int d = 0; d < common.length; d++) {
      common[d] = documents.get(d).tokens() + around;
    }
    return common;
  }

  private List<Reading> peer(
      PromptReader.Source source, List<Reading> own, int[] common, int repetition)
      throws BenchException {
    int longest = own.stream().mapToInt(Reading::promptTokens).max().orElseThrow();
    List<Reading> readings = new ArrayList<>();
    try (PromptReader reader = source.open(longest)) {
      for (Flow.Act act : flow.acts()) {
        switch (act) {
          case Call call -> {
            progress.accept("peer, " + call.name());
            int i = readings.size();
            int document = common[call.document()];
            readings.add(
                reader.read(
                    new PromptReader.Prompt(
                        Flow.DOCUMENTS * repetition + call.document(),
                        document,
                        i,
                        own.get(i).promptTokens() - document),
                    call.phase()));
          }
          case Flow.Restart _ -> reader.restart();
        }
      }
      peerConditions = reader.conditions();
    }
    return readings;
  }

  private void add(List<Reading> own, List<Reading> peer, int[] common) {
    double[] ownCold = new double[common.length];
    double[] peerCold = new double[common.length];
    for (int i = 0; i < own.size(); i++) {
      Call call = flow.calls().get(i);
      Optional<Reading> theirs = peer.isEmpty() ? Optional.empty() : Optional.of(peer.get(i));
      if (call.phase() == Call.Phase.COLD) {
        ownCold[call.document()] = own.get(i).seconds();
        peerCold[call.document()] = theirs.map(Reading::seconds).orElse(Double.NaN);
      }
      measured.add(
          new ReuseRow.Measured(
              common[call.document()],
              own.get(i),
              ownCold[call.document()],
              theirs,
              peerCold[call.document()]));
    }
  }

  private List<ReuseRow> rows() {
    Map<String, List<ReuseRow.Measured>> byName = new LinkedHashMap<>();
    Map<String, Call.Phase> phases = new LinkedHashMap<>();
    for (int i = 0; i < measured.size(); i++) {
      Call call = flow.calls().get(i % flow.calls().size());
      byName.computeIfAbsent(call.name(), _ -> new ArrayList<>()).add(measured.get(i));
      phases.put(call.name(), call.phase());
    }
    return byName.entrySet().stream()
        .map(e -> new ReuseRow(e.getKey(), phases.get(e.getKey()), e.getValue()))
        .toList();
  }

  private List<String> conditions() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "documents of %d tokens; \"first token\" is from the request to the answer over MCP, less what was written after the first token"
            .formatted(settings.documentTokens()));
    lines.add(
        "n calls each: medians, but for the prefill, which is of the call that exceeded its task most; its goal is that task, which is what no other prompt has, and a page of 64 tokens");
    lines.add(
        "from the start of a server to its model being loaded: %s s, which is part of no figure; a server reads no document before it is asked"
            .formatted(ReuseReport.seconds(new Sample(starts).median())));
    lines.addAll(peerConditions);
    return lines;
  }
}
