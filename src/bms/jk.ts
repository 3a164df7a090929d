import type { Advert, Answer, BmsDriver, Dialect, Learned, Pending } from './driver.ts';
import { jkControl } from './jk-control.ts';
import { COUNTER } from './jk-fields.ts';
import { commandOf, isAnswer, isSmallTalk, jkFraming, requestOf } from './jk-frame.ts';
import { jkPb } from './jk-pb.ts';
import { readInfo, readMeasured, readSettings } from './jk-reading.ts';

const INFO = 0x97;
/** Asks for the settings; the cells then come by themselves. */
const SETTINGS = 0x96;
const READY = 0xc8;

const rejected = (why: string): Answer => ({ kind: 'rejected', why });
const nothing: Answer = { kind: 'more' };

function readCells(frame: Uint8Array, learned: Learned): Answer {
  const counter = frame[COUNTER] ?? 0;
  // The same frame once more (BLE reference 2.2): no new measurement.
  if (counter === learned.counter) return nothing;
  const reading = readMeasured(frame, learned);
  return typeof reading === 'string'
    ? rejected(reading)
    : { kind: 'part', part: 'cells', reading, learned: { counter } };
}

/** Some boards send the info beside the settings (syssi/esphome-jk-bms issue 1020): it teaches, the settings are still to come. */
const inPassing = (info: Answer): Answer =>
  info.kind === 'part' ? { kind: 'more', ...(info.learned && { learned: info.learned }) } : info;

const typeText = (type: number): string => `frame type ${type.toString(16).padStart(2, '0')}`;

function answer(frame: Uint8Array, { request, learned }: Pending): Answer {
  const [, , , , type = 0] = frame;
  if (isSmallTalk(frame) || (!isAnswer(frame) && type === READY)) return nothing;
  if (!isAnswer(frame)) return rejected('a request, not an answer');
  if (request && commandOf(request) === undefined) return rejected('answers no request of this dialect');
  const asked = request?.[4];
  if (type === 2) return readCells(frame, learned);
  if (type === 1 && asked !== INFO) return readSettings(frame);
  if (type === 3) return asked === SETTINGS ? inPassing(readInfo(frame)) : readInfo(frame);
  return rejected(`${typeText(type)} is no answer to ${asked === INFO ? 'device info' : 'what is asked'}`);
}

const jkCompanies: readonly (number | undefined)[] = [0x0b65, 0x4b4a];

/** The maker's company id, or its way to name a unit, which anybody in reach may have changed (BLE reference, section 11). */
const matches = ({ name = '', services, companyId }: Advert): boolean =>
  services.includes('ffe0') && (jkCompanies.includes(companyId) || /^JK[-_]/i.test(name));

export const jk02: Dialect = {
  id: 'jk02',
  over: 'air',
  requests: () => [
    { name: 'info', bytes: requestOf(INFO), required: true, once: true },
    { name: 'settings', bytes: requestOf(SETTINGS), required: false, once: true },
  ],
  stream: { parts: ['cells'], rouse: [requestOf(SETTINGS)] },
  control: jkControl,
  framing: jkFraming,
  answer,
};

/** JK, also Jikong: boards that balance actively, in rack batteries and home-made ones (BLE reference, section 2). */
export const jk: BmsDriver = {
  id: 'jk',
  title: 'JK (Jikong)',
  gatt: [{ service: 'ffe0', notify: 'ffe1', write: 'ffe1' }],
  matches,
  dialects: [jk02, jkPb],
};
