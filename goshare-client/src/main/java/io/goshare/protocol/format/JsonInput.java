package io.goshare.protocol.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Text;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A JSON body as tokens, and what its values mean: {@code 1} is an int64, {@code 1.0} a float64, {@code {"$f":"NaN"}} a
 * float64 that JSON has no number for, {@code {"$x":"base64"}} bytes. For one thread.
 */
final class JsonInput {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(PointSink.MAX_VALUE_BYTES * 3 / 2)
                    .maxNumberLength(400)
                    .maxNameLength(8192)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final JsonParser parser;
    private final NumberText number = new NumberText();
    private byte[] digits = new byte[64];
    private @Nullable String wrong;

    JsonInput(byte[] in, int offset, int length) {
        try {
            parser = JSON.createParser(in, offset, length);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The next token, or null at the end. */
    @Nullable
    JsonToken next() {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The next token, which must be one. */
    JsonToken expectNext() {
        JsonToken token = next();
        if (token == null) {
            throw refused("the JSON ends too early");
        }
        return token;
    }

    void expectEnd() {
        if (next() != null) {
            throw refused("behind the JSON stands more");
        }
    }

    String name() {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The text of a string or number. */
    String text() {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** An integer that an int64 holds; false if the current number is none. */
    boolean isLong() {
        try {
            return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    long longValue() {
        try {
            return parser.getLongValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    void skipChildren() {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** What is wrong with the last value read, or null. */
    @Nullable
    String wrong() {
        return wrong;
    }

    /** Reads the value at {@code token} to its end and adds it; one that is wrong is added as nothing. */
    void value(JsonToken token, ValueColumn to) {
        wrong = null;
        try {
            switch (token) {
                case VALUE_NUMBER_INT -> integer(to);
                case VALUE_NUMBER_FLOAT -> {
                    int length = digits();
                    number.parseFloat(digits, 0, length);
                    to.add(number);
                }
                case VALUE_STRING -> {
                    byte[] text = Text.encode(text());
                    to.add(Kind.TEXT, text, 0, text.length);
                }
                case VALUE_TRUE -> to.add(Kind.BOOLEAN, 0, 1);
                case VALUE_FALSE -> to.add(Kind.BOOLEAN, 0, 0);
                case VALUE_NULL -> to.addNothing();
                case START_OBJECT -> special(to);
                default -> {
                    skipChildren();
                    throw new IllegalArgumentException("is an array where one value should be");
                }
            }
        } catch (IllegalArgumentException e) {
            wrong = e.getMessage();
            to.addNothing();
        }
    }

    private void integer(ValueColumn to) {
        if (!isLong()) {
            throw new IllegalArgumentException(
                    "is an integer beyond int64; a float64 is written with a point or exponent");
        }
        to.add(Kind.INTEGER, 0, longValue());
    }

    private int digits() {
        try {
            char[] chars = parser.getTextCharacters();
            int from = parser.getTextOffset();
            int length = parser.getTextLength();
            if (length > digits.length) {
                digits = new byte[length * 2];
            }
            for (int i = 0; i < length; i++) {
                digits[i] = (byte) chars[from + i];
            }
            return length;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private void special(ValueColumn to) {
        String name = expectNext() == JsonToken.FIELD_NAME ? name() : "";
        boolean string = !name.isEmpty() && expectNext() == JsonToken.VALUE_STRING;
        String text = string ? text() : "";
        if (string && expectNext() == JsonToken.END_OBJECT) {
            if (name.equals("$f")) {
                to.add(Kind.FLOAT, 0, NumberText.floatBits(text));
                return;
            }
            if (name.equals("$x")) {
                byte[] bytes = Base64.getDecoder().decode(text);
                to.add(Kind.BYTES, bytes, 0, bytes.length);
                return;
            }
        } else {
            skipToEndOfObject();
        }
        throw new IllegalArgumentException("is an object; values are scalars, {\"$f\":\"NaN\"} or {\"$x\":\"base64\"}");
    }

    /** From anywhere directly in an object, or on its end. */
    private void skipToEndOfObject() {
        for (JsonToken token = currentToken(); token != JsonToken.END_OBJECT; token = expectNext()) {
            skipChildren();
        }
    }

    private JsonToken currentToken() {
        JsonToken token = parser.currentToken();
        return token == null ? expectNext() : token;
    }

    private static GoShareException refused(String message) {
        return new GoShareException(ErrorCode.BAD_REQUEST, message);
    }

    private static GoShareException malformed(IOException e) {
        if (e instanceof JsonProcessingException json) {
            var at = json.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            return new GoShareException(
                    ErrorCode.BAD_REQUEST, "the JSON is malformed" + where + ": " + json.getOriginalMessage(), e);
        }
        return new GoShareException(ErrorCode.BAD_REQUEST, "the JSON is malformed: " + e.getMessage(), e);
    }
}
