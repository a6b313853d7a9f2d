/**
 * Records as JSON: their schemas (JSON Schema 2020-12), checking, reading and writing.
 *
 * <p>Uses Jackson and the networknt validator; of the project only {@link
 * dev.qwenmcp.server.protocol.Doc}. Start reading at {@link
 * dev.qwenmcp.server.protocol.schema.RecordSchema}.
 */
package dev.qwenmcp.server.protocol.schema;
