package io.goshare.server.zeromq;

import io.goshare.protocol.model.Selector;
import java.util.Collection;

/** What the topics of subscribers select: all paths whose text begins with what the topics have in common. */
final class Topics {
    private static final Selector ALL = Selector.parse("**");
    private static final String SPECIAL = "\\*?@()|{}/,\"";

    private Topics() {}

    /** A selector of at least all that any of {@code topics} is the beginning of. */
    static Selector selector(Collection<String> topics) {
        try {
            return Selector.parse(text(common(topics)));
        } catch (IllegalArgumentException e) {
            return ALL; // what no selector can say is looked for among everything
        }
    }

    private static String text(String common) {
        int tags = common.indexOf('{');
        String path = tags < 0 ? common : common.substring(0, tags);
        int end = path.lastIndexOf(':');
        StringBuilder out = new StringBuilder();
        for (char c : path.substring(0, end + 1).toCharArray()) {
            append(c, out);
        }
        String rest = path.substring(end + 1);
        if (rest.isEmpty()) {
            return out + "**";
        }
        for (char c : rest.toCharArray()) {
            append(c, out);
        }
        return out + "*:**";
    }

    private static void append(char c, StringBuilder out) {
        if (SPECIAL.indexOf(c) >= 0) {
            out.append('\\');
        }
        out.append(c);
    }

    /**
     * The longest common beginning; a path with escapes is cut before them, for what stands behind is no whole text.
     */
    private static String common(Collection<String> topics) {
        String common = null;
        for (String topic : topics) {
            int escape = topic.indexOf('\\');
            String plain = escape < 0 ? topic : topic.substring(0, escape);
            if (common == null) {
                common = plain;
            }
            int same = 0;
            while (same < common.length() && same < plain.length() && common.charAt(same) == plain.charAt(same)) {
                same++;
            }
            common = common.substring(0, same);
        }
        return common == null ? "" : common;
    }
}
