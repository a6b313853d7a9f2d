package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.server.protocol.WorkListener;

/**
 * Tells of a generation both to who looks at the server and to the client.
 *
 * @param work the former
 * @param client the latter
 */
record HeardWork(WorkListener.Work work, TokenListener client) implements TokenListener {
  @Override
  public void onText(String text, int generatedTokens) {
    work.wrote(generatedTokens);
    client.onText(text, generatedTokens);
  }

  @Override
  public void onPrompt(int done, int total) {
    work.read(done, total);
    client.onPrompt(done, total);
  }
}
