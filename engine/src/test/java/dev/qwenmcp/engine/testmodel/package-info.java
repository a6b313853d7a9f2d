/**
 * Random models for tests: complete GGUF files of the Qwen3 architectures, of any size and types.
 *
 * <p>Start with {@link dev.qwenmcp.engine.testmodel.RandomModel}. Used by the tests of the engine
 * and of the server; llama.cpp loads these files as well.
 */
package dev.qwenmcp.engine.testmodel;
