package dev.qwenmcp.server.bench;

import java.util.List;

/** A program under measurement, with a model loaded; possibly with several settings to try. */
public interface Contender extends AutoCloseable {

  /** Names of its settings, under which speeds are reported; at least one. */
  List<String> settings();

  /** Whether it can do this work at all. */
  boolean can(Workload workload);

  /**
   * Does the work once.
   *
   * @param setting one of {@link #settings()}
   * @return seconds of the timed part
   * @throws BenchException if it fails; the message says why
   */
  double seconds(String setting, Workload workload) throws BenchException;

  @Override
  void close();

  /** Loads it. */
  @FunctionalInterface
  interface Source {
    Contender open() throws BenchException;
  }
}
