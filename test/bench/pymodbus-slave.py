"""A slave of Debian's pymodbus: 136 registers from 0x0100, each holding its own number. Arguments: PATH BAUD"""

import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer
from pymodbus.transaction import ModbusRtuFramer

path, baud = sys.argv[1:]
image = ModbusSequentialDataBlock(0x0100, list(range(0x88)))
unit = ModbusSlaveContext(hr=image, zero_mode=True)
context = ModbusServerContext(slaves={1: unit}, single=False)
StartSerialServer(context=context, framer=ModbusRtuFramer, port=path, baudrate=int(baud), bytesize=8)
