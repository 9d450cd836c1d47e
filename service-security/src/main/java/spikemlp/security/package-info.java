/**
 * Who may call what: the platform's signing key, the tokens it signs, and the resource-server
 * set-up that every service imports. Every route is closed until a service's {@link
 * spikemlp.security.RouteRules} opens it for a {@link spikemlp.security.Scope}.
 */
@NullMarked
package spikemlp.security;

import org.jspecify.annotations.NullMarked;
