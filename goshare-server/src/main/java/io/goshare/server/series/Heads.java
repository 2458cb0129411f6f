package io.goshare.server.series;

import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.TimeRange;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One generation of heads: the newest points of each series, in the order they arrived, between two checkpoints. A head
 * is a slot in primitive arrays and a block in a {@link Slab}; no object per series. At 1,000 points or 64 KiB of text
 * it is frozen into a {@link Slice}, and so are many regular points before one that is out of step.
 *
 * <p>Changed by the commit thread while no read starts; read by others only while no group is applied, or, once a
 * checkpoint has set it aside, at any time, for it does not change any more.
 *
 * <pre>
 *   block of a head with room for n points:
 *     times   8 × n bytes   only if they are not regular: first + i × step
 *     words   w × n bytes   w = 1, 2, 4 or 8, signed; text and bytes: offset in the text block &lt;&lt; 32 | length
 *     tags    1 × n bytes   only if points differ in kind or scale
 * </pre>
 *
 * This class is longer than most: appending, growing and reading share the layout.
 */
final class Heads {
    static final int MAX_POINTS = 1000;
    static final int MAX_TEXT = 64 << 10;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** So many regular points are frozen before one that is out of step. */
    private static final int LONG_REGULAR = 32;

    private static final int SHIFT = 10;
    private static final int MASK = (1 << SHIFT) - 1;
    private static final int IRREGULAR = 1;
    private static final int MIXED = 2;

    private final PagedInts slotOf = new PagedInts();
    private final Slab slab = new Slab();
    private final ColumnCodec codec = new ColumnCodec();
    private int slots = 1;
    private Slots[] pages = {new Slots()};
    private final PagedInts textBlocks = new PagedInts();
    private final PagedInts textEnds = new PagedInts();
    private final PagedInts textSizes = new PagedInts();
    private long sliceBytes;
    private long points;

    /** What is known of some slots. In pages, so that growing copies nothing: old arrays would fill the heap. */
    private static final class Slots {
        final int[] counts = new int[MASK + 1];
        final byte[] widths = new byte[MASK + 1];
        final byte[] flags = new byte[MASK + 1];
        final byte[] tags = new byte[MASK + 1];
        final int[] blocks = new int[MASK + 1];
        final int[] sizes = new int[MASK + 1];
        final long[] first = new long[MASK + 1];
        final long[] step = new long[MASK + 1];
        final long[] revisions = new long[MASK + 1];
        final int[] rows = new int[MASK + 1];
        final @Nullable Slice[] slices = new Slice[MASK + 1];
    }

    private Slots of(int slot) {
        return pages[slot >>> SHIFT];
    }

    /** Memory taken by points. */
    long bytes() {
        return slab.bytes() + sliceBytes + 52L * slots;
    }

    long points() {
        return points;
    }

    boolean isEmpty() {
        return slots == 1;
    }

    /** The least id at or above {@code from} with points here; -1 if there is none. */
    int next(int from) {
        return slotOf.next(from);
    }

    /**
     * Adds rows {@code [from, to)} of {@code batch}, all of the series {@code id}, which arrived as rows {@code row}
     * and on of request {@code revision}.
     */
    void append(int id, long revision, int row, PackedPoints batch, int from, int to) {
        int slot = slotOf.get(id);
        if (slot == 0) {
            slot = newSlot(id);
        }
        for (int i = from; i < to; ) {
            int alike = appendAlike(slot, batch, i, to);
            if (alike == i) {
                if (endsRegularity(slot, batch.times()[i])) {
                    freeze(slot, i == from ? sequence(slot) : new Sequence(revision, row + i - 1 - from));
                }
                append(slot, batch, i);
                alike++;
            }
            i = alike;
            if (of(slot).counts[slot & MASK] == MAX_POINTS || textEnds.get(slot) >= MAX_TEXT) {
                freeze(slot, new Sequence(revision, row + i - 1 - from));
            }
        }
        of(slot).revisions[slot & MASK] = revision;
        of(slot).rows[slot & MASK] = row + to - from - 1;
        points += to - from;
    }

    /**
     * Adds rows from {@code from} on as long as they are like those in a regular head, and fit; the first that is not.
     */
    private int appendAlike(int slot, PackedPoints batch, int from, int to) {
        Slots page = of(slot);
        int at = slot & MASK;
        int n = page.counts[at];
        byte tag = page.tags[at];
        if (n < 2 || page.flags[at] != 0 || Columns.isBytes(tag)) {
            return from;
        }
        int width = page.widths[at];
        int most = Math.min(page.sizes[at] / width, MAX_POINTS);
        int block = page.blocks[at];
        byte[] bytes = slab.bytes(block);
        int start = Slab.offset(block);
        long step = page.step[at];
        long time = page.first[at] + n * step;
        int i = from;
        while (i < to && n < most) {
            long word = batch.words()[i];
            if (batch.times()[i] != time || batch.tags()[i] != tag || width(word) > width) {
                break;
            }
            putWord(bytes, start, width, n++, word);
            time += step;
            i++;
        }
        page.counts[at] = n;
        return i;
    }

    /** Whether a head that was regular for long would have to hold all times one by one, eight bytes each. */
    private boolean endsRegularity(int slot, long time) {
        Slots page = of(slot);
        int at = slot & MASK;
        int n = page.counts[at];
        return n >= LONG_REGULAR && (page.flags[at] & IRREGULAR) == 0 && time != page.first[at] + n * page.step[at];
    }

    /** That of the point that arrived last. */
    private Sequence sequence(int slot) {
        return new Sequence(of(slot).revisions[slot & MASK], of(slot).rows[slot & MASK]);
    }

    private int newSlot(int id) {
        if (slots >>> SHIFT == pages.length) {
            pages = Arrays.copyOf(pages, pages.length + 1 + pages.length / 4);
        }
        if (pages[slots >>> SHIFT] == null) {
            pages[slots >>> SHIFT] = new Slots();
        }
        slotOf.set(id, slots);
        return slots++;
    }

    private void append(int slot, PackedPoints batch, int i) {
        long time = batch.times()[i];
        byte tag = batch.tags()[i];
        boolean bytes = Columns.isBytes(tag);
        long word = bytes ? text(slot, batch.heap(), batch.words()[i]) : batch.words()[i];
        int n = of(slot).counts[slot & MASK];
        int width = bytes ? 8 : width(word);
        int shape = of(slot).flags[slot & MASK];
        if (n == 0) {
            of(slot).first[slot & MASK] = time;
            of(slot).step[slot & MASK] = 0;
            of(slot).tags[slot & MASK] = tag;
            of(slot).widths[slot & MASK] = (byte) width;
            of(slot).flags[slot & MASK] = 0;
            ensure(slot, width, 0, 1);
        } else {
            int newShape = shape;
            if ((shape & IRREGULAR) == 0) {
                if (n == 1) {
                    of(slot).step[slot & MASK] = time - of(slot).first[slot & MASK];
                } else if (time != of(slot).first[slot & MASK] + n * of(slot).step[slot & MASK]) {
                    newShape |= IRREGULAR;
                }
            }
            if (tag != of(slot).tags[slot & MASK]) {
                newShape |= MIXED;
            }
            ensure(slot, Math.max(width, of(slot).widths[slot & MASK]), newShape, n + 1);
        }
        put(slot, n, time, tag, word);
        of(slot).counts[slot & MASK] = n + 1;
    }

    private static int width(long word) {
        return word == (byte) word ? 1 : word == (short) word ? 2 : word == (int) word ? 4 : 8;
    }

    private static int bytesPerPoint(int width, int shape) {
        return width + ((shape & IRREGULAR) != 0 ? 8 : 0) + ((shape & MIXED) != 0 ? 1 : 0);
    }

    /** Makes the block fit for {@code n} points of this width and shape; those in it move. */
    private void ensure(int slot, int width, int shape, int n) {
        int size = of(slot).sizes[slot & MASK];
        int needed = n * bytesPerPoint(width, shape);
        if (needed <= size && width == of(slot).widths[slot & MASK] && shape == of(slot).flags[slot & MASK]) {
            return;
        }
        int count = of(slot).counts[slot & MASK];
        if (count == 0 && needed <= size) {
            return;
        }
        int newSize = Math.max(Slab.sizeFor(needed), size);
        int block = slab.allocate(newSize);
        byte[] to = slab.bytes(block);
        int oldBlock = of(slot).blocks[slot & MASK];
        if (width == of(slot).widths[slot & MASK] && shape == 0 && of(slot).flags[slot & MASK] == 0) {
            System.arraycopy(slab.bytes(oldBlock), Slab.offset(oldBlock), to, Slab.offset(block), count * width);
        } else {
            for (int i = 0; i < count; i++) {
                put(to, Slab.offset(block), newSize, width, shape, i, time(slot, i), tag(slot, i), word(slot, i));
            }
        }
        if (size > 0) {
            slab.free(oldBlock, size);
        }
        of(slot).blocks[slot & MASK] = block;
        of(slot).sizes[slot & MASK] = newSize;
        of(slot).widths[slot & MASK] = (byte) width;
        of(slot).flags[slot & MASK] = (byte) shape;
    }

    private void put(int slot, int i, long time, byte tag, long word) {
        int block = of(slot).blocks[slot & MASK];
        put(
                slab.bytes(block),
                Slab.offset(block),
                of(slot).sizes[slot & MASK],
                of(slot).widths[slot & MASK],
                of(slot).flags[slot & MASK],
                i,
                time,
                tag,
                word);
    }

    private static void put(
            byte[] page, int start, int size, int width, int shape, int i, long time, byte tag, long word) {
        int room = size / bytesPerPoint(width, shape);
        int at = start;
        if ((shape & IRREGULAR) != 0) {
            LONG.set(page, at + 8 * i, time);
            at += 8 * room;
        }
        putWord(page, at, width, i, word);
        if ((shape & MIXED) != 0) {
            page[at + width * room + i] = tag;
        }
    }

    private static void putWord(byte[] page, int at, int width, int i, long word) {
        switch (width) {
            case 1 -> page[at + i] = (byte) word;
            case 2 -> SHORT.set(page, at + 2 * i, (short) word);
            case 4 -> INT.set(page, at + 4 * i, (int) word);
            default -> LONG.set(page, at + 8 * i, word);
        }
    }

    private int room(int slot) {
        return of(slot).sizes[slot & MASK] / bytesPerPoint(of(slot).widths[slot & MASK], of(slot).flags[slot & MASK]);
    }

    private long time(int slot, int i) {
        return (of(slot).flags[slot & MASK] & IRREGULAR) == 0
                ? of(slot).first[slot & MASK] + i * of(slot).step[slot & MASK]
                : (long) LONG.get(
                        slab.bytes(of(slot).blocks[slot & MASK]), Slab.offset(of(slot).blocks[slot & MASK]) + 8 * i);
    }

    private long word(int slot, int i) {
        byte[] page = slab.bytes(of(slot).blocks[slot & MASK]);
        int at = Slab.offset(of(slot).blocks[slot & MASK])
                + ((of(slot).flags[slot & MASK] & IRREGULAR) != 0 ? 8 * room(slot) : 0);
        return switch (of(slot).widths[slot & MASK]) {
            case 1 -> page[at + i];
            case 2 -> (short) SHORT.get(page, at + 2 * i);
            case 4 -> (int) INT.get(page, at + 4 * i);
            default -> (long) LONG.get(page, at + 8 * i);
        };
    }

    private byte tag(int slot, int i) {
        if ((of(slot).flags[slot & MASK] & MIXED) == 0) {
            return of(slot).tags[slot & MASK];
        }
        int shift = of(slot).widths[slot & MASK] + ((of(slot).flags[slot & MASK] & IRREGULAR) != 0 ? 8 : 0);
        return slab.bytes(of(slot).blocks[slot & MASK])[
                Slab.offset(of(slot).blocks[slot & MASK]) + shift * room(slot) + i];
    }

    /** Copies text into the head's text block, unless it is the same as the point's before; its word there. */
    private long text(int slot, byte[] heap, long word) {
        int from = (int) (word >>> 32);
        int length = (int) word;
        int n = of(slot).counts[slot & MASK];
        if (n > 0 && Columns.isBytes(tag(slot, n - 1))) {
            long before = word(slot, n - 1);
            int start = Slab.offset(textBlocks.get(slot)) + (int) (before >>> 32);
            byte[] page = slab.bytes(textBlocks.get(slot));
            if ((int) before == length && Arrays.equals(page, start, start + length, heap, from, from + length)) {
                return before;
            }
        }
        int end = textEnds.get(slot);
        if (end + length > textSizes.get(slot)) {
            int size = Slab.sizeFor(Math.max(end + length, 1));
            int block = slab.allocate(size);
            if (textSizes.get(slot) > 0) {
                System.arraycopy(
                        slab.bytes(textBlocks.get(slot)),
                        Slab.offset(textBlocks.get(slot)),
                        slab.bytes(block),
                        Slab.offset(block),
                        end);
                slab.free(textBlocks.get(slot), textSizes.get(slot));
            }
            textBlocks.set(slot, block);
            textSizes.set(slot, size);
        }
        if (length > 0) {
            System.arraycopy(
                    heap, from, slab.bytes(textBlocks.get(slot)), Slab.offset(textBlocks.get(slot)) + end, length);
        }
        textEnds.set(slot, end + length);
        return (long) end << 32 | length;
    }

    private void freeze(int slot, Sequence sequence) {
        Points ordered = gather(slot);
        Slice slice = Slice.of(ordered, sequence, codec, of(slot).slices[slot & MASK]);
        of(slot).slices[slot & MASK] = slice;
        sliceBytes += slice.value().length + 64;
        empty(slot);
    }

    private void empty(int slot) {
        if (of(slot).sizes[slot & MASK] > 0) {
            slab.free(of(slot).blocks[slot & MASK], of(slot).sizes[slot & MASK]);
            of(slot).sizes[slot & MASK] = 0;
        }
        if (textSizes.get(slot) > 0) {
            slab.free(textBlocks.get(slot), textSizes.get(slot));
            textSizes.set(slot, 0);
        }
        if (textEnds.get(slot) > 0) {
            textEnds.set(slot, 0);
        }
        of(slot).counts[slot & MASK] = 0;
    }

    private Points gather(int slot) {
        int n = of(slot).counts[slot & MASK];
        long[] outTimes = new long[n];
        byte[] outTags = new byte[n];
        long[] outWords = new long[n];
        if (of(slot).flags[slot & MASK] == 0 && n > 1) {
            gatherRegular(slot, outTimes, outTags, outWords);
        } else {
            for (int i = 0; i < n; i++) {
                outTimes[i] = time(slot, i);
                outTags[i] = tag(slot, i);
                outWords[i] = word(slot, i);
            }
        }
        byte[] heap = {};
        if (textEnds.get(slot) > 0) {
            int start = Slab.offset(textBlocks.get(slot));
            heap = Arrays.copyOfRange(slab.bytes(textBlocks.get(slot)), start, start + textEnds.get(slot));
        }
        return TimeOrder.order(n, outTimes, outTags, outWords, heap);
    }

    private void gatherRegular(int slot, long[] outTimes, byte[] outTags, long[] outWords) {
        int n = of(slot).counts[slot & MASK];
        long time = of(slot).first[slot & MASK];
        long step = of(slot).step[slot & MASK];
        for (int i = 0; i < n; i++) {
            outTimes[i] = time;
            time += step;
        }
        Arrays.fill(outTags, of(slot).tags[slot & MASK]);
        byte[] page = slab.bytes(of(slot).blocks[slot & MASK]);
        int at = Slab.offset(of(slot).blocks[slot & MASK]);
        if (of(slot).widths[slot & MASK] == 1) {
            for (int i = 0; i < n; i++) {
                outWords[i] = page[at + i];
            }
        } else if (of(slot).widths[slot & MASK] == 2) {
            for (int i = 0; i < n; i++) {
                outWords[i] = (short) SHORT.get(page, at + 2 * i);
            }
        } else {
            for (int i = 0; i < n; i++) {
                outWords[i] = word(slot, i);
            }
        }
    }

    /** The points in the head of {@code id}, without those of its slices; empty if there are none. */
    Optional<HeadPoints> head(int id) {
        int slot = slotOf.get(id);
        return slot == 0 || of(slot).counts[slot & MASK] == 0
                ? Optional.empty()
                : Optional.of(new HeadPoints(gather(slot), sequence(slot)));
    }

    /** The slice of {@code id} frozen last, with those before it behind; null if there is none. */
    @Nullable
    Slice slices(int id) {
        int slot = slotOf.get(id);
        return of(slot).slices[slot & MASK];
    }

    /**
     * Takes the points of {@code id} in {@code range} out of its head, and out of slices that were frozen by the very
     * request that erases; all other slices are hidden by their sequence.
     */
    void erase(int id, TimeRange range, long revision) {
        int slot = slotOf.get(id);
        if (slot == 0) {
            return;
        }
        of(slot).slices[slot & MASK] = erased(of(slot).slices[slot & MASK], range, revision);
        if (of(slot).counts[slot & MASK] == 0) {
            return;
        }
        Points before = gather(slot);
        Points kept = Erasures.without(before, range);
        if (kept.count() < before.count()) {
            empty(slot);
            for (int i = 0; i < kept.count(); i++) {
                append(slot, new PackedPoints(kept.times(), kept.tags(), kept.words(), kept.heap()), i);
            }
        }
    }

    private @Nullable Slice erased(@Nullable Slice slice, TimeRange range, long revision) {
        if (slice == null || slice.sequence().revision() < revision) {
            return slice;
        }
        Slice previous = erased(slice.previous(), range, revision);
        Points kept = Erasures.without(ChunkValue.decode(slice.value(), slice.first(), new ChunkReader()), range);
        return kept.count() == 0 ? previous : Slice.of(kept, slice.sequence(), codec, previous);
    }

    /** Points of {@code id} in {@code range}, or more. Stops to count past {@code most}. */
    int points(int id, TimeRange range, int most) {
        int slot = slotOf.get(id);
        int found = of(slot).counts[slot & MASK];
        for (Slice slice = of(slot).slices[slot & MASK]; slice != null && found <= most; slice = slice.previous()) {
            found += slice.first() < range.to() && slice.last() >= range.from() ? slice.count() : 0;
        }
        return found;
    }

    /** The kind of the newest point in the head; empty if that is not known here. */
    Optional<Kind> newestKind(int id) {
        int slot = slotOf.get(id);
        return slot == 0 || of(slot).counts[slot & MASK] == 0
                ? Optional.empty()
                : Optional.of(PointBatch.kind(tag(slot, of(slot).counts[slot & MASK] - 1)));
    }
}
