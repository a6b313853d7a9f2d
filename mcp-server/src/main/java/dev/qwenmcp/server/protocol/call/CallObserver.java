package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.WorkListener;
import java.util.List;

/**
 * Sees every call of a tool, whatever era and transport it came by: for measures, spans and the
 * audit log.
 *
 * <p>Its methods are called by threads that clients wait for, so they neither wait nor fail.
 */
@FunctionalInterface
public interface CallObserver {

  /** Sees nothing. */
  CallObserver NONE = (tool, request) -> Observed.NOTHING;

  /**
   * A call begins.
   *
   * @param tool name of a registered tool
   * @param request with the arguments, which belong to the call: they are read before this returns
   *     and never changed
   */
  Observed began(String tool, CallRequest request);

  /**
   * One call that is seen to its end; exactly one of {@link #ended} and {@link #refused} is called,
   * once.
   */
  interface Observed {
    /** Nobody looks. */
    Observed NOTHING =
        new Observed() {
          @Override
          public void ended(CallReport report) {
            // Nobody looks.
          }

          @Override
          public void refused() {
            // Nobody looks.
          }
        };

    /** What hears the models that work for the call. */
    default WorkListener work() {
      return WorkListener.NONE;
    }

    /** The tool has stopped. */
    void ended(CallReport report);

    /** The server had as many calls as it takes; the tool did not run. */
    void refused();
  }

  /** One that hands everything to all of some. */
  static CallObserver all(List<CallObserver> observers) {
    List<CallObserver> each = List.copyOf(observers);
    return switch (each.size()) {
      case 0 -> NONE;
      case 1 -> each.getFirst();
      default ->
          (tool, request) ->
              new ObservedByAll(each.stream().map(o -> o.began(tool, request)).toList());
    };
  }
}
