package dev.qwenmcp.server.context;

/** A listener's connection to a store. */
public interface ContextWatch extends AutoCloseable {

  /** Number of the last change that the listener has heard of; a later watch can go on from it. */
  long position();

  /** Ends it; a notice under way may still arrive. */
  @Override
  void close();
}
