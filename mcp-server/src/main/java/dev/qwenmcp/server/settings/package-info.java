/**
 * What a user has written down for every start: a YAML file of keys and values.
 *
 * <p>Uses the JDK and a YAML parser. Start at {@link dev.qwenmcp.server.settings.SettingsFile}.
 */
package dev.qwenmcp.server.settings;
