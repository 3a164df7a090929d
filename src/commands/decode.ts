import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { BmsDriver } from '../bms/driver.ts';
import { driverById, driverIds, drivers } from '../bms/drivers.ts';
import { type Said, transcribe } from '../bms/transcript.ts';
import { type Capture, parseCapture } from '../bytes/capture.ts';
import { fromHex } from '../bytes/hex.ts';
import { readingToNames } from '../model/battery.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import { decodeSnoop } from './decode-snoop.ts';

interface DecodeOptions {
  readonly bms?: string;
  readonly capture?: string;
  readonly request?: string;
  readonly snoop?: string;
  readonly address?: string;
}

const refuse = (message: string): never => {
  throw new GatewayError('REFUSED', { message });
};

const bytesOf = (text: string): Uint8Array =>
  fromHex(text) ?? refuse(`\`${text}\` is no hex; write whole bytes such as dd0300`);

function readCapture(file: string): Capture {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`${file} cannot be read (${sentence(error)}); name a capture file`);
  }
  const capture = parseCapture(text);
  if (!('message' in capture)) return capture;
  const problems = [{ file, line: capture.line, column: 1, message: capture.message }];
  throw new GatewayError('DOCUMENT_INVALID', { problems });
}

function chooseDriver(id: string | undefined): BmsDriver {
  if (id === undefined) return refuse(`which BMS is it? add --bms with one of: ${driverIds.join(', ')}`);
  return driverById(id) ?? refuse(`there is no BMS driver \`${id}\`; choose one of: ${driverIds.join(', ')}`);
}

/** A refusal is told as a rejection: it carries no reading either. The unit is named where there is more than one. */
function line({ unit, answer }: Said, nameUnits: boolean): string {
  const told =
    answer.kind === 'part'
      ? { answer: answer.part, reading: readingToNames(answer.reading) }
      : { rejected: answer.why };
  return JSON.stringify(nameUnits && unit !== undefined ? { unit, ...told } : told);
}

function decode(hex: readonly string[], { bms, capture: file, request }: DecodeOptions): void {
  const given = hex.map((text) => ({ from: 'battery', bytes: bytesOf(text) }) as const);
  const { headers, entries }: Capture =
    file === undefined ? { headers: {}, entries: given } : readCapture(file);
  const driver = chooseDriver(bms ?? headers.bms);
  const { said, skippedBytes } = transcribe(
    driver,
    entries,
    request === undefined ? undefined : bytesOf(request),
  );
  const nameUnits = new Set(said.map(({ unit }) => unit)).size > 1;
  for (const one of said) process.stdout.write(`${line(one, nameUnits)}\n`);
  if (!said.some(({ answer }) => answer.kind === 'part'))
    refuse(
      `nothing was decoded (${skippedBytes} bytes belong to no frame); check --bms and that no notification is missing`,
    );
}

/** One object per complete answer in a snoop log, each with its unit; or the capture that was made of it. */
function snoop(file: string, { bms, address, capture }: DecodeOptions): void {
  const families = bms === undefined ? drivers : [chooseDriver(bms)];
  const said = decodeSnoop({ file, drivers: families, address, capture });
  for (const one of said) process.stdout.write(`${line(one, true)}\n`);
}

/** True when the words on the command line ask for one thing. */
function isOneWish(hex: readonly string[], { capture, request, snoop, address }: DecodeOptions): boolean {
  if (snoop !== undefined) return hex.length === 0 && request === undefined;
  return hex.length > 0 !== (capture !== undefined) && address === undefined;
}

export function addDecode(program: Command): void {
  const command = program
    .command('decode [hex...]')
    .description('show what raw notifications of a BMS mean, one argument each as they came')
    .option('--bms <id>', `BMS family: ${driverIds.join(', ')}`)
    .option('--capture <file>', 'a capture file instead of hex; with --snoop the capture to write')
    .option('--request <hex>', 'the request that these notifications answer')
    .option('--snoop <file>', 'an HCI snoop log of a phone (btsnoop_hci.log) instead of hex')
    .option('--address <address>', 'only this unit of the snoop log')
    .action((hex: string[], options: DecodeOptions) => {
      if (!isOneWish(hex, options))
        command.error('error: give either notifications in hex or --capture FILE or --snoop FILE');
      if (options.snoop === undefined) decode(hex, options);
      else snoop(options.snoop, options);
    });
}
