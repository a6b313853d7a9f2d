package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.engine.ExpertGrid;
import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.server.protocol.WorkListener;
import dev.qwenmcp.server.protocol.WorkListener.Work;
import java.util.List;
import java.util.Optional;

/** A call that several look at. */
record ObservedByAll(List<CallObserver.Observed> each) implements CallObserver.Observed {
  @Override
  public WorkListener work() {
    List<WorkListener> listeners =
        each.stream()
            .map(CallObserver.Observed::work)
            .filter(listener -> listener != WorkListener.NONE)
            .toList();
    return switch (listeners.size()) {
      case 0 -> WorkListener.NONE;
      case 1 -> listeners.getFirst();
      default -> (model, experts) -> heardByAll(listeners, model, experts);
    };
  }

  private static Work heardByAll(
      List<WorkListener> listeners, String model, Optional<ExpertGrid> grid) {
    List<Work> all = listeners.stream().map(listener -> listener.begins(model, grid)).toList();
    return new Work() {
      @Override
      public void read(int done, int total) {
        all.forEach(one -> one.read(done, total));
      }

      @Override
      public void wrote(int tokens) {
        all.forEach(one -> one.wrote(tokens));
      }

      @Override
      public ExpertListener experts() {
        List<ExpertListener> hear =
            all.stream().map(Work::experts).filter(one -> one != ExpertListener.NONE).toList();
        return hear.isEmpty()
            ? ExpertListener.NONE
            : (layer, chosen) -> hear.forEach(one -> one.chose(layer, chosen));
      }
    };
  }

  @Override
  public void ended(CallReport report) {
    each.forEach(one -> one.ended(report));
  }

  @Override
  public void refused() {
    each.forEach(CallObserver.Observed::refused);
  }
}
