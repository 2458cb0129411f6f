# For questions.sh and states.sh, which set $pid, the server's process. Needs wrk, curl, awk and python3.

escaped() { python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1], safe=""))' "$1"; }

# CPU of the server, in hundredths of a second.
ticks() { sed 's/.*) //' "/proc/$pid/stat" | awk '{print $12 + $13}'; }

# Asks URL $2 for four seconds, then for three more, and prints name $1 with p50, p99 and the server's CPU for each.
ask() {
    wrk -t1 -c1 -d4s "$2" >/dev/null
    local before after told
    before=$(ticks)
    told=$(wrk -t1 -c1 -d3s --latency "$2")
    after=$(ticks)
    awk -v name="$1" -v cpu=$(((after - before) * 10)) -v bytes="$(curl -s "$2" | wc -c)" '
        $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } /requests in/ { n = $1 } /Non-2xx/ { print name ": " $0 }
        END { printf "%s: p50 %s, p99 %s, CPU %.3f ms, %d bytes\n", name, p50, p99, cpu / n, bytes }' <<<"$told"
}
