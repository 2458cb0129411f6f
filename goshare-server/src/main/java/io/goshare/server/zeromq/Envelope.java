package io.goshare.server.zeromq;

import java.util.List;

/**
 * One message taken apart.
 *
 * @param route what a reply begins with: the peer's identity and, where a REQ or a proxy sent some, more up to an empty
 *     frame
 * @param frames the request
 * @param peer {@code address:port} of the connection; empty over inproc
 * @param bytes of all frames
 */
record Envelope(List<byte[]> route, List<byte[]> frames, String peer, long bytes) {
    /**
     * Takes the frames behind the identity apart: an empty frame, or identities and then an empty frame, are the route
     * of a REQ; anything else is a DEALER's bare request. JeroMQ's and libzmq's own identities begin with a zero byte.
     */
    static Envelope of(List<byte[]> all, String peer, long bytes) {
        int end = 1;
        while (end < all.size() - 1 && all.get(end).length > 0 && all.get(end)[0] == 0) {
            end++;
        }
        boolean delimited = end < all.size() - 1 && all.get(end).length == 0;
        int start = delimited ? end + 1 : 1;
        return new Envelope(all.subList(0, start), all.subList(start, all.size()), peer, bytes);
    }

    /** The address without the port. */
    String address() {
        int colon = peer.lastIndexOf(':');
        return colon < 0 ? peer : peer.substring(0, colon);
    }
}
