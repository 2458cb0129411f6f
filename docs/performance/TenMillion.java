import io.goshare.client.GoShare;
import io.goshare.client.batch.BatchWriter;
import io.goshare.client.statement.Cursor;
import io.goshare.client.statement.Point;
import java.lang.management.ManagementFactory;
import java.time.Instant;

/** Writes or reads points through the SDK: java -Xmx64m -cp "lib/*" TenMillion.java goshare:zmq://127.0.0.1:9797 write|read 10000000 */
public class TenMillion {
    public static void main(String[] words) {
        Instant start = Instant.parse("2026-07-01T00:00:00Z");
        long began = System.nanoTime();
        long count = 0;
        try (GoShare db = GoShare.connect(words[0])) {
            if (words[1].equals("write")) {
                try (BatchWriter writer = db.batchWriter().open()) {
                    for (int i = 0; i < Integer.parseInt(words[2]); i++) {
                        double value = (i * 7919L % 10000) / 100.0;
                        writer.add(Point.of("big:s" + (i % 100) + ":v", value).at(start.plusSeconds(i / 100)));
                    }
                    writer.flush();
                    count = writer.report().written();
                }
            } else {
                try (Cursor<Point> points = db.query("big:**").from(start).points().open()) {
                    while (points.hasNext()) {
                        points.next();
                        count++;
                    }
                }
            }
        }
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.out.printf("%d points, %.1f s, %.1f s of CPU%n", count, (System.nanoTime() - began) / 1e9,
                system.getProcessCpuTime() / 1e9);
    }
}
