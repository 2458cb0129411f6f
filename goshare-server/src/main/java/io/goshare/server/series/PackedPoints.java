package io.goshare.server.series;

/** Columns of points, laid out as in {@link io.goshare.protocol.model.PointBatch}; rows of a series stand together. */
record PackedPoints(long[] times, byte[] tags, long[] words, byte[] heap) {}
