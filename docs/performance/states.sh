#!/usr/bin/env bash
# Writes states of 1,000 series, 1,000 changes each in a week, to a GoShare server, and asks it the questions of
# docs/performance.md about them: p50, p99 and the server's CPU for each.
#   states.sh http://127.0.0.1:PORT PID
set -euo pipefail
url=$1 pid=$2
. "$(dirname "$0")/ask.sh"
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
for part in $(seq 0 99); do
    awk -v part="$part" 'BEGIN {
        srand(part + 1)
        split("up down degraded maintenance", words)
        for (step = part * 10; step < part * 10 + 10; step++)
            for (host = 0; host < 1000; host++)
                printf "node,host=host_%d state=\"%s\" %d\n", host, words[(step + int(rand() * 3)) % 4 + 1],
                    1451606400 + step * 600 + host % 600
    }' >"$lines"
    curl -sf -o /dev/null --data-binary @"$lines" "$url/write?precision=s"
done
all=$(escaped 'node:state')
one=$(escaped 'node:state{host="host_7"}')
hour="from=2016-01-04T03:00:00Z&to=2016-01-04T04:00:00Z"
day="from=2016-01-04T00:00:00Z&to=2016-01-05T00:00:00Z"
week="from=2016-01-01T00:00:00Z&to=2016-01-08T00:00:00Z"
query="$url/api/v1/query?fmt=csv&limit=1000000"
ask "last value of 1,000 series" "$url/api/v1/at?fmt=csv&limit=1000000&sel=$all"
ask "who was down in one hour" "$query&sel=$all&$hour&agg=duration:down"
ask "runs of one series" "$url/api/v1/states?fmt=csv&limit=1000000&sel=$one&$week"
ask "time in state per hour, a day" "$query&sel=$all&$day&every=1h&agg=duration"
