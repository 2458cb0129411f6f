package io.goshare.server.series;

import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.server.query.Budget;
import io.goshare.server.query.QueryService;
import io.goshare.server.query.SeriesReader;
import io.goshare.server.query.StoreReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a store with its summaries, and without. For one thread. */
final class Answers {
    private static final Pattern ROLLUPS = Pattern.compile("rollups=(\\d+)");

    private long rollupsRead;

    /** How many summaries were read for all answers so far. */
    long rollupsRead() {
        return rollupsRead;
    }

    /** Rows, and notes behind them, of the answer at {@code now}. */
    List<String> of(SeriesStore store, String words, long now) {
        return ask(new StoreReader(store), query(words).with("explain", "1"), now);
    }

    List<String> ofPoints(SeriesStore store, String words, long now) {
        return ask(new PointReader(new StoreReader(store)), query(words), now);
    }

    private static Command query(String words) {
        String[] parts = words.split(" ");
        Command command = Command.of(Verb.named(parts[0]).orElseThrow());
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private List<String> ask(SeriesReader reader, Command command, long now) {
        List<String> told = new ArrayList<>();
        try (QueryService service = new QueryService(reader, () -> now, Budget.Limits.DEFAULT)) {
            Reply reply = service.run(command);
            ((Result.Rows) reply.result()).table().rows().forEach(row -> told.add(Arrays.toString(row)));
            reply.notes().forEach((name, value) -> {
                if (name.equals("explain")) {
                    Matcher rollups = ROLLUPS.matcher(value);
                    rollupsRead += rollups.find() ? Long.parseLong(rollups.group(1)) : 0;
                } else {
                    told.add(name + "=" + value);
                }
            });
        }
        return told;
    }
}
