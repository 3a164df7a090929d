"""A Modbus RTU master on a PTY of its own: prints the path, then answers each line of orders with a line of figures.

An order is {"requests": n, "warmup": n, "registers": n, "baud": n or absent, "content": "ramp" or absent}. Each request
reads that many holding registers from 0x0100 of unit 1; the figures are milliseconds from the last byte of the request
given to the line to the first ("firstByteMs") and to the last byte ("answerMs") of the answer read. With "baud" every byte takes its
time, as on a line of that speed, and "turnMs" is the whole of it: from the first bit of the request to the last bit of the
answer. All answers are checked when the clock has stopped; a request without an answer is counted
in "lost", and after ten of them no more is asked ("asked" says how many were). Until the slave answers for the first time the
request is repeated.
"""

import json
import os
import select
import sys
import time
import tty

TIMEOUT_S = 2.0
START_S = 30.0
MOST_LOST = 10
FIRST = 0x0100
BITS = 10


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def request_for(registers):
    body = bytes([1, 3]) + FIRST.to_bytes(2, "big") + registers.to_bytes(2, "big")
    return body + crc(body)


def problem(answer, registers, content):
    if answer[:3] != bytes([1, 3, 2 * registers]) or answer[-2:] != crc(answer[:-2]):
        return f"wrong answer {answer.hex()}"
    ramp = b"".join(i.to_bytes(2, "big") for i in range(registers))
    return "wrong content" if content == "ramp" and answer[3:-2] != ramp else None


def hear(fd, length):
    got, first = b"", None
    while len(got) < length:
        if not select.select([fd], [], [], TIMEOUT_S)[0]:
            raise TimeoutError("no answer within 2 s")
        got += os.read(fd, 512)
        first = first or time.perf_counter_ns()
    return got, first, time.perf_counter_ns()


def exchange(fd, request, length):
    began = time.perf_counter_ns()
    os.write(fd, request)
    got, first, last = hear(fd, length)
    return got, (first - began) / 1e6, (last - began) / 1e6, (last - began) / 1e6


def until(moment):
    while time.perf_counter_ns() < moment:
        pass


def paced(fd, request, length, byte_ns):
    began = time.perf_counter_ns()
    asked = began
    for i, byte in enumerate(request):
        until(began + (i + 1) * byte_ns)
        asked = time.perf_counter_ns()
        os.write(fd, bytes([byte]))
    got, first, last = hear(fd, length)
    done = max(last, first + length * byte_ns)
    until(done + 4 * byte_ns + 2_000_000)
    return got, (first - asked) / 1e6, (done - asked) / 1e6, (done - began) / 1e6


def wait_for_slave(fd, request, length):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        os.write(fd, request)
        got = b""
        while select.select([fd], [], [], 0.3)[0]:
            got += os.read(fd, 512)
        if len(got) == length:
            return
    raise TimeoutError(f"no first answer within {START_S:.0f} s")


def unless_lost(ask):
    try:
        return ask()
    except TimeoutError:
        return None


def ask_all(ask, times):
    asked, lost = [], 0
    while len(asked) < times and lost < MOST_LOST:
        asked.append(unless_lost(ask))
        lost += asked[-1] is None
    return asked


def run(fd, order):
    registers = order["registers"]
    request, length = request_for(registers), 5 + 2 * registers
    wait_for_slave(fd, request, length)
    byte_ns = BITS * 1e9 / order["baud"] if "baud" in order else None
    ask = lambda: exchange(fd, request, length) if byte_ns is None else paced(fd, request, length, byte_ns)
    ask_all(ask, order["warmup"])
    asked = ask_all(ask, order["requests"])
    found = [times for times in asked if times]
    if not found:
        return {"error": "no answer at all"}
    wrong = [why for answer, *_ in found if (why := problem(answer, registers, order.get("content")))]
    if wrong:
        return {"error": wrong[0]}
    _, first, answer, turn = zip(*found)
    return {"firstByteMs": first, "answerMs": answer, "turnMs": turn, "asked": len(asked), "lost": len(asked) - len(found)}


master, slave = os.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
for line in sys.stdin:
    try:
        print(json.dumps(run(master, json.loads(line))), flush=True)
    except (TimeoutError, OSError) as error:
        print(json.dumps({"error": str(error)}), flush=True)
