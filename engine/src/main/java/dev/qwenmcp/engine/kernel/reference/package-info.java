/**
 * What {@link dev.qwenmcp.engine.kernel.ReferenceKernels} is made of: plain Java that follows
 * {@code docs/reference/arithmetic.md} and gives the same bits as the native kernels. Nothing
 * outside {@code kernel} uses it, except {@link dev.qwenmcp.engine.kernel.reference.Dequantiser},
 * which anyone may use.
 *
 * <p>Start with {@code Arithmetic} (sums, exponential), then {@code RowDecoder} (how each type
 * packs its blocks), {@code WeightPanel} (dot products) and {@code MatrixProduct} (all of them, in
 * parallel); {@code KvWriter}, {@code CausalAttention} and {@code ExpertMixture} are the
 * operations.
 */
package dev.qwenmcp.engine.kernel.reference;
