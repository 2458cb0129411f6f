package io.goshare.protocol.format;

import io.goshare.protocol.Cells;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes a table block by block: where there are many, on the common pool's threads too. */
final class TableBlocks {
    /** Blocks that one thread writes sooner than others are woken. */
    private static final int FEW = 3;

    /** Bytes that a cell takes, about, so that most blocks need no more room. */
    private static final int BYTES_OF_CELL = 16;

    private TableBlocks() {}

    /** Writes the rows of one block; safe for many threads. */
    interface Writer {
        /** @param isFirst whether no rows stand before these */
        void write(Cells rows, boolean isFirst, ByteSink out);
    }

    /** {@code head}, what {@code writer} makes of each block, and {@code tail}. */
    static byte[] write(ByteSink head, Table table, Writer writer, ByteSink tail) {
        List<Cells> blocks = table.blocks();
        IntStream indices = IntStream.range(0, blocks.size());
        Stream<ByteSink> written = (blocks.size() > FEW ? indices.parallel() : indices).mapToObj(i -> {
            Cells rows = blocks.get(i);
            ByteSink out = new ByteSink(rows.rows() * rows.width() * BYTES_OF_CELL);
            writer.write(rows, i == 0, out);
            return out;
        });
        List<ByteSink> pieces = new ArrayList<>();
        pieces.add(head);
        pieces.addAll(written.toList());
        pieces.add(tail);
        return joined(pieces);
    }

    private static byte[] joined(List<ByteSink> pieces) {
        int length = 0;
        for (ByteSink piece : pieces) {
            length = Math.addExact(length, piece.size());
        }
        byte[] all = new byte[length];
        int at = 0;
        for (ByteSink piece : pieces) {
            System.arraycopy(piece.array(), 0, all, at, piece.size());
            at += piece.size();
        }
        return all;
    }
}
