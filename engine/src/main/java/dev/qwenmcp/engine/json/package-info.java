/**
 * JSON as a value: a strict reader and a compact writer.
 *
 * <p>The engine depends on the JDK alone, and what it reads as JSON (schemas) comes from outside,
 * so the reader is bounded in depth and exact in its errors. Start at {@link
 * dev.qwenmcp.engine.json.JsonReader}; uses nothing else of the engine.
 */
package dev.qwenmcp.engine.json;
