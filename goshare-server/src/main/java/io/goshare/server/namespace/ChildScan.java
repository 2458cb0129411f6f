package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.server.commit.Tables;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The distinct next segments below a path: passes over few rows of a child's subtree and leaps over many. */
final class ChildScan {
    private static final int PASSES_OVER = 16;

    private final NamespaceView view;
    private final byte[] parent;
    private final OptionalLong at;
    private final PageRequest page;
    private final PageRequest.Meter meter;
    private final List<Child> children = new ArrayList<>();

    /** Encoded path of the child under way without its last 0x00: what its subtree begins with. */
    private byte @Nullable [] child;

    private boolean hasValue;
    private boolean hasChildren;
    private int passed;
    private byte @Nullable [] leap;

    /** @param parent prefix of the subtree to look below */
    ChildScan(NamespaceView view, byte[] parent, OptionalLong at, PageRequest page) {
        this.view = view;
        this.parent = parent;
        this.at = at;
        this.page = page;
        this.meter = page.meter();
    }

    Page<Child> run(byte[] from) {
        byte[] end = parent.length == 0 ? null : Tables.behind(parent);
        byte[] position = from;
        while (true) {
            Optional<byte[]> stopped = view.walk(position, end, at, page.deadline(), this::held);
            if (leap == null) {
                return finish(stopped);
            }
            position = leap;
            leap = null;
        }
    }

    private boolean held(byte[] path, CurrentRow row) {
        int segment = parent.length;
        if (path[segment] == 0) {
            return true; // the parent itself
        }
        int end = segment;
        while (path[end] != 0) {
            end++;
        }
        if (child == null || !Arrays.equals(path, 0, end + 1, child, 0, child.length)) {
            flush();
            if (!meter.hasRoom()) {
                return false;
            }
            child = Arrays.copyOf(path, end + 1);
            passed = 0;
        }
        boolean own = end + 2 == path.length;
        hasValue |= own;
        hasChildren |= !own;
        if (!own && ++passed == PASSES_OVER) {
            leap = Tables.behind(child);
            return false;
        }
        return true;
    }

    private void flush() {
        if (child != null) {
            Path path = Path.decode(Arrays.copyOf(child, child.length + 1));
            meter.take(child.length);
            children.add(new Child(path, hasValue, hasChildren));
            child = null;
            hasValue = false;
            hasChildren = false;
        }
    }

    /** A child cut short by the clock is left to the next page, unless all is known of it. */
    private Page<Child> finish(Optional<byte[]> stopped) {
        if (stopped.isPresent() && child != null && !hasChildren) {
            return new Page<>(children, Optional.of(child));
        }
        if (stopped.isPresent() && child != null) {
            byte[] behind = Tables.behind(child);
            flush();
            return new Page<>(children, Optional.ofNullable(behind));
        }
        flush();
        return new Page<>(children, stopped);
    }
}
