package spikemlp.launcher;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Where a command writes for people. On a real terminal the last line may be written over, to show
 * progress; elsewhere lines are only added. Mutable; safe for use by several threads.
 */
final class Terminal {

  private static final String CLEAR_LINE = "\r\033[2K";

  private final PrintWriter out;
  private final boolean interactive;
  private boolean open;

  Terminal(PrintWriter out, boolean interactive) {
    this.out = out;
    this.interactive = interactive;
  }

  /** The process's own, interactive if it is a terminal that understands control sequences. */
  static Terminal of(PrintWriter out) {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Terminal(out, terminal && !"dumb".equals(System.getenv("TERM")));
  }

  boolean interactive() {
    return interactive;
  }

  /** Writes a line that stays. */
  synchronized void line(String text) {
    if (open) {
      out.print(CLEAR_LINE);
      open = false;
    }
    out.println(text);
    out.flush();
  }

  /** Writes over the last such line; nothing where that is not possible. */
  synchronized void status(String text) {
    if (interactive) {
      out.print(CLEAR_LINE + text);
      out.flush();
      open = true;
    }
  }
}
