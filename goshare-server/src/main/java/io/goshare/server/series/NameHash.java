package io.goshare.server.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A keyed hash of 128 bits of a series' name: SipHash-2-4 with its 128-bit output (Aumasson and Bernstein, INDOCRYPT
 * 2012). The key is made anew at each start and never leaves the process, so that nobody can choose names that collide.
 * For one thread: the hash is left in {@link #high} and {@link #low}.
 */
final class NameHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    long high;
    long low;

    NameHash() {
        SecureRandom random = new SecureRandom();
        key0 = random.nextLong();
        key1 = random.nextLong();
    }

    NameHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Another one with the same key, for another thread. */
    NameHash sameKey() {
        return new NameHash(key0, key1);
    }

    void of(byte[] name) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        int whole = name.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            word((long) LONG.get(name, i));
        }
        long last = (long) name.length << 56;
        for (int i = name.length - 1; i >= whole; i--) {
            last |= (name[i] & 0xffL) << 8 * (i - whole);
        }
        word(last);
        v2 ^= 0xee;
        rounds(4);
        low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        rounds(4);
        high = v0 ^ v1 ^ v2 ^ v3;
    }

    private void word(long m) {
        v3 ^= m;
        rounds(2);
        v0 ^= m;
    }

    private void rounds(int n) {
        for (int i = 0; i < n; i++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
