/**
 * llama.cpp as the other contender, in processes of its own: its shared libraries in a child of
 * this program, or its {@code llama-bench}.
 *
 * <p>Uses the workloads of {@code bench} and Java's foreign functions. Start reading at {@link
 * dev.qwenmcp.server.bench.peer.PeerFolder}.
 */
package dev.qwenmcp.server.bench.peer;
