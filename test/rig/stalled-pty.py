"""A serial line whose far end does not read: prints the name of its PTY, reads only once it is told to on stdin."""
import os
import sys
import tty

master, slave = os.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
sys.stdin.readline()
while os.read(master, 4096):
    pass
