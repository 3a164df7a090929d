"""A Modbus RTU master on a PTY of its own: prints the path, then answers each line of orders with a line of figures.

An order is {"requests": n, "warmup": n}; the figures are milliseconds from the last byte of the request written to the
first and to the last byte of the answer read. One read of 10 holding registers from 0x0100 of unit 1.
"""

import json
import os
import select
import sys
import time
import tty

REQUEST = bytes.fromhex("01030100000ac431")
REPLY_BYTES = 25
TIMEOUT_S = 2.0


def exchange(fd):
    started = time.perf_counter_ns()
    os.write(fd, REQUEST)
    got = b""
    first = None
    while len(got) < REPLY_BYTES:
        if not select.select([fd], [], [], TIMEOUT_S)[0]:
            sys.exit("no answer")
        got += os.read(fd, 256)
        first = first or time.perf_counter_ns()
    if got[:3] != b"\x01\x03\x14":
        sys.exit(f"wrong answer {got.hex()}")
    return (first - started) / 1e6, (time.perf_counter_ns() - started) / 1e6


def figures(values):
    ordered = sorted(values)
    at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]
    return {"min": ordered[0], "p50": at(0.5), "p99": at(0.99), "max": ordered[-1]}


def run(fd, order):
    for _ in range(order["warmup"]):
        exchange(fd)
    began = time.perf_counter()
    times = [exchange(fd) for _ in range(order["requests"])]
    seconds = time.perf_counter() - began
    return {
        "perSecond": order["requests"] / seconds,
        "firstByteMs": figures([first for first, _ in times]),
        "answerMs": figures([last for _, last in times]),
    }


master, slave = os.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
for line in sys.stdin:
    print(json.dumps(run(master, json.loads(line))), flush=True)
