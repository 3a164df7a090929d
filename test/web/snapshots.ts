// A bank of two batteries, three wires and two child processes, as the office was told of them.
import type { BankState, PackState } from '../../src/model/bank-state.ts';
import type { Freshness } from '../../src/model/freshness.ts';
import { newHistogram } from '../../src/model/histogram.ts';
import type { Health, WireHealth } from '../../src/model/wire-health.ts';

export const NOW_MS = 1_000_000;

const pack = (id: string, freshness: Freshness): PackState => ({
  id,
  freshness,
  sampleAtMs: NOW_MS - 1500,
  reading: { voltageV: 52.8, currentA: -12.5, socPct: 76, cellVoltagesV: [3.301, 3.297, 3.305] },
});

export const bankThatIs = (freshness: Freshness): BankState => ({
  sequence: 7,
  evaluatedAtMs: NOW_MS - 250,
  validUntilMs: NOW_MS + 2750,
  freshness,
  sampleAtMs: NOW_MS - 1500,
  signals: {
    voltageV: 52.8,
    currentA: -12.5,
    socPct: 76,
    minCellVoltageV: 3.297,
    maxCellVoltageV: 3.305,
    minCellTemperatureC: 21.2,
    maxCellTemperatureC: 24.9,
    chargeVoltageLimitV: 56.8,
    dischargeVoltageLimitV: 44.8,
    chargeCurrentLimitA: 0,
    dischargeCurrentLimitA: 150,
    alarms: ['low_soc'],
  },
  packs: [pack('a', 'fresh'), pack('b', 'stale'), { id: 'c', freshness: 'never' }],
  reasons: { chargeVoltage: [], dischargeVoltage: [], chargeCurrent: [], dischargeCurrent: [] },
  notices: [],
});

function took(bounds: readonly number[], ...values: readonly number[]) {
  const meter = newHistogram(bounds);
  for (const value of values) meter.observe(value);
  return meter.read();
}

const rtu: WireHealth = {
  name: '/dev/serial/by-id/usb-"odd"\\port',
  kind: 'rtu',
  state: 'open',
  counts: {
    requests: 61,
    answers: 60,
    exceptions: 2,
    crcErrors: 3,
    resyncBytes: 24,
    foreignFrames: 4,
    echoBytes: 0,
    lateAnswers: 1,
    droppedAnswers: 1,
  },
  answerTime: took([1, 5, 100], 0.5, 3, 3, 250),
  asked: [
    { unit: 1, code: 3, first: 0x100, quantity: 18, count: 59, refused: 0 },
    { unit: 1, code: 3, first: 0x200, quantity: 4, count: 2, refused: 2, exception: 2 },
    { unit: 1, code: 17, count: 1, refused: 0 },
  ],
  askedOthers: 5,
  inverters: [
    {
      id: 'ems',
      voice: 'silent',
      telling: 'the truth',
      heard: 61,
      heardAtMs: NOW_MS - 65_000,
      heardPerMinute: 0,
    },
  ],
};

const tcp: WireHealth = {
  name: '127.0.0.1:1502',
  kind: 'tcp',
  state: 'unavailable',
  counts: { requests: 0, answers: 0, exceptions: 0, foreignFrames: 0, malformed: 2 },
  asked: [],
  askedOthers: 0,
  masters: 0,
  inverters: [{ id: 'page', voice: 'never', telling: 'the truth', heard: 0 }],
};

const ascii: WireHealth = {
  name: '/dev/ttyUSB1',
  kind: 'ascii',
  state: 'opening',
  counts: { requests: 9 },
  asked: [{ unit: 2, code: 0x61, count: 9, refused: 0 }],
  askedOthers: 0,
  inverters: [],
};

const can: WireHealth = {
  name: 'can0',
  kind: 'can',
  state: 'no-ack',
  counts: {
    sent: 600,
    refused: 12,
    held: 1,
    received: 7,
    ignored: 1,
    opened: 2,
    stopped: 1,
    busOff: 0,
    restarted: 0,
    errorPassive: 1,
    errorActive: 0,
    noAck: 1,
  },
  asked: [],
  askedOthers: 0,
  inverters: [
    {
      id: 'house',
      voice: 'heard',
      telling: 'the truth',
      heard: 7,
      heardAtMs: NOW_MS - 900,
      heardPerMinute: 60,
      beatLateness: took([1, 20], 0.3, 0.4, 30),
    },
  ],
};

export const health: Health = {
  atMs: NOW_MS - 3000,
  wires: [rtu, tcp, ascii, can],
  batteries: [],
  children: [
    { name: 'ear', replaced: 2, dropped: 0 },
    { name: 'office', replaced: 0, dropped: 17 },
  ],
};
