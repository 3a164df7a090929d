import { describe, expect, test } from 'vitest';
import { loadProfile } from '../../src/config/profile-files.ts';
import type { Site } from '../../src/model/api/site.ts';
import type { TalkMessage, WireTalk } from '../../src/model/api/wire-talk.ts';
import { isText } from '../../src/page/inspector/bytes.tsx';
import { countdownText } from '../../src/page/inspector/countdown.ts';
import {
  askedSections,
  commandOf,
  frameSections,
  linesOf,
  partIn,
} from '../../src/page/inspector/decoded.ts';
import { explained as explainedNow, lastChange } from '../../src/page/inspector/explained-profiles.ts';
import { candumpLog, talkCsv, talkJson } from '../../src/page/inspector/export-talk.ts';
import { changedBits, rhythmOf, silenceOf } from '../../src/page/inspector/heard.ts';
import { sectionsOf, subtitleOf, titleOf, wordsOf } from '../../src/page/inspector/heard-words.ts';
import { isWanted, logFile, MOST_LINES, stretches, withLine } from '../../src/page/inspector/log-lines.ts';
import { newRecording } from '../../src/page/inspector/recording.ts';
import { registerRows, registersAsked, seenAfter } from '../../src/page/inspector/registers.ts';
import { book, seen, seenKey } from '../../src/page/inspector/talk.ts';
import { emptyBook, fits, inOrder, read } from '../../src/page/inspector/talk-book.ts';
import { sideBySide, spanAt } from '../../src/page/inspector/trial-rows.ts';
import { site } from '../../src/page/session/session.ts';
import type { ExplainedProfile } from '../../src/profile/explained.ts';
import { asciiText } from '../../src/profile/serial/ascii-frame.ts';
import { spokenOf } from '../../src/profile/spoken.ts';

const frame = (at_ms: number, id: number, hex: string) =>
  ({ kind: 'frame', at_ms, wire: 'can0', way: '>', id, hex }) as const;
const message = (items: readonly WireTalk[], skipped = 0): TalkMessage => ({
  now_ms: 10_000,
  wall_ms: 1_700_000_010_000,
  items,
  skipped,
  buses: [],
});
const noPart = () => undefined;
const house: Site['inverters'][number] = {
  id: 'house',
  profile: 'pylontech-lv',
  title: '',
  evidence: 'vendor',
  wire: 'can0',
  units: [],
  lost: 'hold',
};
const noSite: Site = {
  version: '',
  gateway: '',
  batteries: [],
  strings: [],
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.6, cell_min_V: 2.8 },
  chemistry: 'lfp',
  cell_range_V: [2.5, 3.65],
  temperature_range_C: [-20, 60],
  ages: { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 },
  on_partial_loss: 'reduce',
  inverters: [],
  has_history: false,
  control: 'none',
  is_demo: false,
};
const everything = { text: '', way: 'both', of: '' } as const;

describe('the list of what goes over the wires', () => {
  test('groups what is said again and again, and marks the bits that changed', () => {
    const book = read(emptyBook, message([frame(0, 0x355, '4c00'), frame(1000, 0x355, '4b00')]), noPart);
    const [heard] = [...book.heard.values()];
    expect(heard?.count).toBe(2);
    expect([...(heard?.changed ?? [])]).toEqual([0x4c ^ 0x4b, 0]);
  });

  test('a byte that was not there before is all new', () => {
    expect([...changedBits('01', '0102')]).toEqual([0, 0xff]);
  });

  test('measures the period and its jitter', () => {
    const at = [0, 1000, 2001, 2999, 4000];
    const book = read(emptyBook, message(at.map((ms) => frame(ms, 0x351, '00'))), noPart);
    const [heard] = [...book.heard.values()];
    expect(heard && rhythmOf(heard)).toEqual({ periodMs: 1001, jitterMs: 3 });
  });

  test('a gap that the gateway made by skipping is no jitter of the wire', () => {
    let book = read(emptyBook, message([0, 1000, 2000, 3000].map((ms) => frame(ms, 0x351, '00'))), noPart);
    book = read(book, message([frame(9000, 0x351, '00')], 40), noPart);
    const [heard] = [...book.heard.values()];
    expect(heard && rhythmOf(heard)).toEqual({ periodMs: 1000, jitterMs: 0 });
    expect(book.skipped).toBe(40);
  });

  test('what has stopped is told from what is slow', () => {
    const every = (ms: number) =>
      [
        ...read(
          emptyBook,
          message([0, 1, 2, 3].map((n) => frame(n * ms, 0x351, '00'))),
          noPart,
        ).heard.values(),
      ][0];
    const [fast, slow] = [every(1000), every(10_000)];
    if (!fast || !slow) throw new Error('nothing was heard');
    expect(silenceOf(fast, 3000 + 4000)).toBeUndefined();
    expect(silenceOf(fast, 3000 + 6000)).toBe(6000);
    expect(silenceOf(slow, 30_000 + 20_000)).toBeUndefined();
    expect(silenceOf(slow, 30_000 + 31_000)).toBe(31_000);
  });

  test('says no period before it has seen enough', () => {
    expect(rhythmOf({ intervalsMs: [1000, 1000] })).toBeUndefined();
  });

  test('tells the contents of one id apart by their part', () => {
    const items = [frame(0, 0x3d0, '01aa'), frame(1, 0x3d0, '02bb')];
    const partOf = (talk: WireTalk) => (talk.kind === 'frame' ? talk.hex.slice(0, 2) : undefined);
    expect(read(emptyBook, message(items), partOf).heard.size).toBe(2);
  });

  test('writes of one register are one thing, whatever is written', () => {
    const write = (request: string) =>
      ({ kind: 'modbus', at_ms: 0, inverter: 'ems', unit: 1, request, reply: request }) as const;
    const book = read(emptyBook, message([write('0601200001'), write('0601200002')]), noPart);
    expect(book.heard.size).toBe(1);
  });

  test('a master that asks at random does not fill the browser', () => {
    const items = Array.from({ length: 2500 }, (_, id) => frame(0, id, '00'));
    const book = read(emptyBook, message(items), noPart);
    expect([book.heard.size, book.beyond]).toEqual([2000, 500]);
  });

  test('stands in the order of wires and ids', () => {
    const book = read(emptyBook, message([frame(0, 0x359, ''), frame(0, 0x351, '')]), noPart);
    const ids = [...book.heard.values()].sort(inOrder).map(({ last }) => last.kind === 'frame' && last.id);
    expect(ids).toEqual([0x351, 0x359]);
  });

  test('another battery’s frame of an id of ours is not put beside a line of our profile', () => {
    const book = read(emptyBook, message([{ ...frame(0, 0x351, '1402f401f401b001'), way: '<' }]), noPart);
    const [heard] = [...book.heard.values()];
    if (!heard) throw new Error('nothing was heard');
    site.value = { ...noSite, inverters: [{ ...house, wire: 'can0' }] };
    explainedNow.value = new Map([['house', { of: 'any', profile: explained('pylontech-lv') }]]);
    expect(subtitleOf(heard)).toBeUndefined();
    expect(sectionsOf(heard.last)).toMatchObject([
      { facts: [{ kind: 'ours' }], pieces: [{ kind: 'unnamed' }] },
    ]);
    const ours = { ...heard, last: { ...heard.last, way: '>' as const } } as typeof heard;
    expect(sectionsOf(ours.last)[0]?.pieces.length).toBeGreaterThan(2);
  });

  test('a profile that was changed under the same version is read anew', () => {
    const taken = { kind: 'profile_taken', severity: 'info', text: '', subject: 'house' } as const;
    const events = {
      a: { ...taken, began_ms: 1 },
      b: { ...taken, began_ms: 2 },
      c: { ...taken, subject: 'ems', began_ms: 3 },
    };
    expect([lastChange({}, 'house'), lastChange(events, 'house')]).toEqual(['', 'b']);
  });

  test('a frame that happens to begin with ~ and to end with CR is no text', () => {
    expect(isText('7e0200000000000d')).toBe(false);
    expect(isText(Buffer.from('~20024661E00202FD32\r').toString('hex'))).toBe(true);
  });

  test('is filtered by words, wire and direction', () => {
    const book = read(emptyBook, message([frame(0, 0x355, '4c00')]), noPart);
    const [heard] = [...book.heard.values()];
    if (!heard) throw new Error('nothing was heard');
    const words = '0x355 4c00 soc_pct 76 %';
    expect(fits(heard, { ...everything, text: 'SoC' }, words)).toBe(true);
    expect(fits(heard, { ...everything, text: 'volt' }, words)).toBe(false);
    expect(fits(heard, { ...everything, way: '<' }, words)).toBe(false);
    expect(fits(heard, { ...everything, of: 'can1' }, words)).toBe(false);
  });
});

describe('a recording', () => {
  test('keeps the newest, and says how much fell out', () => {
    const recording = newRecording(2);
    recording.take(message([frame(0, 1, ''), frame(1, 2, ''), frame(2, 3, '')], 7));
    expect(recording.items().map(({ talk }) => talk.kind === 'frame' && talk.id)).toEqual([2, 3]);
    expect(recording.lost()).toEqual({ oldest: 1, skipped: 7 });
  });

  test('leaves as a log that can-utils read, with the wall clock of each frame', () => {
    const recording = newRecording();
    recording.take(
      message([frame(9000.25, 0x351, '4002c012'), { ...frame(9500, 0x1872, ''), extended: true }]),
    );
    expect(candumpLog(recording.items())).toBe(
      '(1700000009.000250) can0 351#4002C012\n(1700000009.500000) can0 00001872#\n',
    );
  });

  test('leaves questions and answers as CSV that no spreadsheet takes for a formula or a number', () => {
    const recording = newRecording();
    recording.take(
      message([
        { kind: 'modbus', at_ms: 10_000, inverter: '=ems', unit: 1, request: '0301000001', reply: null },
        { kind: 'telegram', at_ms: 10_000, inverter: 'far', address: 2, request: '7e', reply: '0612e5' },
      ]),
    );
    expect(talkCsv(recording.items())).toBe(
      [
        'time,from,unit,request,answer',
        "2023-11-14T22:13:30.000Z,'=ems,1,03 01 00 00 01,",
        '2023-11-14T22:13:30.000Z,far,2,7e,06 12 e5',
        '',
      ].join('\r\n'),
    );
    expect(JSON.parse(talkJson(recording.items()))[0]).toMatchObject({ unit: 1, reply: null });
  });
});

function explained(id: string): ExplainedProfile {
  const spoken = spokenOf(loadProfile(id, { settings: {} }));
  const { frames } = spoken;
  return {
    ...spoken,
    inverter: 'house',
    profile: id,
    files: [{ name: `${id}.yaml`, lines: ['', '  - { at: 0, as: u16le, from: soc_told_pct }'] }],
    lines: Object.fromEntries(
      frames.flatMap(({ slots }) => slots.map(({ path }) => [path.join('.'), [0, 2] as const])),
    ),
  };
}

describe('bytes beside the profile', () => {
  const pylontech = explained('pylontech-lv');

  test('each row has the line that made it', () => {
    const [section] = frameSections([pylontech], frame(0, 0x355, '4c006400'));
    const [soc] = section?.pieces ?? [];
    expect(soc).toMatchObject({ at: 0, text: '76 %' });
    expect(linesOf(pylontech, soc?.paths ?? [])).toMatchObject([{ file: 'pylontech-lv.yaml', line: 2 }]);
  });

  test('a frame that the profile does not send, or sends longer, is not decoded', () => {
    const facts = (talk: Parameters<typeof frameSections>[1]) =>
      frameSections([pylontech], talk).flatMap((section) => section.facts.map(({ kind }) => kind));
    expect(facts(frame(0, 0x123, '00'))).toEqual(['unknown']);
    expect(facts(frame(0, 0x351, '00'))).toEqual(['tooShort']);
    expect(facts({ ...frame(0, 0x351, '0000000000000000'), extended: true })).toEqual(['unknown']);
  });

  test('of two profiles on a wire the one that knows a frame reads it', () => {
    const keepAlive = { ...frame(0, 0x307, '0000000056494300'), way: '<' } as const;
    const [section] = frameSections([pylontech, explained('victron')], keepAlive);
    expect(section).toMatchObject({ profile: { profile: 'victron' }, facts: [{ kind: 'onlyAlive' }] });
  });

  test('before a profile is known nothing is decoded', () => {
    expect(frameSections([], frame(0, 0x351, '00'))).toEqual([]);
    const asked = {
      kind: 'modbus',
      at_ms: 0,
      inverter: 'ems',
      unit: 1,
      request: '0301000001',
      reply: null,
    } as const;
    expect(askedSections(undefined, asked)).toEqual([]);
  });

  test('a frame without parts has none', () => {
    expect(partIn(pylontech, frame(0, 0x351, '00'))).toBeUndefined();
  });
});

describe('the telegrams of a codec', () => {
  const latin = (text: string) => Buffer.from(text, 'latin1').toString('hex');
  const telegram = (cid2: number, reply: string | null) =>
    ({
      kind: 'telegram',
      at_ms: 0,
      inverter: 'far',
      address: 2,
      request: latin(asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2, info: '02' })),
      reply: reply && latin(reply),
    }) as const;
  const heardOf = (talk: WireTalk) => {
    const part = (one: WireTalk) => (one.kind === 'telegram' ? commandOf(profile, one) : undefined);
    const [heard] = [...read(emptyBook, message([talk]), part).heard.values()];
    if (!heard) throw new Error('nothing was heard');
    return heard;
  };
  const profile = explained('pylontech-rs485');

  test('are called by their command, and searched by what they say', () => {
    explainedNow.value = new Map([['far', { of: 'any', profile }]]);
    const heard = heardOf(
      telegram(0x96, asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2: 0, info: '020104000000' })),
    );
    expect([titleOf(heard), subtitleOf(heard)]).toEqual([
      'far, address 2: command 0x96',
      'software of the battery',
    ]);
    expect(wordsOf(heard)).toContain('firmware_minor 4');
    expect(wordsOf(heard)).toContain('return code 00 (normal)');
  });

  test('of one command are one thing, whatever else the master tells', () => {
    const [once, again] = [telegram(0x61, null), telegram(0x61, null)];
    const other = {
      ...again,
      request: latin(asciiText({ ver: '21', adr: 2, cid1: 0x46, cid2: 0x61, info: '' })),
    };
    expect([heardOf(once).key, heardOf(other).key]).toEqual([heardOf(again).key, heardOf(once).key]);
    expect(heardOf(telegram(0x62, null)).key).not.toBe(heardOf(once).key);
  });

  test('that came damaged are one thing, however each was mangled, and are said to be', () => {
    explainedNow.value = new Map([['far', { of: 'any', profile }]]);
    const good = telegram(0x61, null);
    const damaged = [
      { ...good, request: `${good.request.slice(0, 20)}35${good.request.slice(22)}` },
      { ...good, address: 0x4f, request: good.request.replace(latin('200246'), latin('204F46')) },
      { ...good, address: null, request: latin('~20?\r') },
    ];
    expect(new Set(damaged.map((one) => heardOf(one).key)).size).toBe(1);
    for (const one of damaged) {
      expect(titleOf(heardOf(one))).toBe('far: damaged question');
      expect(wordsOf(heardOf(one))).toMatch(/does not fit|Damaged or cut off/);
    }
    expect(heardOf(good).key).not.toBe(heardOf(damaged[0] ?? good).key);
  });

  test('to an address that nobody has, or to other devices, say so', () => {
    explainedNow.value = new Map([['far', { of: 'any', profile }]]);
    site.value = { ...noSite, inverters: [{ ...house, id: 'far', wire: 'rs485', units: [2, 3] }] };
    const asked = (adr: number, cid1 = 0x46) => ({
      ...telegram(0x61, null),
      address: adr,
      request: latin(asciiText({ ver: '20', adr, cid1, cid2: 0x61, info: '' })),
    });
    expect(wordsOf(heardOf(asked(9)))).toContain('Nobody here has this address; here there are 2, 3');
    expect(wordsOf(heardOf(asked(3)))).not.toContain('Nobody here');
    expect(wordsOf(heardOf(asked(2, 0x4a)))).toContain('devices of class 4A');
  });
});

describe('a profile that another one takes the place of while the inspector is open', () => {
  const read3 = {
    kind: 'modbus',
    at_ms: 0,
    inverter: 'ems',
    unit: 1,
    request: '0301000001',
    reply: '0302004c',
  } as const;
  const of = (id: string, inverter: string) => [inverter, { of: id, profile: explained(id) }] as const;
  const keysNow = () => [...book.value.heard.values()].map(({ last }) => last.kind);
  const watched = (...profiles: ReturnType<typeof of>[]) => {
    explainedNow.value = new Map(profiles);
    site.value = { ...noSite, inverters: [house, { ...house, id: 'ems', wire: 'rs485' }] };
    book.value = read(emptyBook, message([frame(0, 0x351, '1402f401f401b001'), read3]), noPart);
    seen.value = new Map([[seenKey('ems', 1), seenAfter(new Map(), read3)]]);
  };

  test('leaves nothing behind that the next would read by its own lines', () => {
    watched(of('pylontech-lv', 'house'), of('generic-modbus', 'ems'));
    explainedNow.value = new Map([of('pylontech-lv', 'house'), of('byd-modbus', 'ems')]);
    expect(seen.value.size).toBe(0);
    expect(keysNow()).not.toContain('modbus');
  });

  test('is asked anew and known later: what was heard meanwhile stays, unless it has another key now', () => {
    watched();
    explainedNow.value = new Map([of('pylontech-lv', 'house'), of('generic-modbus', 'ems')]);
    expect(seen.value.size).toBe(1);
    expect(keysNow()).toEqual(['frame', 'modbus']);
    const poll = { ...frame(0, 0x1871, '0100010000000000'), extended: true as const, way: '<' as const };
    explainedNow.value = new Map();
    book.value = read(emptyBook, message([poll]), noPart);
    explainedNow.value = new Map([of('solax-hv', 'house')]);
    expect(keysNow()).toEqual([]);
  });
});

describe('the registers as the inverter sees them', () => {
  const generic = explained('generic-modbus');
  const [window] = generic.windows;
  if (!window) throw new Error('generic-modbus has a window');
  const asked = (request: string, reply: string | null) =>
    ({ kind: 'modbus', at_ms: 500, inverter: 'ems', unit: 1, request, reply }) as const;

  test('what was never read has no value, not a zero', () => {
    const rows = registerRows(generic, window, new Map());
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every((row) => row.raw === undefined && row.text === undefined)).toBe(true);
  });

  test('a read fills what it covers, with the moment', () => {
    const first = window.from.toString(16).padStart(4, '0');
    const seen = seenAfter(new Map(), asked(`03${first}0002`, '0304004c1234'));
    const read = registerRows(generic, window, seen).filter((row) => row.raw !== undefined);
    expect(read[0]).toMatchObject({ address: window.from, raw: '004C', readAtMs: 500 });
  });

  test('a refusal, a torn answer and a write fill nothing', () => {
    for (const [request, reply] of [
      ['0301000002', '8302'],
      ['0301000002', '030400'],
      ['0301000002', null],
      ['0601200001', '0601200001'],
    ] as const)
      expect(seenAfter(new Map(), asked(request, reply)).size).toBe(0);
  });

  test('an answer with a header of two bytes fills them too', () => {
    const first = window.from.toString(16).padStart(4, '0');
    const talk = asked(`03${first}0002`, '030002004c1234');
    expect(seenAfter(new Map(), talk).size).toBe(0);
    expect(seenAfter(new Map(), talk, 'words16').size).toBe(2);
  });

  test.each([
    ['0301000010', '0x0100–0x010F'],
    ['0601200001', '0x0120'],
    ['160120ffff0000', '0x0120'],
    ['0500010000', '0x0001'],
    ['17010000020180000102000f', '0x0100–0x0101'],
    ['0800001234', ''],
    ['14070600010000000a', ''],
    ['2b0e0100', ''],
    ['11', ''],
  ])('the question %s is about “%s”', (request, registers) => {
    expect(registersAsked(request)).toBe(registers);
  });

  test('input registers are not holding registers', () => {
    const seen = seenAfter(new Map(), asked('0401000001', '0402004c'));
    const onlyHolding = { ...window, functions: [3] as const };
    expect(registerRows(generic, onlyHolding, seen).every(({ raw }) => raw === undefined)).toBe(true);
  });
});

describe('a profile that is being written', () => {
  test('changed bytes are marked on both sides', () => {
    const { before, after } = sideBySide('4C00 6400', '4b0064');
    expect(before.map(({ isChanged }) => isChanged)).toEqual([true, false, false, true]);
    expect(after.map(({ isChanged }) => isChanged)).toEqual([true, false, false]);
  });

  test('a problem leads to its line and column', () => {
    expect(spanAt('id: x\nversion: 1\n', 2, 10)).toEqual([15, 16]);
    expect(spanAt('id: x', 99, 99)).toEqual([5, 5]);
  });
});

describe('the live log', () => {
  const line = (level: string, text: string) => ({ wall_ms: 0, level, text });

  test('shows a level and what is more urgent, and what it does not know', () => {
    const filter = { level: 'warn', text: '' };
    expect(isWanted(line('error', ''), filter)).toBe(true);
    expect(isWanted(line('notice', ''), filter)).toBe(false);
    expect(isWanted(line('panic', ''), filter)).toBe(true);
  });

  test('finds each place of the searched word', () => {
    expect(stretches('Battery b: battery lost', 'battery')).toEqual([
      { text: 'Battery', isFound: true },
      { text: ' b: ', isFound: false },
      { text: 'battery', isFound: true },
      { text: ' lost', isFound: false },
    ]);
    expect(stretches('İ battery', 'battery')).toEqual([{ text: 'İ battery', isFound: true }]);
  });

  test('keeps the newest lines and leaves as a file', () => {
    let lines = withLine([], line('warn', 'first'));
    for (let i = 0; i < MOST_LINES; i++) lines = withLine(lines, line('info', `${i}`));
    expect(lines.length).toBe(MOST_LINES);
    expect(logFile(lines.slice(0, 1))).toBe('1970-01-01T00:00:00.000Z info 0\n');
  });
});

describe('a battery that rests', () => {
  test('is counted down to the second, and never below zero', () => {
    expect(countdownText(582_000)).toBe('9:42');
    expect(countdownText(600)).toBe('0:01');
    expect(countdownText(-50)).toBe('0:00');
    expect(countdownText(undefined)).toBe('–');
  });
});
