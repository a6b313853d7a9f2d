package dev.qwenmcp.server.hub;

/** Hears how a pull goes. */
public interface PullListener {
  /** Something that happened, for people. */
  void note(String what);

  /**
   * How far the files are, all together; told often.
   *
   * @param done bytes that are on disk
   * @param total bytes of all files
   */
  void progress(long done, long total);
}
