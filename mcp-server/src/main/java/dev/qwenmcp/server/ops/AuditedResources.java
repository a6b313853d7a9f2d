package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.function.Consumer;

/** Resources whose reading and watching is noted in the audit log. */
public final class AuditedResources implements Resources {
  private final Resources resources;
  private final AuditTrail audit;

  public AuditedResources(Resources resources, AuditTrail audit) {
    this.resources = resources;
    this.audit = audit;
  }

  @Override
  public List<Template> templates() {
    return resources.templates();
  }

  @Override
  public Page list(String principal, String cursor) throws ToolException {
    return resources.list(principal, cursor);
  }

  @Override
  public List<Content> read(String principal, String uri) throws ToolException {
    try {
      List<Content> contents = resources.read(principal, uri);
      audit.resource("resources/read", principal, uri, Outcomes.OK);
      return contents;
    } catch (ToolException e) {
      audit.resource("resources/read", principal, uri, e.code());
      throw e;
    }
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    try {
      resources.requireWatchable(principal, uri);
      audit.resource("resources/subscribe", principal, uri, Outcomes.OK);
    } catch (ToolException e) {
      audit.resource("resources/subscribe", principal, uri, e.code());
      throw e;
    }
  }

  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    return resources.watch(principal, changed, anything);
  }
}
