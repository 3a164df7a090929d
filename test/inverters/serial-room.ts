// A house whose bank is told to one simulated master on the line of a codec: raw bytes both ways, on a clock cranked by hand.
import { respond as respondAscii } from '../../src/modbus/ascii.ts';
import { feed as feedAscii, newAsciiLine } from '../../src/modbus/ascii-framing.ts';
import { newCodecCounters } from '../../src/modbus/codec-battery.ts';
import { respond as respondKostal } from '../../src/modbus/kostal.ts';
import { feed as feedKostal, newKostalLine } from '../../src/modbus/kostal-framing.ts';
import type { Settings } from '../../src/profile/options.ts';
import { kinds } from '../../src/profile/serial/kostal-frame.ts';
import { type SerialOutput, serialOutput } from '../../src/wires/serial-voice.ts';
import { shipped } from '../profile/profiles.ts';
import { theHouse } from '../wires/house.ts';
import { type Inverter, roomAround } from './room.ts';

/** Sends bytes; the bytes that came back, undefined when none did. */
export type AskBytes = (asked: Uint8Array) => Uint8Array | undefined;

/** What happens to an answer on its way: nothing, something else, or it is lost. */
export type TamperBytes = (answer: Uint8Array, asked: Uint8Array) => Uint8Array | undefined;

function asciiAsk(output: SerialOutput, clock: () => number): AskBytes {
  const line = newAsciiLine(newCodecCounters());
  return (asked) => {
    const frame = feedAscii(line, asked).at(-1);
    if (!frame || 'rtn' in frame || !output.addresses.includes(frame.adr)) return undefined;
    const text = respondAscii(frame, output);
    output.asked(clock(), frame.cid2);
    output.battery.taken?.()?.();
    return text === undefined ? undefined : Buffer.from(text, 'latin1');
  };
}

function kostalAsk(output: SerialOutput, clock: () => number): AskBytes {
  const line = newKostalLine(newCodecCounters());
  return (asked) => {
    const frame = feedKostal(line, asked).at(-1);
    const answer = frame && respondKostal(frame, output.battery);
    const [low = 0, high = 0] = frame?.content ?? [];
    output.asked(clock(), frame?.kind === kinds.read ? low | (high << 8) : undefined);
    output.battery.taken?.()?.();
    return answer;
  };
}

/** One more inverter at the house, on a serial line. */
function outputAt(house: ReturnType<typeof theHouse>, profile: string, settings: Settings) {
  const compiled = shipped(profile, settings);
  const { serial } = compiled;
  const output = serialOutput(
    {
      id: 'far',
      compiled,
      wire: {
        kind: 'serial',
        name: '/dev/rs485',
        units: serial?.addresses ?? [],
        baud: serial?.baud ?? 9600,
        parity: 'none',
        stopBits: 1,
      },
    },
    {
      clock: house.clock,
      after: house.after,
      state: () => house.evaluation.state(),
      ledger: house.ledger,
    },
  );
  if (!serial || !output) throw new Error(`${profile} has a serial side`);
  return { output, codec: serial.codec };
}

export function theSerialRoom<I extends Inverter>(
  profile: string,
  make: (ask: AskBytes) => I,
  {
    settings = {},
    tamper,
    ...more
  }: {
    settings?: Settings;
    tamper?: TamperBytes;
  } & Pick<NonNullable<Parameters<typeof theHouse>[0]>, 'bank' | 'onState'> = {},
) {
  const house = theHouse(more);
  const { output, codec } = outputAt(house, profile, settings);
  const answerTo = codec === 'kostal' ? kostalAsk(output, house.clock) : asciiAsk(output, house.clock);
  const ask: AskBytes = (asked) => {
    const answer = answerTo(asked);
    return answer && tamper ? tamper(answer, asked) : answer;
  };
  return { ...roomAround(house, make(ask)), output };
}
