package dev.qwenmcp.server.protocol;

/**
 * A resource that a result speaks of, for clients that let their users open it.
 *
 * @param uri where it is read
 * @param name for people
 * @param description of what it holds
 * @param mimeType of its content
 */
public record ResourceLink(String uri, String name, String description, String mimeType) {}
