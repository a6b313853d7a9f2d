package dev.qwenmcp.server.protocol.call;

import java.util.List;

/** A call that several look at. */
record ObservedByAll(List<CallObserver.Observed> each) implements CallObserver.Observed {
  @Override
  public void ended(CallReport report) {
    each.forEach(one -> one.ended(report));
  }

  @Override
  public void refused() {
    each.forEach(CallObserver.Observed::refused);
  }
}
