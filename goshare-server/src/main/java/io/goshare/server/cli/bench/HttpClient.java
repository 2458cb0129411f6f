package io.goshare.server.cli.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** HTTP/1.1 on one keep-alive socket with TCP_NODELAY: what is needed to send load, no more. */
final class HttpClient implements LoadClient {
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final OutputStream out;
    private final ReplyStream in;

    HttpClient(String host, int port) throws IOException {
        this.socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        this.out = socket.getOutputStream();
        this.in = new ReplyStream(socket.getInputStream());
    }

    @Override
    public int exchange(byte[] request) throws IOException {
        out.write(request);
        in.clearBody();
        String status = in.readLine();
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("no HTTP reply: " + status);
        }
        int code = Integer.parseInt(status, 9, 12, 10);
        int length = code == 204 || code == 304 ? 0 : -1;
        boolean chunked = false;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            } else if (line.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
                chunked = true;
            }
        }
        if (chunked) {
            readChunks();
        } else if (length < 0) {
            throw new IOException("a reply that tells no length");
        } else {
            in.readBody(length);
        }
        return code;
    }

    private void readChunks() throws IOException {
        int size;
        do {
            size = Integer.parseInt(in.readLine().split(";", 2)[0].strip(), 16);
            in.readBody(size);
            in.readLine();
        } while (size > 0);
    }

    @Override
    public byte[] body() {
        return in.body();
    }

    @Override
    public int bodyLength() {
        return in.bodyLength();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
