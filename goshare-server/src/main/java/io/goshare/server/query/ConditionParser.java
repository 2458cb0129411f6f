package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link Condition}, by recursive descent. For one text, one thread. */
final class ConditionParser {
    private static final Pattern LEAST = Pattern.compile("overlap:([1-9]\\d{0,5})");
    private static final int DEEPEST = 64;

    private final String field;
    private final List<String> words;
    private int at;
    private int depth;
    private int atoms;

    ConditionParser(String field, String text) {
        this.field = field;
        this.words = split(text);
    }

    /** Words between blanks; in quotes, and between the braces of a selector, a blank is one of the word. */
    private List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
                word.append(c);
            } else if (c == ' ') {
                if (word.length() > 0) {
                    parts.add(word.toString());
                    word.setLength(0);
                }
            } else {
                quote = c == '\'' || c == '"' ? c : 0;
                word.append(c);
            }
        }
        if (quote != 0) {
            throw wrong("the quote " + quote + " is not closed");
        }
        if (word.length() > 0) {
            parts.add(word.toString());
        }
        return parts;
    }

    Condition parse() {
        Condition all = or();
        if (at < words.size()) {
            throw wrong("\"" + words.get(at) + "\" stands where and, or or the end should");
        }
        return all;
    }

    private Condition or() {
        List<Condition> all = new ArrayList<>(List.of(and()));
        while (takes("or")) {
            all.add(and());
        }
        return all.size() == 1 ? all.get(0) : new Condition.Or(List.copyOf(all));
    }

    private Condition and() {
        List<Condition> all = new ArrayList<>(List.of(unary()));
        while (takes("and")) {
            all.add(unary());
        }
        return all.size() == 1 ? all.get(0) : new Condition.And(List.copyOf(all));
    }

    private Condition unary() {
        if (++depth > DEEPEST) {
            throw wrong("it is nested more than " + DEEPEST + " deep");
        }
        Condition found;
        if (takes("not")) {
            found = new Condition.Not(unary());
        } else if (takes("gaps")) {
            found = new Condition.Gaps(unary());
        } else if (takes("longest")) {
            found = new Condition.Longest(unary());
        } else if (takes("(")) {
            found = or();
            if (!takes(")")) {
                throw wrong("a ) is missing; parentheses stand between blanks");
            }
        } else {
            found = atom();
        }
        depth--;
        return found;
    }

    private boolean takes(String word) {
        boolean is = at < words.size() && words.get(at).equals(word);
        at += is ? 1 : 0;
        return is;
    }

    private Condition atom() {
        Optional<Integer> least = Optional.empty();
        if (takes("any")) {
            least = Optional.of(1);
        } else if (takes("all")) {
            least = Optional.of(0);
        } else if (at < words.size()) {
            Matcher overlap = LEAST.matcher(words.get(at));
            if (overlap.matches()) {
                least = Optional.of(Integer.parseInt(overlap.group(1)));
                at++;
            }
        }
        if (at == words.size()) {
            throw wrong("a condition is missing at its end");
        }
        if (++atoms > Condition.MOST) {
            throw wrong("it has more than " + Condition.MOST + " conditions");
        }
        String word = words.get(at++);
        int op = operator(word);
        if (op < 0 && least.isPresent()) {
            throw wrong("any, all and overlap want series: selector=value; " + word + " names none");
        }
        return op < 0
                ? new Condition.Atom(word, Optional.empty(), Optional.empty(), where(word))
                : comparison(word, op, least);
    }

    /** The first operator that is in no tag matcher, regular expression or escape. */
    private static int operator(String word) {
        boolean inBraces = false;
        boolean inRegex = false;
        boolean segmentBegins = true;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inRegex) {
                inRegex = c != '/';
            } else if (inBraces) {
                inBraces = c != '}';
            } else if (c == '/' && segmentBegins) {
                inRegex = true;
            } else if (c == '{') {
                inBraces = true;
            } else if ("=><~".indexOf(c) >= 0
                    || c == '!' && i + 1 < word.length() && "=~".indexOf(word.charAt(i + 1)) >= 0) {
                return i;
            }
            segmentBegins = c == ':';
        }
        return -1;
    }

    private Condition comparison(String word, int op, Optional<Integer> least) {
        boolean two = op + 1 < word.length()
                && (word.charAt(op) == '!' || word.charAt(op + 1) == '=' && "<>".indexOf(word.charAt(op)) >= 0);
        String sign = word.substring(op, op + (two ? 2 : 1));
        String value = word.substring(op + sign.length());
        if (value.length() > 1 && value.startsWith("'") && value.endsWith("'")) {
            value = value.substring(1, value.length() - 1);
        }
        String test = switch (sign) {
            case "=" -> "eq:" + escaped(value);
            case "!=" -> "ne:" + escaped(value);
            case ">" -> "gt:" + value;
            case ">=" -> "ge:" + value;
            case "<" -> "lt:" + value;
            case "<=" -> "le:" + value;
            case "~" -> "re:" + value.replace(";", "\\;");
            default -> "nre:" + value.replace(";", "\\;");
        };
        Selector selector;
        try {
            selector = Selector.parse(word.substring(0, op));
        } catch (IllegalArgumentException e) {
            throw wrong(word.substring(0, op) + " " + e.getMessage());
        }
        return new Condition.Atom(word, Optional.of(selector), least, where(test));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace(";", "\\;");
    }

    private Where where(String test) {
        Where where;
        try {
            where = Where.parse(test);
        } catch (GoShareException e) {
            throw wrong(e.getMessage() + "; a condition is selector=value, selector>90 or a predicate of where");
        }
        if (where.needsPrevious()) {
            throw wrong("changed is no condition that holds for a time");
        }
        return where;
    }

    private GoShareException wrong(String why) {
        return GoShareException.badField(field, field + ": " + why);
    }
}
