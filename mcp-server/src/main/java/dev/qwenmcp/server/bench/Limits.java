package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.kernel.MachineLimits;
import dev.qwenmcp.engine.kernel.NativeKernels;
import dev.qwenmcp.engine.kernel.ffm.NativeLibraryException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the machine can do at most with a number of threads, where that can be measured: the Java
 * kernels have nothing to measure int8 products with.
 *
 * @param measured empty with the Java kernels
 */
public record Limits(Optional<MachineLimits> measured) {
  /** Several times the largest last-level caches of the machines that this is made for. */
  private static final long READ_BYTES = 256L << 20;

  /** Measures with the kernels that an engine with this choice would compute with. */
  static Limits measure(KernelChoice choice, int threads) {
    if (choice == KernelChoice.JAVA) {
      return new Limits(Optional.empty());
    }
    try (NativeKernels kernels = NativeKernels.open(threads)) {
      return new Limits(Optional.of(kernels.measureLimits(READ_BYTES)));
    } catch (NativeLibraryException e) {
      if (choice == KernelChoice.NATIVE) {
        throw e;
      }
      return new Limits(Optional.empty()); // the engine itself warns that it computes in Java
    }
  }

  /** The middle of several measurements, of each limit by itself; none of none. */
  static Limits median(List<Limits> several) {
    List<MachineLimits> known = several.stream().flatMap(l -> l.measured().stream()).toList();
    if (known.isEmpty()) {
      return new Limits(Optional.empty());
    }
    return new Limits(
        Optional.of(
            new MachineLimits(
                known.getFirst().threads(),
                new Sample(known.stream().map(MachineLimits::readBytes).toList()).median(),
                new Sample(known.stream().map(MachineLimits::int8Products).toList()).median())));
  }

  /** Share of the bandwidth that this many tokens a second take; NaN if not measured. */
  double readShare(double tokensPerSecond, Cost cost) {
    return measured.map(m -> tokensPerSecond * cost.bytes() / m.readBytes()).orElse(Double.NaN);
  }

  /** Share of the int8 peak; NaN if not measured. */
  double productShare(double tokensPerSecond, Cost cost) {
    return measured
        .map(m -> tokensPerSecond * cost.products() / m.int8Products())
        .orElse(Double.NaN);
  }

  /** One line for people. */
  String line() {
    return measured
        .map(m ->
            String.format(
                Locale.ROOT,
                "%d threads: reads %.1f GB/s, int8 products %.0f G/s",
                m.threads(),
                m.readBytes() * 1e-9,
                m.int8Products() * 1e-9))
        .orElse("not measured (the Java kernels have no int8 instruction to measure)");
  }
}
