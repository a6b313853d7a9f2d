package dev.qwenmcp.server.protocol;

/**
 * How the server introduces itself.
 *
 * @param name for programs
 * @param title for people
 * @param version of this program
 * @param instructions tells a model how to use the server
 */
public record ServerCard(String name, String title, String version, String instructions) {}
