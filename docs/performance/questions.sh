#!/usr/bin/env bash
# Asks a server that holds the load of `goshare bench --mode write --hosts 100 --hours 12` the questions of
# docs/performance.md, one connection, and prints p50, p99 and the server's CPU for each.
#   questions.sh goshare|victoriametrics|questdb http://127.0.0.1:PORT PID
set -euo pipefail
kind=$1 url=$2 pid=$3
. "$(dirname "$0")/ask.sh"
first=1451606400 # 2016-01-01T00:00:00Z
hour="from=2016-01-01T03:00:00Z&to=2016-01-01T04:00:00Z"
day="from=2016-01-01T00:00:00Z&to=2016-01-01T12:00:00Z"
case $kind in
    goshare)
        one=$(escaped 'cpu:usage_user{host="host_7"}')
        some=$(escaped 'cpu:(usage_user|usage_system|usage_idle|usage_nice|usage_iowait){host=~"host_[1-8]"}')
        query="$url/api/v1/query?fmt=csv&limit=1000000"
        ask "last value" "$url/api/v1/at?fmt=csv&sel=$one"
        ask "raw, 360" "$query&sel=$one&$hour"
        ask "raw, 4,320" "$query&sel=$one&$day"
        ask "max per minute, 1" "$query&sel=$one&$hour&every=1m&agg=max"
        ask "max per minute, 8 x 5" "$query&sel=$some&$hour&every=1m&agg=max"
        ask "mean per hour, 100" "$query&sel=cpu%3Ausage_user&$day&every=1h&agg=mean"
        ask "above 90, 1" "$query&sel=$one&$day&where=gt:90"
        ask "above 90, 100" "$query&sel=cpu%3Ausage_user&$day&where=gt:90"
        ;;
    victoriametrics)
        at() { echo "$url/api/v1/query?nocache=1&query=$(escaped "$1")&time=$2"; }
        range() { echo "$url/api/v1/query_range?nocache=1&query=$(escaped "$1")&start=$2&end=$3&step=$4"; }
        one='cpu_usage_user{host="host_7"}'
        some='{__name__=~"cpu_usage_(user|system|idle|nice|iowait)",host=~"host_[1-8]"}'
        ask "last value" "$(at "$one" $((first + 43190)))"
        ask "raw, 360" "$(at "$one[1h]" $((first + 4 * 3600)))"
        ask "raw, 4,320" "$(at "$one[12h]" $((first + 12 * 3600)))"
        ask "max per minute, 1" "$(range "max_over_time($one[1m])" $((first + 3 * 3600)) $((first + 4 * 3600)) 60)"
        ask "max per minute, 8 x 5" "$(range "max_over_time($some[1m])" $((first + 3 * 3600)) $((first + 4 * 3600)) 60)"
        ask "mean per hour, 100" "$(range "avg_over_time(cpu_usage_user[1h])" $first $((first + 12 * 3600)) 3600)"
        ;;
    questdb)
        sql() { echo "$url/exec?query=$(escaped "$1")"; }
        within="host='host_7' and timestamp between '2016-01-01T03:00:00Z' and '2016-01-01T03:59:59Z'"
        ask "last value" "$(sql "select usage_user from cpu where host='host_7' order by timestamp desc limit 1")"
        ask "raw, 360" "$(sql "select timestamp, usage_user from cpu where $within")"
        ask "max per minute, 1" "$(sql "select timestamp, max(usage_user) from cpu where $within sample by 1m")"
        ask "mean per hour, 100" "$(sql "select timestamp, host, avg(usage_user) from cpu sample by 1h")"
        ask "above 90, 100" "$(sql "select timestamp, host, usage_user from cpu where usage_user > 90")"
        ;;
    *)
        sed -n '2,5p' "$0" >&2
        exit 2
        ;;
esac
