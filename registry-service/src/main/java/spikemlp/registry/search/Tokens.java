package spikemlp.registry.search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import spikemlp.registry.StoredJson;

/**
 * Cuts a filter into tokens. Texts stand in single quotes, doubled to mean one; keys with other
 * characters than {@code A-Z a-z 0-9 _ . -} stand in double quotes or backticks.
 */
final class Tokens {

  static final int MOST_CHARACTERS = 1000;

  private static final Pattern SPACE = Pattern.compile(" +");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
  private static final Pattern SYMBOL = Pattern.compile("<=|>=|!=|<>|==|[=<>(),]");

  private final String filter;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Tokens(String filter) {
    this.filter = filter;
  }

  /** The filter's tokens, an END last. */
  static List<Token> of(String filter) {
    if (filter.length() > MOST_CHARACTERS) {
      throw SearchProblems.at(
          MOST_CHARACTERS + 1,
          "a filter has at most " + MOST_CHARACTERS + " characters, not " + filter.length());
    }
    for (int i = 0; i < filter.length(); i++) {
      if (Character.isISOControl(filter.charAt(i))) {
        throw SearchProblems.at(
            i + 1, "a control character, U+%04X".formatted((int) filter.charAt(i)));
      }
    }
    if (!StoredJson.storable(filter)) {
      throw SearchProblems.at(1, StoredJson.UNSTORABLE);
    }
    return new Tokens(filter).read();
  }

  private List<Token> read() {
    while (at < filter.length()) {
      char next = filter.charAt(at);
      if (next == '\'') {
        quoted(Token.Kind.TEXT, next);
      } else if (next == '"' || next == '`') {
        quoted(Token.Kind.NAME, next);
      } else if (!skip(SPACE)
          && !take(Token.Kind.WORD, WORD)
          && !take(Token.Kind.NUMBER, NUMBER)
          && !take(Token.Kind.SYMBOL, SYMBOL)) {
        throw SearchProblems.at(
            at + 1, "'" + Character.toString(filter.codePointAt(at)) + "' has no meaning here");
      }
    }
    tokens.add(new Token(Token.Kind.END, "", filter.length() + 1));
    return List.copyOf(tokens);
  }

  private boolean skip(Pattern pattern) {
    Matcher matcher = pattern.matcher(filter).region(at, filter.length());
    if (matcher.lookingAt()) {
      at = matcher.end();
      return true;
    }
    return false;
  }

  private boolean take(Token.Kind kind, Pattern pattern) {
    int start = at;
    if (skip(pattern)) {
      tokens.add(new Token(kind, filter.substring(start, at), start + 1));
      return true;
    }
    return false;
  }

  private void quoted(Token.Kind kind, char quote) {
    StringBuilder text = new StringBuilder();
    int start = at++;
    while (at < filter.length()) {
      char next = filter.charAt(at++);
      if (next != quote) {
        text.append(next);
      } else if (at < filter.length() && filter.charAt(at) == quote) {
        text.append(quote);
        at++;
      } else {
        tokens.add(new Token(kind, text.toString(), start + 1));
        return;
      }
    }
    throw SearchProblems.at(start + 1, "the quote " + quote + " that opens here is not closed");
  }
}
