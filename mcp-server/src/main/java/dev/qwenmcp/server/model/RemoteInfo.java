package dev.qwenmcp.server.model;

import dev.qwenmcp.server.remote.RemoteModel;
import dev.qwenmcp.server.remote.RemoteSettings;
import java.util.EnumSet;
import java.util.Set;

/** A remote model as the catalogue shows it. */
final class RemoteInfo {
  private RemoteInfo() {}

  static ModelInfo of(RemoteModel model, boolean isDefault) {
    RemoteSettings.About about = model.settings().about();
    Set<Capability> capabilities = EnumSet.of(Capability.CHAT);
    if (about.thinks()) {
      capabilities.add(Capability.THINKING);
    }
    if (about.grounded()) {
      capabilities.add(Capability.GROUNDED_ANSWERS);
    }
    boolean reachable = model.reachable();
    return new ModelInfo(
        model.name(),
        ModelKind.REMOTE,
        about.description(),
        new ModelFacts(
            "", 0, "", 0, about.contextTokens(), about.languages(), capabilities, about.licence()),
        reachable ? ModelInfo.State.READY : ModelInfo.State.FAILED,
        reachable ? "" : "its servers failed lately and are left alone for a while",
        about.contextTokens(),
        0,
        isDefault,
        // Text alone passes between calls; the name its server knows tells it from others.
        "remote:" + model.settings().servedName());
  }
}
