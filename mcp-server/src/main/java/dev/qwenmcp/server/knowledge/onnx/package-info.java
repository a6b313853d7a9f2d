/**
 * Embedding models from jars, run by ONNX Runtime.
 *
 * <p>Depends on ONNX Runtime, on Jackson for {@code tokenizer.json} and on the interfaces of {@code
 * server.knowledge}. Start reading at {@link dev.qwenmcp.server.knowledge.onnx.EmbeddedModels}.
 */
package dev.qwenmcp.server.knowledge.onnx;
