package io.goshare.server.engine;

/**
 * Sizes of one engine.
 *
 * @param writeBufferBytes rows held in memory before a table is written; up to twice this is used
 * @param cacheBytes cache of blocks read
 * @param blockBytes size of a block of rows on the disk
 * @param compress whether blocks are compressed (Snappy for LevelDB)
 * @param diskReserveBytes free bytes of the file system below which writes are refused with {@code DISK_LOW}
 */
public record EngineOptions(
        int writeBufferBytes, long cacheBytes, int blockBytes, boolean compress, long diskReserveBytes) {
    public static final EngineOptions DEFAULTS = new EngineOptions(32 << 20, 32L << 20, 4 << 10, true, 0);

    public EngineOptions withWriteBufferBytes(int bytes) {
        return new EngineOptions(bytes, cacheBytes, blockBytes, compress, diskReserveBytes);
    }

    public EngineOptions withCacheBytes(long bytes) {
        return new EngineOptions(writeBufferBytes, bytes, blockBytes, compress, diskReserveBytes);
    }

    public EngineOptions withBlockBytes(int bytes) {
        return new EngineOptions(writeBufferBytes, cacheBytes, bytes, compress, diskReserveBytes);
    }

    public EngineOptions withCompress(boolean on) {
        return new EngineOptions(writeBufferBytes, cacheBytes, blockBytes, on, diskReserveBytes);
    }

    public EngineOptions withDiskReserveBytes(long bytes) {
        return new EngineOptions(writeBufferBytes, cacheBytes, blockBytes, compress, bytes);
    }
}
