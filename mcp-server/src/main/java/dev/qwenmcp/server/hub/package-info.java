/**
 * Fetches models from hubs: Hugging Face and ModelScope, by their file interfaces.
 *
 * <p>Start with {@link dev.qwenmcp.server.hub.ModelPull}. What arrives is a {@link
 * dev.qwenmcp.server.model.PulledFile} of the catalogue. May use {@code model} and the engine's
 * reader; writes nothing but below the folder that it is given.
 */
package dev.qwenmcp.server.hub;
