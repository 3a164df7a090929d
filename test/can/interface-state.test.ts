import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { complaint, interfaceTraffic, interfaceTrouble } from '../../src/can/interface-state.ts';
import { socketCan } from '../../src/can/socketcan.ts';

// The files that Linux shows of an interface, laid out by hand.
const net = mkdtempSync(join(tmpdir(), 'net-'));
afterAll(() => rmSync(net, { recursive: true }));

function given(name: string, type: string, flags: string, operstate: string) {
  mkdirSync(join(net, name), { recursive: true });
  for (const [file, text] of Object.entries({ type, flags, operstate }))
    writeFileSync(join(net, name, file), `${text}\n`);
  return interfaceTrouble(name, net);
}

describe('a CAN interface', () => {
  test('that is up and has its carrier looks well', () => {
    expect(given('can0', '280', '0x40081', 'up')).toBeUndefined();
    expect(given('vcan0', '280', '0xc1', 'unknown')).toBeUndefined();
  });

  test('that is down comes with the command that sets it up', () => {
    expect(given('can0', '280', '0x40080', 'down')).toEqual({
      kind: 'unavailable',
      why: 'the interface is down',
      remedy: 'run `ip link set can0 up type can bitrate 500000 restart-ms 100`',
    });
    expect(given('vcan0', '280', '0x80', 'down')?.remedy).toBe('run `ip link set vcan0 up`');
  });

  test('that is up without carrier is bus-off', () => {
    expect(given('can0', '280', '0x40081', 'down')?.kind).toBe('bus-off');
    expect(given('can0', '280', '0x40081', 'lowerlayerdown')?.kind).toBe('bus-off');
  });

  test('that is bus-off or error-passive and never heard a frame points at the bit rate', () => {
    given('can2', '280', '0x40081', 'down');
    mkdirSync(join(net, 'can2', 'statistics'));
    const counted = (heard: number) => {
      writeFileSync(join(net, 'can2', 'statistics', 'tx_packets'), '4\n');
      writeFileSync(join(net, 'can2', 'statistics', 'rx_packets'), `${heard}\n`);
      return [
        interfaceTrouble('can2', net),
        complaint('error-passive', 'can2', () => interfaceTraffic('can2', net)),
      ].map((trouble) => /never heard a frame: most likely the bit rate/.test(trouble?.why ?? ''));
    };
    expect(interfaceTraffic('can9', net)).toBeUndefined();
    expect([counted(0), counted(1)]).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test('that is an Ethernet port is refused', () => {
    expect(given('eth0', '1', '0x1003', 'up')?.why).toBe('this is not a CAN interface');
  });

  test('that does not exist is one sentence, not a crash', () => {
    expect(interfaceTrouble('can9', net)?.why).toBe('there is no such interface');
    expect(() => socketCan('vcan99').open({ onFrame() {}, onFault() {} })).toThrow(/^vcan99: .+; .+$/);
  });
});
