package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.concurrent.TimeUnit;
import org.msgpack.value.ValueType;

/** Tables as MessagePack: an array of maps from column to cell; nil is nothing. */
final class MsgPackTables {
    private MsgPackTables() {}

    static Table read(byte[] bytes, int offset, int length, TimeUnit unit) {
        MsgPackInput in = new MsgPackInput(bytes, offset, length);
        JsonTables.TableRows rows = new JsonTables.TableRows(unit);
        boolean array = in.type() == ValueType.ARRAY;
        for (int n = array ? in.arrayHeader() : 1; n > 0; n--) {
            if (in.type() != ValueType.MAP) {
                throw new GoShareException(ErrorCode.BAD_REQUEST, "rows are an array of maps");
            }
            row(in, rows);
        }
        expectEnd(in);
        return rows.table();
    }

    private static void row(MsgPackInput in, JsonTables.TableRows rows) {
        rows.nextRow();
        ValueColumn one = new ValueColumn();
        for (int n = in.mapHeader(); n > 0; n--) {
            if (in.type() != ValueType.STRING) {
                throw new GoShareException(ErrorCode.BAD_REQUEST, "a column's name is no text");
            }
            String name = Text.decode(in.payload());
            one.clear();
            in.value(one);
            String wrong = in.wrong();
            if (wrong != null) {
                throw rows.bad(name, wrong);
            }
            rows.cell(name, one.value(0));
        }
    }

    static Value readValue(byte[] bytes, int offset, int length) {
        MsgPackInput in = new MsgPackInput(bytes, offset, length);
        ValueColumn one = new ValueColumn();
        in.value(one);
        expectEnd(in);
        Value value = one.value(0);
        if (value == null) {
            String wrong = in.wrong();
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the value " + (wrong == null ? "is nil" : wrong));
        }
        return value;
    }

    private static void expectEnd(MsgPackInput in) {
        if (in.hasNext()) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "behind the MessagePack stands more");
        }
    }
}
