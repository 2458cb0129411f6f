#!/usr/bin/env python3
"""What 100 subscribers cost the writers: the load of `goshare bench --mode write --hosts 1000` with nobody watching, with
100 streams of server-sent events that are told of one host each, and with 100 that are told of nothing, in turns.

  subscribers.py http://127.0.0.1:PORT PID [TURNS]    to a fresh server
"""
import datetime, os, re, selectors, socket, statistics, subprocess, sys, threading, time, urllib.parse, urllib.request

url, pid, turns = sys.argv[1], sys.argv[2], int((sys.argv + ["3"])[3])
goshare = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../goshare")
where = urllib.parse.urlparse(url)
STEPS = 1200
clock = datetime.datetime(2016, 1, 1)


class Subscribers:
    """Streams that one thread reads until they are closed; counts the rows they are told."""

    def __init__(self, names):
        self.rows = 0
        self.ready = 0
        self.ended = 0
        self.open = selectors.DefaultSelector()
        for name in names:
            one = socket.create_connection((where.hostname, where.port))
            selector = urllib.parse.quote('cpu:*{host="%s"}' % name, safe="")
            one.sendall(("GET /api/v1/watch?live_only=true&sel=%s HTTP/1.1\r\nHost: %s\r\n"
                         "Accept: text/event-stream\r\n\r\n" % (selector, where.netloc)).encode())
            self.open.register(one, selectors.EVENT_READ, bytearray())
        self.wanted = len(self.open.get_map())
        self.begun = threading.Event()
        self.closing = False
        self.thread = threading.Thread(target=self.read)
        self.thread.start()
        self.begun.wait() if self.wanted else None

    def read(self):
        room = bytearray(1 << 20)
        while self.open.get_map() and not self.closing:
            for key, _ in self.open.select(0.2):
                length = key.fileobj.recv_into(room)
                told = key.data + room[:length]  # with 14 bytes of before: each of these has 15
                self.rows += told.count(b'\ndata: {"what"')
                self.ready += told.count(b"event: ready\nda")
                self.ended += length == 0 or told.count(b"event: behind\nd")
                key.data[:] = told[-14:]
                if length == 0:
                    self.open.unregister(key.fileobj)
            if self.ready == self.wanted:
                self.begun.set()

    def close(self):
        self.closing = True
        self.thread.join()
        for key in list(self.open.get_map().values()):
            key.fileobj.close()


def send_away(names):
    """Tells something to streams that were closed, until the server knows that they were."""
    lines = "".join("cpu,host=%s closed=1\n" % name for name in names).encode()
    while names and not re.search(rb"^goshare_subscriptions 0", urllib.request.urlopen(url + "/metrics").read(), re.M):
        urllib.request.urlopen(url + "/write", lines).close()
        time.sleep(0.1)


def run(names):
    """Points a second and the server's CPU s per million points, while these are watched."""
    global clock
    subscribers = Subscribers(names)
    told = subprocess.run(
        [goshare, "bench", "--mode", "write", "--hosts", "1000", "--steps", str(STEPS), "--settle", "2s", "--url", url,
         "--pid", pid, "--start", clock.isoformat() + "Z"], capture_output=True, text=True, check=True).stdout
    clock += datetime.timedelta(seconds=10 * STEPS)
    subscribers.close()
    send_away(names)
    rate, cpu = re.search(r"^all +([\d,]+) +([\d.]+)", told, re.M).groups()
    return float(rate.replace(",", "")), float(cpu), subscribers.rows, subscribers.ended


cases = {"nobody": [], "told": ["host_%d" % (10 * i) for i in range(100)], "not told": ["no_%d" % i for i in range(100)]}
for hosts in cases.values():
    run(hosts)
found = {name: [] for name in cases}
for turn in range(turns):
    names = list(cases)
    for name in names[turn % 3:] + names[:turn % 3]:  # a checkpoint may come every third time
        found[name].append(run(cases[name]))
        print("%-9s %11.0f points/s  %.3f CPU s/M  %d rows told, %d streams ended" % ((name,) + found[name][-1]), flush=True)
for name in list(cases)[1:]:
    for place, what in enumerate(["points/s", "CPU"]):
        ratios = [one[place] / none[place] for one, none in zip(found[name], found["nobody"])]
        print("%s to nobody, %s: median %.2f of %s" % (
            name, what, statistics.median(ratios), ", ".join("%.2f" % one for one in ratios)))
