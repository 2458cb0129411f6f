package io.goshare.server.engine;

/**
 * Sizes of one engine. Blocks are compressed: by Snappy, in RocksDB by LZ4.
 *
 * @param writeBufferBytes rows held in memory before a table is written; up to twice this is used
 * @param cacheBytes cache of blocks read
 * @param blockBytes size of a block of rows on the disk
 * @param diskReserveBytes free bytes of the file system below which writes are refused with {@code DISK_LOW}
 */
public record EngineOptions(int writeBufferBytes, long cacheBytes, int blockBytes, long diskReserveBytes) {
    public static final EngineOptions DEFAULTS = new EngineOptions(32 << 20, 32L << 20, 4 << 10, 0);

    public EngineOptions withWriteBufferBytes(int bytes) {
        return new EngineOptions(bytes, cacheBytes, blockBytes, diskReserveBytes);
    }

    public EngineOptions withCacheBytes(long bytes) {
        return new EngineOptions(writeBufferBytes, bytes, blockBytes, diskReserveBytes);
    }

    public EngineOptions withBlockBytes(int bytes) {
        return new EngineOptions(writeBufferBytes, cacheBytes, bytes, diskReserveBytes);
    }

    public EngineOptions withDiskReserveBytes(long bytes) {
        return new EngineOptions(writeBufferBytes, cacheBytes, blockBytes, bytes);
    }
}
