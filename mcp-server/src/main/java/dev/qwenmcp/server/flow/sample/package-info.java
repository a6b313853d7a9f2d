/** Data to try flows with: questions and answers of a shop that does not exist. */
package dev.qwenmcp.server.flow.sample;
