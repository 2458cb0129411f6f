package io.goshare.server.namespace;

import io.goshare.server.commit.Staging;

/** The current value of a path on its way into history. */
record Ending(byte[] path, CurrentRow row) {
    /** Puts the value in its place in history, unless it stands there from the start. */
    void close(Staging staging) {
        if (row.value() != null) {
            staging.put(HistoryRow.key(path, row.since()), new HistoryRow(row.opened(), row.value()).encode());
        }
    }

    /** Puts an end in history. */
    void end(Staging staging, long time, long revision) {
        staging.put(HistoryRow.key(path, time), new HistoryRow(revision, null).encode());
    }

    /** Closes, ends and deletes the current row. */
    void stage(Staging staging, long time, long revision) {
        close(staging);
        end(staging, time, revision);
        staging.delete(CurrentRow.key(path));
    }
}
