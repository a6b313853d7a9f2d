package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.hub.ModelPull;
import dev.qwenmcp.server.model.CatalogModel;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelFacts;
import dev.qwenmcp.server.model.PulledModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp models}: the models of this machine. */
@Command(
    name = "models",
    description = "The models of this machine: list them, remove pulled ones.")
final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: list or rm");
  }

  @Command(name = "list", description = "List all models that can be chosen by name.")
  void list(@Mixin ModelFlags models) throws ModelException {
    PrintWriter out = spec.commandLine().getOut();
    for (CatalogModel model : models.catalog().models()) {
      try {
        ModelFacts facts = model.facts();
        out.printf(
            Locale.ROOT,
            "%-40s %-8s %-9s %-7s %10s  %,7d tokens  %s%n",
            model.name(),
            model.kind().name().toLowerCase(Locale.ROOT),
            facts.architecture(),
            facts.quantisation(),
            ModelPull.inWords(facts.bytes()),
            facts.contextTokens(),
            facts.licence());
      } catch (IOException | RuntimeException e) {
        out.printf(
            "%-40s %-8s cannot be used: %s%n",
            model.name(), model.kind().name().toLowerCase(Locale.ROOT), e.getMessage());
      }
    }
    out.flush();
  }

  @Command(name = "rm", description = "Remove a pulled model from the disk.")
  void remove(@Parameters(paramLabel = "MODEL") String name, @Mixin ModelFlags models)
      throws ModelException, IOException, CliException {
    PulledModels pulled = models.pulled();
    PulledModels.Found found =
        pulled.all().stream()
            .filter(candidate -> candidate.model().name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new CliException(
                    "no pulled model is named "
                        + name
                        + "; models list shows which there are, and other files are yours to remove"));
    pulled.remove(found);
    spec.commandLine()
        .getOut()
        .println(name + " is removed, " + ModelPull.inWords(found.model().bytes()) + " freed");
  }
}
