/**
 * What a flow is, as it is written down: steps, templates, conditions, and the reading of them.
 *
 * <p>{@link dev.qwenmcp.server.flow.declaration.FlowReader} turns YAML or JSON into a {@link
 * dev.qwenmcp.server.flow.declaration.Flow} or says what is wrong by line and field; {@link
 * dev.qwenmcp.server.flow.declaration.FlowCheck} compares it with the tools that there are. Nothing
 * here runs anything.
 */
package dev.qwenmcp.server.flow.declaration;
