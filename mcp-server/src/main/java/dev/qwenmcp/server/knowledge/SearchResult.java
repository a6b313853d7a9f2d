package dev.qwenmcp.server.knowledge;

import java.util.List;

/**
 * What a search found.
 *
 * @param passages best first, no two with the same text
 * @param mode what was compared in the end: keywords alone where there was no vector to compare
 * @param notes what the caller should know, such as why that was
 */
public record SearchResult(List<Passage> passages, SearchMode mode, List<String> notes) {}
