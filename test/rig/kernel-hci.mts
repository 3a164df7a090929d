// An adapter of this kernel as the host of a battery's radio module sees it: raw HCI through the noble family's own socket.
import { createRequire } from 'node:module';
import type { AttachHci } from './jbd-peripheral.mts';

interface HciSocket {
  on(event: 'data', hear: (packet: Buffer) => void): void;
  bindRaw(id: number): void;
  bindUser(id: number): void;
  setFilter(filter: Buffer): void;
  start(): void;
  write(packet: Buffer): void;
}

// The package has no types of its own for what is used here.
const Socket: new () => HciSocket = createRequire(import.meta.url)('@stoprocent/bluetooth-hci-socket');

/** Events and data; of the events disconnection, command complete and status, and LE meta. */
function filter(): Buffer {
  const bytes = Buffer.alloc(14);
  bytes.writeUInt32LE((1 << 4) | (1 << 2), 0);
  bytes.writeUInt32LE((1 << 5) | (1 << 14) | (1 << 15), 4);
  bytes.writeUInt32LE(1 << (0x3e - 32), 8);
  return bytes;
}

/** `hci<id>`, beside the kernel; or, of an adapter that is down, alone on it: neither the kernel nor bluetoothd sees it then. */
export const kernelHci =
  (id: number, channel: 'raw' | 'user' = 'raw'): AttachHci =>
  (heard) => {
    const socket = new Socket();
    socket.on('data', heard);
    if (channel === 'user') socket.bindUser(id);
    else {
      socket.bindRaw(id);
      socket.setFilter(filter());
    }
    socket.start();
    return { write: (packet) => socket.write(packet) };
  };
