/**
 * The native kernels seen from Java: everything that {@link
 * dev.qwenmcp.engine.kernel.NativeKernels} needs to call {@code native/include/qk.h}, by hand and
 * prototype by prototype. Nothing else uses it.
 *
 * <p>Start with {@code NativeLibrary} (finds and loads the library), then {@code Bindings} (its
 * functions), {@code Structs} (its structures) and {@code Arguments} (the memory that a call's
 * structure is written to).
 */
package dev.qwenmcp.engine.kernel.ffm;
