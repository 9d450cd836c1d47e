/**
 * The HTTP server under the service: Jetty, with its requests on virtual threads, connections that
 * know whether their caller is still there, bodies that are read to their end, and problems as
 * errors.
 */
@NullMarked
package spikemlp.inference.http;

import org.jspecify.annotations.NullMarked;
