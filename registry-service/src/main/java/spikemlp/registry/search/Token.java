package spikemlp.registry.search;

import java.util.Locale;

/**
 * A word of a filter.
 *
 * @param text what it says, without quotes
 * @param position of its first character, from 1
 */
record Token(Kind kind, String text, int position) {

  /** What a token is. */
  enum Kind {
    WORD,
    NAME,
    TEXT,
    NUMBER,
    SYMBOL,
    END
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.toLowerCase(Locale.ROOT).equals(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** For messages. */
  String shown() {
    return kind == Kind.END ? "the end" : "'" + SearchProblems.brief(text) + "'";
  }
}
