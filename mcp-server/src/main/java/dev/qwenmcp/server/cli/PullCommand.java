package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.ModelSize;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.server.hub.HubException;
import dev.qwenmcp.server.hub.HubSettings;
import dev.qwenmcp.server.hub.ModelPull;
import dev.qwenmcp.server.hub.ModelReference;
import dev.qwenmcp.server.model.PulledModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp pull}: fetches a model. */
@Command(
    name = "pull",
    description = {
      "Fetch a model from a hub, so that it can be chosen by name.",
      "Ctrl-C stops it; the same command later goes on where it was stopped.",
      "Tokens for models that need one: $HF_TOKEN, $MODELSCOPE_API_TOKEN. Proxies: the JDK's"
          + " settings in $QWEN_MCP_JAVA_OPTS, such as -Dhttps.proxyHost=HOST."
    })
final class PullCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "OWNER/NAME, and after a colon which file: Qwen/Qwen3-30B-A3B-GGUF:Q4_K_M, or the file's"
              + " name.")
  private String model;

  @Option(
      names = "--hub",
      paramLabel = "HUB",
      defaultValue = "huggingface",
      description = "huggingface or modelscope (default: ${DEFAULT-VALUE}).")
  private ModelPull.Site site;

  @Option(
      names = "--hub-url",
      paramLabel = "URL",
      defaultValue = "${env:QWEN_MCP_HUB_URL}",
      description =
          "Address of a mirror that answers as the hub does (default: $QWEN_MCP_HUB_URL, $HF_ENDPOINT"
              + " for huggingface, or the hub itself).")
  private String address;

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Branch, tag or commit (default: the hub's main branch).")
  private String revision;

  @Option(names = "--list", description = "List the models of the repository, and fetch nothing.")
  private boolean list;

  @Mixin private ModelFlags models;

  @Override
  public Integer call() throws HubException, InterruptedException {
    ModelReference reference = ModelReference.parse(model);
    PrintWriter out = spec.commandLine().getOut();
    String wanted = revision == null ? site.branch() : revision;
    try (ModelPull pull =
        new ModelPull(
            site,
            base(System.getenv()),
            token(System.getenv()),
            models.pulled(),
            HubSettings.DEFAULT)) {
      if (list) {
        offers(out, pull.offers(reference, wanted));
        return ExitCode.OK;
      }
      PulledModels.Found found;
      try (PullProgressLine progress =
          new PullProgressLine(spec.commandLine().getErr(), System.console() != null)) {
        found = pull.pull(reference, wanted, progress);
      }
      out.println(found.model().name() + " is at " + found.file());
      warnIfUseless(found);
      out.println(
          "Use it with serve --model "
              + found.model().name()
              + ", chat "
              + found.model().name()
              + ", or the model argument of the tools.");
      return ExitCode.OK;
    }
  }

  /** A hub has files of many kinds: one that cannot be run is said now, not at its first use. */
  private void warnIfUseless(PulledModels.Found found) {
    try (GgufFile file = GgufFile.open(found.file())) {
      ModelSize.of(file, EngineOptions.DEFAULT);
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println(
              "The file is whole, but this program cannot run it: "
                  + e.getMessage()
                  + "; qwen-mcp models rm "
                  + found.model().name()
                  + " removes it.");
    }
  }

  private static void offers(PrintWriter out, List<ModelPull.Offer> offers) {
    for (ModelPull.Offer offer : offers) {
      out.printf(
          "%-10s %10s  %s%s%n",
          offer.tag(),
          ModelPull.inWords(offer.bytes()),
          offer.name(),
          offer.parts() == 1 ? "" : " (" + offer.parts() + " files)");
    }
  }

  /** The hub's address, by flag, environment or default. */
  private URI base(Map<String, String> environment) {
    String given = address;
    if (given == null && site == ModelPull.Site.HUGGINGFACE) {
      given = environment.get("HF_ENDPOINT");
    }
    if (given == null || given.isBlank()) {
      return site.address();
    }
    try {
      URI uri = URI.create(given.strip());
      if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--hub-url: expected a URL such as https://mirror.example, got " + given);
  }

  private String token(Map<String, String> environment) {
    String name = site == ModelPull.Site.HUGGINGFACE ? "HF_TOKEN" : "MODELSCOPE_API_TOKEN";
    String token = environment.getOrDefault(name, "").strip();
    if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new ParameterException(
          spec.commandLine(), "$" + name + " has characters that no token has; set it anew");
    }
    return token;
  }
}
