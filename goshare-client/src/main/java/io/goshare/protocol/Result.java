package io.goshare.protocol;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;

/** What a reply carries beside its notes. A result is one page and stands in memory whole. */
public sealed interface Result {
    /** Nothing: done. */
    record Empty() implements Result {}

    /** Rows of named columns. */
    record Rows(Table table) implements Result {}

    /** Points as they are stored, grouped by series, each series ordered by time. */
    record Points(PointBatch batch) implements Result {}

    /** One value: what a key holds. */
    record Single(Value value) implements Result {}

    /** A finished document, such as metrics text; the format asked for does not change it. */
    record Document(String contentType, byte[] bytes) implements Result {}

    Result EMPTY = new Empty();
}
