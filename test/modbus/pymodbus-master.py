"""A third master: reads and writes with Debian's pymodbus, and prints what it got as one JSON object.

Arguments: rtu PATH | tcp PORT
"""

import json
import sys
import types

try:
    import serial_asyncio
except ImportError:
    # pymodbus imports it for its asynchronous clients only, and Debian does not bring it along.
    sys.modules["serial_asyncio"] = types.SimpleNamespace(create_serial_connection=None)

kind, where = sys.argv[1:]
if kind == "rtu":
    from pymodbus.client import ModbusSerialClient

    client = ModbusSerialClient(where, baudrate=9600, timeout=2)
else:
    from pymodbus.client import ModbusTcpClient

    client = ModbusTcpClient("127.0.0.1", port=int(where), timeout=2)

client.connect()
core = client.read_holding_registers(0x100, 3, slave=1)
cells = client.read_input_registers(0x110, 8, slave=1)
written = client.write_registers(0x180, [7, 2], slave=1)
# This call of pymodbus 3.0 knows its unit by the older name.
back = client.readwrite_registers(
    read_address=0x180, read_count=2, write_address=0x181, write_registers=[9], unit=1
)
past = client.read_holding_registers(0x188, 1, slave=1)
client.close()
print(
    json.dumps(
        {
            "core": core.registers,
            "cells": cells.registers,
            "written": not written.isError(),
            "back": back.registers,
            "past": past.exception_code,
        }
    )
)
