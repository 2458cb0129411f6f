package io.goshare.protocol.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * UTF-8 that loses nothing: a byte that is no part of UTF-8 becomes the lone surrogate U+DC00 + byte and comes back as
 * that byte (the scheme of PEP 383). So names and text of any bytes travel as strings inside the program.
 */
public final class Text {
    private static final int ESCAPE = 0xDC00;

    private Text() {}

    /** The string of {@code bytes}; {@link #encode} gives exactly these bytes back. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** The string of {@code length} bytes from {@code offset}. */
    public static String decode(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return decodeWide(bytes, offset, length);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    private static String decodeWide(byte[] bytes, int offset, int length) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CharBuffer out = CharBuffer.allocate(length);
        while (decoder.decode(in, out, true).isError()) {
            out.put((char) (ESCAPE + (in.get() & 0xff)));
            decoder.reset();
        }
        return out.flip().toString();
    }

    /** The bytes of {@code text}, escapes turned back; other lone surrogates are not text and are refused. */
    public static byte[] encode(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            plain = !Character.isSurrogate(text.charAt(i));
        }
        return plain ? text.getBytes(StandardCharsets.UTF_8) : encodeWide(text);
    }

    private static byte[] encodeWide(String text) {
        byte[] out = new byte[text.length() * 3];
        int end = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) {
                out[end++] = (byte) (point - ESCAPE);
            } else if (point >= 0xD800 && point <= 0xDFFF) {
                throw new IllegalArgumentException("a lone surrogate is no text: position " + (i - 1));
            } else {
                byte[] one = Character.toString(point).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(one, 0, out, end, one.length);
                end += one.length;
            }
        }
        return Arrays.copyOf(out, end);
    }

    /** {@code text} for people and JSON: bytes that were no UTF-8 show as U+FFFD. */
    public static String shown(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return shownWide(text);
            }
        }
        return text;
    }

    private static String shownWide(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> out.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point));
        return out.toString();
    }

    /** Whether {@code bytes} are UTF-8 throughout. */
    public static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
