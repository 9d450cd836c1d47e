package spikemlp.launcher;

import picocli.CommandLine.Option;

/** The options of commands that start the platform. */
final class PlatformOptions {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The page's and the API's port; 0 for any free one (${DEFAULT-VALUE}).")
  private int port;

  int port() {
    return port;
  }
}
