package io.goshare.protocol.wire.classic;

import java.util.ArrayList;
import java.util.List;

/**
 * CSV as Go's encoding/csv has it, which no Java library does: a quote inside a bare field, or anything but a comma
 * behind a closing quote, is an error; rows may differ in length; blank lines are skipped; each CRLF is an LF, in
 * quotes too.
 */
final class GoCsv {
    private final String text;
    private int at;

    private GoCsv(String text) {
        this.text = text;
    }

    /**
     * The rows of {@code text}, white space around the whole ignored.
     *
     * @throws MalformedDataException with the number of the row that is wrong
     */
    static List<List<String>> parse(String text) throws MalformedDataException {
        GoCsv parser = new GoCsv(GoText.trim(text).replace("\r\n", "\n"));
        List<List<String>> rows = new ArrayList<>();
        while (parser.at < parser.text.length()) {
            if (parser.text.charAt(parser.at) == '\n') {
                parser.at++;
            } else {
                rows.add(parser.row(rows.size() + 1));
            }
        }
        return rows;
    }

    private List<String> row(int number) throws MalformedDataException {
        List<String> fields = new ArrayList<>();
        do {
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted(number) : bare(number));
        } while (at < text.length() && text.charAt(at++) == ',');
        return fields;
    }

    /** Reads up to the next comma or line's end, which is left there. */
    private String bare(int number) throws MalformedDataException {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
            if (text.charAt(at) == '"') {
                throw new MalformedDataException("row " + number + ": a quote stands inside a field that does not begin"
                        + " with one; put the field in quotes and write the quote twice");
            }
            at++;
        }
        return text.substring(start, at);
    }

    /** Reads a field in quotes; the comma or line's end behind it is left there. */
    private String quoted(int number) throws MalformedDataException {
        StringBuilder field = new StringBuilder();
        at++;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw new MalformedDataException("row " + number + ": a quote is opened and not closed");
            }
            field.append(text, at, quote);
            at = quote + 1;
            char next = at < text.length() ? text.charAt(at) : '\n';
            if (next == ',' || next == '\n') {
                return field.toString();
            }
            if (next != '"') {
                throw new MalformedDataException(
                        "row " + number + ": behind a closing quote stands neither a comma nor the row's end");
            }
            field.append('"');
            at++;
        }
    }

    /** Appends {@code field}, in quotes where Go's writer puts them. */
    static void write(String field, StringBuilder out) {
        if (needsQuotes(field)) {
            out.append('"').append(field.replace("\"", "\"\"")).append('"');
        } else {
            out.append(field);
        }
    }

    private static boolean needsQuotes(String field) {
        if (field.isEmpty()) {
            return false;
        }
        if (field.equals("\\.") || GoText.isSpace(field.charAt(0))) {
            return true;
        }
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }
}
