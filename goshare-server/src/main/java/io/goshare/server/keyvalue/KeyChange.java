package io.goshare.server.keyvalue;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.commit.Staging;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A change of one key. */
abstract sealed class KeyChange implements Mutation {
    private static final int SHOWN_KEY = 80;

    private final ExpirySweep sweep;
    final byte[] key;

    private KeyChange(ExpirySweep sweep, byte[] key) {
        this.sweep = sweep;
        this.key = key;
    }

    @Override
    public long bytes() {
        return key.length + 32L;
    }

    /** The key for people, shortened. */
    final String name() {
        String text = Text.shown(Text.decode(key));
        return "key " + (text.length() <= SHOWN_KEY ? text : text.substring(0, SHOWN_KEY) + "…");
    }

    /** The entry as it is stored, expired or not. */
    final Optional<Entry> stored(Staging staging) {
        return staging.get(KeyValueRow.key(key)).map(KeyValueRow::decode);
    }

    static @Nullable Entry alive(Optional<Entry> stored, long now) {
        return stored.filter(entry -> entry.expires() > now).orElse(null);
    }

    final void replace(Staging staging, Optional<Entry> before, Entry entry) {
        long old = before.map(Entry::expires).orElse(Entry.NEVER);
        if (old != entry.expires()) {
            forgetExpiry(staging, old);
            if (entry.expires() != Entry.NEVER) {
                staging.put(KeyValueRow.expiryKey(entry.expires(), key), KeyValueRow.expiryValue());
                sweep.notBehind(entry.expires());
            }
        }
        staging.put(KeyValueRow.key(key), KeyValueRow.encode(entry));
    }

    final void forgetExpiry(Staging staging, long expires) {
        if (expires != Entry.NEVER) {
            staging.delete(KeyValueRow.expiryKey(expires, key));
        }
    }

    private static long expires(OptionalLong lifetime, long now) {
        if (lifetime.isEmpty()) {
            return Entry.NEVER;
        }
        long end = now + lifetime.getAsLong();
        return end < now ? Entry.NEVER : end;
    }

    static final class Put extends KeyChange {
        private final Value value;
        private final OptionalLong lifetime;
        private final Condition condition;

        Put(ExpirySweep sweep, byte[] key, Value value, OptionalLong lifetime, Condition condition) {
            super(sweep, key);
            this.value = value;
            this.lifetime = lifetime;
            this.condition = condition;
        }

        @Override
        public Value stage(Staging staging) {
            boolean blind = lifetime.isEmpty() && condition instanceof Condition.None;
            Optional<Entry> before = blind ? Optional.empty() : stored(staging);
            Entry held = alive(before, staging.now());
            check(condition, held);
            replace(staging, before, new Entry(value, staging.revision(), expires(lifetime, staging.now())));
            return Receipt.NOTHING;
        }

        @Override
        public long bytes() {
            return super.bytes() + ValueCodec.bytes(value);
        }
    }

    static final class Delete extends KeyChange {
        private final Condition condition;

        Delete(ExpirySweep sweep, byte[] key, Condition condition) {
            super(sweep, key);
            this.condition = condition;
        }

        @Override
        public Value stage(Staging staging) {
            Optional<Entry> before = stored(staging);
            Entry held = alive(before, staging.now());
            check(condition, held);
            if (before.isPresent()) {
                staging.delete(KeyValueRow.key(key));
                forgetExpiry(staging, before.get().expires());
            }
            return Value.of(held == null ? 0L : 1L);
        }
    }

    static final class Increment extends KeyChange {
        private final long delta;
        private final OptionalLong lifetime;

        Increment(ExpirySweep sweep, byte[] key, long delta, OptionalLong lifetime) {
            super(sweep, key);
            this.delta = delta;
            this.lifetime = lifetime;
        }

        @Override
        public Value stage(Staging staging) {
            Optional<Entry> before = stored(staging);
            Entry held = alive(before, staging.now());
            Value sum = Value.of(sum(held == null ? Value.of(0L) : held.value()));
            long expires = lifetime.isEmpty() && held != null ? held.expires() : expires(lifetime, staging.now());
            replace(staging, before, new Entry(sum, staging.revision(), expires));
            return sum;
        }

        private long sum(Value number) {
            if (number.kind() != Kind.INTEGER) {
                throw GoShareException.badField(
                        "key",
                        name() + " holds no integer but a value of type "
                                + number.kind().letter() + "; put an integer first");
            }
            try {
                return Math.addExact(number.word(), delta);
            } catch (ArithmeticException e) {
                throw GoShareException.badField(
                        "delta",
                        name() + " holds " + number.word() + "; adding " + delta + " is more than an int64 holds");
            }
        }
    }

    final void check(Condition condition, @Nullable Entry held) {
        if (held == null) {
            condition.check(name(), null, 0, 0);
        } else {
            condition.check(name(), held.value(), held.revision(), held.revision());
        }
    }
}
