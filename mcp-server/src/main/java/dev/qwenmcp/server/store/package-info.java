/**
 * What keeps things in the data folder shares: the folder itself, a database in one file, the
 * driver of such databases, and whose work in progress is whose. Knows nothing of what is kept.
 */
package dev.qwenmcp.server.store;
