package io.goshare.protocol.wire;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Verb;
import io.goshare.protocol.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Commands in words, {@code verb name=value …}, quoted as in a shell: white space parts words, {@code '…'} takes all as
 * it is, in {@code "…"} and outside of quotes a backslash takes the next character.
 */
public final class CommandWords {
    /** Longest command in words, in characters; bodies are for more. */
    public static final int MAX_LENGTH = 65_536;

    private static final String PLAIN = "_@%+=:,./*-{}()|?!~<>^#";

    private CommandWords() {}

    /**
     * The words of {@code text}.
     *
     * @throws GoShareException BAD_REQUEST if a quote is not closed or a backslash ends the text; TOO_LARGE
     */
    public static List<String> split(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE,
                    "a command in words has at most " + MAX_LENGTH + " characters; send data as body");
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'') {
                if (++i == text.length()) {
                    throw malformed("a backslash ends the command; write \\\\ for one");
                }
                word.append(text.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw malformed("the quote " + quote + " is not closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    private static GoShareException malformed(String why) {
        return new GoShareException(
                ErrorCode.BAD_REQUEST, why + "; a command is verb name=value …, quoted as in a shell");
    }

    /** {@code word} so that {@link #split} reads it as one. */
    public static String quote(String word) {
        boolean plain = !word.isEmpty()
                && word.chars()
                        .allMatch(c -> c >= '0' && c <= '9'
                                || c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= 0x80
                                || PLAIN.indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The command in words, without its body. */
    public static String print(Command command) {
        StringBuilder out = new StringBuilder(command.verb().word());
        command.printed().forEach((name, value) -> out.append(' ').append(quote(name + "=" + value)));
        return out.toString();
    }

    /**
     * The command of {@code words}, the verb first, without a body.
     *
     * @throws GoShareException BAD_REQUEST that says which word is wrong and what to write instead
     */
    public static Command parse(List<String> words) {
        if (words.isEmpty()) {
            throw malformed("the command is empty");
        }
        Command command = Command.of(verb(words.get(0)));
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw malformed("the word " + shortened(word) + " is no name=value");
            }
            command = command.with(word.substring(0, equals), word.substring(equals + 1));
        }
        return command;
    }

    /** @throws GoShareException NOT_FOUND with the nearest verb */
    static Verb verb(String word) {
        return Verb.named(word)
                .orElseThrow(() -> new GoShareException(
                        ErrorCode.NOT_FOUND,
                        "there is no verb " + shortened(word)
                                + Words.suggestion(
                                        word, Arrays.stream(Verb.values()).map(Verb::word))));
    }

    static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
