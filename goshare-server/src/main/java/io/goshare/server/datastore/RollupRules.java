package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.commit.Staging;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.query.SelectorFilter;
import io.goshare.server.query.StoreReader;
import io.goshare.server.series.RollupRule;
import io.goshare.server.series.SeriesStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Of which series summaries are kept: a rule for each selector and length of windows. All that match a series apply.
 * They are made each minute, before retention takes points. docs/storage-format.md, "Meta".
 *
 * <pre>
 *   key      'M'  "rollup"
 *   value    format (1) = 1, last number given: varint; for each rule: number: varint; selector: varint length, UTF-8;
 *            nanoseconds of a window: varint; nanoseconds kept: varint, 0 for ever
 * </pre>
 */
final class RollupRules {
    private static final byte[] KEY = Tables.key(Tables.META, "rollup".getBytes(StandardCharsets.UTF_8));
    private static final int FORMAT = 1;
    private static final int MOST = 100;
    private static final String END = "none";

    /** A rule as it was given. */
    private record Rule(int number, Selector selector, long every, long keep) {
        RollupRule asked() {
            return new RollupRule(number, new SelectorFilter(selector), every, keep);
        }

        boolean isOf(Selector other, long nanos) {
            return every == nanos && selector.toString().equals(other.toString());
        }
    }

    /** @param last the number given last: none is given twice, for rows of the one before may be left */
    private record Rules(int last, List<Rule> all) {}

    private static final Comparator<Rule> ORDER =
            Comparator.<Rule, String>comparing(rule -> rule.selector.toString()).thenComparing(Rule::every);

    private final SeriesStore store;
    private final Writes writes;
    private volatile Rules rules;

    RollupRules(StorageEngine base, SeriesStore store, Writes writes) {
        this.store = store;
        this.writes = writes;
        this.rules = base.get(KEY).map(RollupRules::decode).orElse(new Rules(0, List.of()));
        apply(rules);
    }

    private void apply(Rules changed) {
        rules = changed;
        store.rollups(changed.all.stream().map(Rule::asked).toList(), StoreReader.summariser());
    }

    /** Lists the rules, sets one or ends it. */
    CompletableFuture<Reply> run(Command command) {
        if (!command.has(Param.SEL)) {
            if (command.has(Param.SUMMARY_EVERY) || command.has(Param.SUMMARY_KEEP)) {
                throw GoShareException.badField("sel", "of which series? send sel=…, ** for all");
            }
            return CompletableFuture.completedFuture(list());
        }
        long every = every(command.get(Param.SUMMARY_EVERY)
                .orElseThrow(() -> GoShareException.badField("every", "of which windows? send every=1h, 1m or 1d")));
        OptionalLong keep = keep(command.get(Param.SUMMARY_KEEP)
                .orElseThrow(() -> GoShareException.badField(
                        "keep", "for how long? send keep=2y, keep=forever or, to end the rule, keep=" + END)));
        return writes.commit(command, List.of(set(command.require(Param.SEL), every, keep)), receipt -> Reply.done());
    }

    private Reply list() {
        Table table = Table.of("sel", "every", "keep");
        for (Rule rule : rules.all) {
            table.add(
                    Value.of(rule.selector.toString()),
                    Value.of(Durations.print(rule.every)),
                    Value.of(rule.keep == RollupRule.FOR_EVER ? "forever" : Durations.print(rule.keep)));
        }
        return Reply.of(table);
    }

    private static long every(String text) {
        try {
            long nanos = Durations.parse(text);
            if (!RollupRule.isWindow(nanos)) {
                throw new IllegalArgumentException("does not divide a day, or is shorter than a second");
            }
            return nanos;
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(
                    "every",
                    "every=" + text + " " + e.getMessage()
                            + "; send 1m, 15m, 1h or 1d: weeks, months and time zones are folded from those");
        }
    }

    /** Empty to end the rule. */
    private static OptionalLong keep(String text) {
        if (text.equals(END)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(text.equals("forever") ? RollupRule.FOR_EVER : Keep.parse(text));
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(
                    "keep", "keep=" + text + " " + e.getMessage() + "; send 2y, forever, or none to end the rule");
        }
    }

    private Mutation set(Selector selector, long every, OptionalLong keep) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                Rules changed = changed(selector, every, keep);
                staging.put(KEY, encode(changed));
                staging.afterWrite(() -> apply(changed));
                return Receipt.NOTHING;
            }

            @Override
            public long bytes() {
                return 256L * (1 + rules.all.size());
            }
        };
    }

    private Rules changed(Selector selector, long every, OptionalLong keep) {
        List<Rule> all = new ArrayList<>(rules.all);
        Optional<Rule> known =
                all.stream().filter(rule -> rule.isOf(selector, every)).findFirst();
        known.ifPresent(all::remove);
        int last = rules.last;
        if (keep.isPresent()) {
            last += known.isPresent() ? 0 : 1;
            all.add(new Rule(known.map(Rule::number).orElse(last), selector, every, keep.getAsLong()));
        } else if (known.isEmpty()) {
            throw GoShareException.badField(
                    "sel",
                    "there is no rule of " + selector + " every " + Durations.print(every)
                            + "; without sel the rules are listed");
        }
        if (all.size() > MOST) {
            throw GoShareException.badField("sel", "there are " + MOST + " rules, the most; end some first");
        }
        all.sort(ORDER);
        return new Rules(last, List.copyOf(all));
    }

    private static byte[] encode(Rules rules) {
        ByteSink out = new ByteSink();
        out.put(FORMAT).putVarint(rules.last);
        for (Rule rule : rules.all) {
            byte[] selector = rule.selector.toString().getBytes(StandardCharsets.UTF_8);
            out.putVarint(rule.number).putVarint(selector.length).put(selector);
            out.putVarint(rule.every).putVarint(rule.keep == RollupRule.FOR_EVER ? 0 : rule.keep);
        }
        return out.toByteArray();
    }

    private static Rules decode(byte[] value) {
        ByteSource in = new ByteSource(value, 0, value.length);
        if (in.get() != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "the row of rollup rules is of an unknown format; run verify");
        }
        int last = in.count(Integer.MAX_VALUE);
        List<Rule> rules = new ArrayList<>();
        while (in.remaining() > 0) {
            int number = in.count(Integer.MAX_VALUE);
            int length = in.count(in.remaining());
            String selector = new String(in.array(), in.take(length), length, StandardCharsets.UTF_8);
            long every = in.varint();
            long keep = in.varint();
            rules.add(new Rule(number, Selector.parse(selector), every, keep == 0 ? RollupRule.FOR_EVER : keep));
        }
        return new Rules(last, List.copyOf(rules));
    }
}
