#!/bin/sh
# A GoShare plug-in: once a second it reads this machine's figures and states and pushes them as CSV, "path,value" a row.
#
#   sh plugin.sh URL SECONDS      for example  sh plugin.sh http://127.0.0.1:9999 30
#
# Numbers: load, memory, disk, cpu. States: whether a process is up, how busy the cpu is, the kernel's version. It needs
# Linux (/proc), sed, grep, awk, df, ps and curl.
set -u

url=$1/api/v1/write?fmt=csv
seconds=$2
# Processes to watch, by name.
processes=${GOSHARE_PROCESSES:-"java sshd cron"}
host=host:$(uname -n | sed 's/[^A-Za-z0-9._-]/_/g')

for tool in sed grep awk df ps curl; do
    command -v $tool >/dev/null || { echo "plugin.sh: $tool is missing here" >&2; exit 1; }
done
[ -r /proc/stat ] || { echo "plugin.sh: there is no /proc here" >&2; exit 1; }

load() {
    sed 's/\([^ ]*\) \([^ ]*\) \([^ ]*\) .*/\1,\2,\3/' /proc/loadavg |
        awk -F, -v host="$host" '{
            print host ":load:1min," $1
            print host ":load:5min," $2
            print host ":load:15min," $3
        }'
}

memory() {
    grep -E '^(MemTotal|MemAvailable|SwapTotal|SwapFree):' /proc/meminfo |
        awk -v host="$host" '
            { kib[$1] = $2 }
            END {
                printf "%s:memory:available_kib,%d\n", host, kib["MemAvailable:"]
                if (kib["MemTotal:"] > 0) {
                    printf "%s:memory:used_percent,%.1f\n", host,
                        100 * (kib["MemTotal:"] - kib["MemAvailable:"]) / kib["MemTotal:"]
                }
                printf "%s:memory:swap_used_kib,%d\n", host, kib["SwapTotal:"] - kib["SwapFree:"]
            }'
}

# Of real disks only; a mount point's slashes become dashes: / is root, /var/lib is var-lib.
disk() {
    df -kP 2>/dev/null | grep '^/dev/' |
        awk -v host="$host" '{
            name = $6
            sub(/^\//, "", name)
            gsub(/[^A-Za-z0-9._-]/, "-", name)
            if (name == "") name = "root"
            if (!(name in seen)) {
                seen[name] = 1
                sub(/%/, "", $5)
                printf "%s:disk:%s:used_percent,%s\n", host, name, $5
                printf "%s:disk:%s:free_kib,%s\n", host, name, $4
            }
        }'
}

# The share of time that was not idle since the call before, and what that makes the cpu.
cpu_times() {
    sed -n 's/^cpu  *//p' /proc/stat | awk '{ for (i = 1; i <= 8; i++) all += $i; print all, $4 + $5 }'
}

cpu() {
    echo "$1 $2" | awk -v host="$host" '{
        all = $3 - $1
        busy = all > 0 ? 100 * (all - ($4 - $2)) / all : 0
        printf "%s:cpu:busy_percent,%.1f\n", host, busy
        printf "%s:cpu:state,%s\n", host, (busy > 80 ? "saturated" : busy > 20 ? "busy" : "idle")
    }'
}

states() {
    running=$(ps -A -o comm=)
    for process in $processes; do
        if echo "$running" | grep -q "^$process\$"; then state=up; else state=down; fi
        echo "$host:process:$process,$state"
    done
    echo "$host:kernel,\"$(uname -sr | sed 's/"/""/g')\""
    echo "$host:processes,$(echo "$running" | grep -c .)"
}

push() {
    reply=$(curl -sS --max-time 5 -w '\n%{http_code}' --data-binary @- "$url") || exit 1
    case $reply in
        *200) ;;
        *) echo "plugin.sh: the server said: $reply" >&2; exit 1 ;;
    esac
}

before=$(cpu_times)
end=$(($(date +%s) + seconds))
while [ "$(date +%s)" -lt "$end" ]; do
    sleep 1
    now=$(cpu_times)
    { load; memory; disk; cpu "$before" "$now"; states; } | push || exit 1
    before=$now
done
