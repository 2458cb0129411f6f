package io.goshare.server.keyvalue;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import java.util.ArrayList;
import java.util.List;

/** Deletes expired entries by the table of expiries, slice by slice. State belongs to the commit thread. */
final class ExpirySweep {
    /** No live expiry stands before it, so that no scan passes over the rows deleted before. */
    private long begin = Long.MIN_VALUE;

    /** An expiry is put at {@code expires}; it may lie before what is swept if the clock went back. */
    void notBehind(long expires) {
        begin = Math.min(begin, expires);
    }

    Mutation slice(int rows) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                return Value.of((long) sweep(staging, rows));
            }

            @Override
            public long bytes() {
                return rows * 64L;
            }

            @Override
            public boolean givesSpaceBack() {
                return true;
            }
        };
    }

    private int sweep(Staging staging, int most) {
        List<byte[]> due = new ArrayList<>();
        byte[] none = {};
        staging.scan(KeyValueRow.expiryKey(begin, none), KeyValueRow.expiryKey(staging.now(), none), (row, nothing) -> {
            due.add(row);
            return due.size() < most;
        });
        if (due.isEmpty()) {
            return 0;
        }
        for (byte[] row : due) {
            byte[] key = KeyValueRow.keyOfExpiry(row);
            boolean current = staging.get(KeyValueRow.key(key))
                    .map(KeyValueRow::decode)
                    .filter(entry -> entry.expires() == KeyValueRow.expiryOf(row))
                    .isPresent();
            if (current) {
                staging.delete(KeyValueRow.key(key));
            }
            staging.delete(row);
        }
        long swept = due.size() < most ? staging.now() : KeyValueRow.expiryOf(due.get(due.size() - 1));
        staging.afterWrite(() -> begin = Math.max(begin, swept));
        return due.size();
    }
}
