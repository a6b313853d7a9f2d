package dev.qwenmcp.server.remote;

/** Hears of an answer as it comes. */
public interface RemoteListener {
  /** Hears nothing. */
  RemoteListener NONE =
      new RemoteListener() {
        @Override
        public void reasoning(String piece) {}

        @Override
        public void content(String piece) {}
      };

  /** The next piece of what the model thinks. */
  void reasoning(String piece);

  /** The next piece of the visible text. */
  void content(String piece);
}
