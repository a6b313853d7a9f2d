package dev.qwenmcp.engine.batch;

/**
 * How a pass went.
 *
 * @param done false if it was stopped: then it is as if it had not been
 * @param seconds of computing, without waiting; of all members where several shared it
 * @param shared whether other sequences were in it
 */
public record PassResult(boolean done, double seconds, boolean shared) {
  static final PassResult STOPPED = new PassResult(false, 0, false);
}
