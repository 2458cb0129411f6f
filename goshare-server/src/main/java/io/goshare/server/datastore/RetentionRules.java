package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.series.RetentionReport;
import io.goshare.server.series.RetentionRule;
import io.goshare.server.series.SeriesStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long points are kept: a rule for each selector that one was given for. Of those that match a series the one whose
 * selector begins with the longest literal prefix applies, {@code **} to those that no other matches. They are carried
 * out each minute, on a thread of its own. docs/storage-format.md, "Meta".
 *
 * <pre>
 *   key      'M'  "retention"
 *   value    format (1) = 1; for each rule: selector: varint length, UTF-8; nanoseconds: varint; keep last (1) = 0 or 1
 * </pre>
 */
final class RetentionRules implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionRules.class);
    private static final byte[] KEY = Tables.key(Tables.META, "retention".getBytes(StandardCharsets.UTF_8));
    private static final int FORMAT = 1;
    private static final int MOST = 1000;
    private static final long MINUTE = 60;

    /** A rule as it was given. */
    private record Rule(Selector selector, long nanos, boolean last) {
        RetentionRule asked() {
            return new RetentionRule(new SelectorFilter(selector), isEverything(), nanos, last);
        }

        boolean isEverything() {
            return selector.toString().equals("**");
        }

        String keep() {
            return Durations.print(nanos) + (last ? ",last" : "");
        }
    }

    private static final Comparator<Rule> PRECEDENCE = Comparator.<Rule>comparingInt(
                    rule -> -rule.selector.literalPrefix().length)
            .thenComparing(Rule::isEverything)
            .thenComparing(rule -> rule.selector.toString());

    private final SeriesStore store;
    private final Writes writes;
    private final LongSupplier now;
    private volatile List<Rule> rules;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "goshare-retention");
        made.setDaemon(true);
        return made;
    });

    RetentionRules(StorageEngine base, SeriesStore store, Writes writes, LongSupplier now) {
        this.store = store;
        this.writes = writes;
        this.now = now;
        this.rules = base.get(KEY).map(RetentionRules::decode).orElse(List.of());
        store.clip(asked(), now);
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::sweep, MINUTE, MINUTE, TimeUnit.SECONDS);
    }

    /** Lists the rules, or sets that of a selector. */
    CompletableFuture<Reply> run(Command command) {
        if (!command.has(Param.SEL)) {
            if (command.has(Param.KEEP)) {
                throw GoShareException.badField("sel", "of which series? send sel=…, ** for all");
            }
            return CompletableFuture.completedFuture(list());
        }
        Selector selector = command.require(Param.SEL);
        String keep = command.get(Param.KEEP)
                .orElseThrow(() -> GoShareException.badField(
                        "keep", "for how long? send keep=30d, keep=30d,last or keep=forever"));
        return writes.commit(command, List.of(set(selector, parse(selector, keep))), receipt -> Reply.done());
    }

    private Reply list() {
        Table table = Table.of("sel", "keep", "floor_time");
        for (Rule rule : rules) {
            table.add(
                    Value.of(rule.selector.toString()),
                    Value.of(rule.keep()),
                    Value.of(rule.asked().floor(now.getAsLong())));
        }
        return Reply.of(table);
    }

    private static Optional<Rule> parse(Selector selector, String keep) {
        if (keep.equals("forever")) {
            return Optional.empty();
        }
        boolean last = keep.endsWith(",last");
        try {
            long nanos = Keep.parse(last ? keep.substring(0, keep.length() - ",last".length()) : keep);
            return Optional.of(new Rule(selector, nanos, last));
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(
                    "keep", "keep=" + keep + " " + e.getMessage() + "; send 30d, 30d,last or forever");
        }
    }

    private Mutation set(Selector selector, Optional<Rule> rule) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                List<Rule> changed = new ArrayList<>(rules);
                changed.removeIf(known -> known.selector.toString().equals(selector.toString()));
                rule.ifPresent(changed::add);
                if (changed.size() > MOST) {
                    throw GoShareException.badField("sel", "there are " + MOST + " rules, the most; end some first");
                }
                changed.sort(PRECEDENCE);
                staging.put(KEY, encode(changed));
                staging.afterWrite(() -> {
                    rules = List.copyOf(changed);
                    store.clip(asked(), now);
                });
                return Receipt.NOTHING;
            }

            @Override
            public long bytes() {
                return 256L * (1 + rules.size());
            }
        };
    }

    private static byte[] encode(List<Rule> rules) {
        ByteSink out = new ByteSink();
        out.put(FORMAT);
        for (Rule rule : rules) {
            byte[] selector = rule.selector.toString().getBytes(StandardCharsets.UTF_8);
            out.putVarint(selector.length).put(selector).putVarint(rule.nanos).put(rule.last ? 1 : 0);
        }
        return out.toByteArray();
    }

    private static List<Rule> decode(byte[] value) {
        ByteSource in = new ByteSource(value, 0, value.length);
        if (in.get() != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "the row of retention rules is of an unknown format; run verify");
        }
        List<Rule> rules = new ArrayList<>();
        while (in.remaining() > 0) {
            int length = in.count(in.remaining());
            String selector = new String(in.array(), in.take(length), length, StandardCharsets.UTF_8);
            rules.add(new Rule(Selector.parse(selector), in.varint(), in.get() == 1));
        }
        return List.copyOf(rules);
    }

    /** The rows of {@code batch} that are older than their rules keep them, counted from 1. */
    List<RejectedRow> refusals(PointBatch batch) {
        List<Rule> known = rules;
        long time = now.getAsLong();
        long highest =
                known.stream().mapToLong(rule -> rule.asked().floor(time)).max().orElse(Long.MIN_VALUE);
        List<RejectedRow> refusals = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            long at = batch.times()[row];
            if (at < highest && at != PointBatch.NO_TIME) {
                SeriesKey series = batch.key(batch.series()[row]);
                Optional<Rule> rule = known.stream()
                        .filter(one -> one.selector.matches(series))
                        .findFirst();
                if (rule.isPresent() && at < rule.get().asked().floor(time)) {
                    String reason = "is older than " + rule.get().keep() + ", for which retention keeps "
                            + rule.get().selector + "; is its unit right?";
                    refusals.add(new RejectedRow(row + 1L, "time", "row " + (row + 1) + ", time: " + reason));
                }
            }
        }
        return refusals;
    }

    /** Carries the rules out now. */
    RetentionReport apply() {
        return store.retain(asked(), now.getAsLong(), thread::isShutdown);
    }

    private List<RetentionRule> asked() {
        return rules.stream().map(Rule::asked).toList();
    }

    private void sweep() {
        try {
            RetentionReport report = apply();
            if (!report.equals(RetentionReport.NOTHING)) {
                LOG.info(
                        "retention took away {} periods of {} bytes, and ranges of {} series",
                        report.periods(),
                        report.bytes(),
                        report.series());
            }
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof GoShareException refused && refused.retryable())) {
                LOG.warn("retention could not be carried out; trying again in a minute: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("retention could not be carried out; trying again in a minute", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = thread.awaitTermination(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
