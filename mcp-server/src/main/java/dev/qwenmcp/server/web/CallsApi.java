package dev.qwenmcp.server.web;

import dev.qwenmcp.engine.ExpertGrid;
import java.util.List;
import java.util.Map;

/** {@code /api/calls}: the asker's calls, and which experts worked for one of them. */
final class CallsApi {
  private final CallBoard board;

  CallsApi(CallBoard board) {
    this.board = board;
  }

  /**
   * Experts of a call.
   *
   * @param call its number
   * @param tool that was called
   * @param mixtures one a model
   */
  record Experts(long call, String tool, List<Mixture> mixtures) {}

  /**
   * How often the routers of a model chose each expert.
   *
   * @param model its name
   * @param grid its experts
   * @param counts (layers, experts)
   */
  record Mixture(String model, ExpertGrid grid, int[][] counts) {}

  Map<String, ApiAnswer> answers() {
    return Map.of(
        "/api/calls",
        request -> board.of(request.principal()),
        "/api/calls/experts",
        this::experts);
  }

  private Experts experts(ApiRequest request) throws ApiException {
    request.required("call");
    int number = request.number("call", 0, 1, Integer.MAX_VALUE);
    WatchedCall call =
        board
            .find(request.principal(), number)
            .orElseThrow(() ->
                ApiException.notFound(
                    "there is no call %d; the last %d of yours are kept"
                        .formatted(number, PrincipalCalls.KEPT)));
    return new Experts(
        number,
        call.view().tool(),
        call.experts().entrySet().stream()
            .map(e -> new Mixture(e.getKey(), e.getValue().grid(), e.getValue().byLayer()))
            .toList());
  }
}
