package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Long results beside the other resources of a server. */
record BesideLongResults(LongResults results, Resources others) implements Resources {
  @Override
  public List<Template> templates() {
    List<Template> all = new ArrayList<>(others.templates());
    all.addAll(results.templates());
    return all;
  }

  @Override
  public Page list(String principal, String cursor) throws ToolException {
    return others.list(principal, cursor);
  }

  private Resources of(String uri) {
    return LongResults.concerns(uri) ? results : others;
  }

  @Override
  public List<Content> read(String principal, String uri) throws ToolException {
    return of(uri).read(principal, uri);
  }

  @Override
  public void requireWatchable(String principal, String uri) throws ToolException {
    of(uri).requireWatchable(principal, uri);
  }

  @Override
  public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
    return others.watch(principal, changed, anything);
  }

  @Override
  public Watch watchList(String principal, Runnable changed) {
    return others.watchList(principal, changed);
  }
}
