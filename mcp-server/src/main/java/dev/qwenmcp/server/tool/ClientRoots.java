package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Optional;

/**
 * The folders in which a client says that its user works. They narrow what may be read and never
 * widen it: a client could name any folder.
 */
final class ClientRoots {
  private final ToolContext call;

  ClientRoots(ToolContext call) {
    this.call = call;
  }

  /**
   * Asks the client, if it can be asked. One that says so and then does not answer changes nothing,
   * with a remark in the result: that it names folders is a help to its user and protects nobody.
   *
   * @throws InterruptedException if the call was cancelled meanwhile
   */
  AllowedRoots within(AllowedRoots allowed) throws InterruptedException {
    if (allowed.folders().isEmpty()) {
      return allowed;
    }
    try {
      Optional<List<Question.Root>> roots = call.ask(new Question.Roots());
      return roots.isEmpty()
          ? allowed
          : allowed.narrowedTo(roots.get().stream().map(Question.Root::uri).toList());
    } catch (ToolException e) {
      call.remark("the client's folders (roots) were left out of account: " + e.getMessage());
      return allowed;
    }
  }
}
