import type { Command } from 'commander';
import { readText } from '../config/files.ts';
import { parseGateway } from '../config/gateway-file.ts';
import { proveProfile } from '../config/profile-files.ts';
import { turnsOf } from '../config/radios.ts';
import { inverterProblems } from '../config/read-configuration.ts';
import { secretProblems } from '../config/secrets.ts';
import { type DocumentProblem, problemText, sentence } from '../model/errors.ts';

/** A kind of file that can be checked, told by its content. */
interface FileKind {
  readonly fits: (text: string) => boolean;
  /** What is wrong with it, or one line that says what was found right. */
  readonly check: (file: string, text: string) => readonly DocumentProblem[] | string;
}

/** A profile says its id at the left edge, behind the mark that some editors begin a file with; no other file of the gateway does. */
const profileKind: FileKind = {
  fits: (text) => /^\uFEFF?(\{\s*)?["']?id["']?\s*:/m.test(text),
  check(file, text) {
    const { id, version, base, examples } = proveProfile({ file, text }).profile;
    const on = base === undefined ? '' : `; it stands on \`${base}\``;
    return `${file}: profile ${id} ${version} is right, its ${examples.length} examples match${on}`;
  },
};

/** A gateway file, with every profile that it names. */
const gatewayKind: FileKind = {
  fits: (text) => /^(batteries|bank|inverters)\s*:/m.test(text),
  check(file, text) {
    const config = parseGateway(file, text);
    const problems = [...inverterProblems(config), ...secretProblems(config)];
    const { batteries, inverters } = config.file;
    const right = `${file}: ${batteries.length} batteries and ${inverters.length} inverters, all is right`;
    return problems.length ? problems : [right, ...turnsOf(config.file)].join('; ');
  },
};

const kinds = [profileKind, gatewayKind];

function checkFile(file: string): { ok: boolean; text: string } {
  try {
    const text = readText(file);
    const found = (kinds.find((kind) => kind.fits(text)) ?? kinds.at(-1))?.check(file, text) ?? '';
    return typeof found === 'string'
      ? { ok: true, text: found }
      : { ok: false, text: found.map(problemText).join('\n') };
  } catch (error) {
    return { ok: false, text: sentence(error) };
  }
}

/** `bmsgate check`: a file that no kind fits is held against the last one. */
export function addCheck(program: Command): void {
  program
    .command('check <files...>')
    .description('validates gateway and profile files: file:line:column: what is wrong; what to do')
    .action((files: readonly string[]) => {
      for (const file of files) {
        const { ok, text } = checkFile(file);
        (ok ? process.stdout : process.stderr).write(`${text}\n`);
        if (!ok) process.exitCode = 1;
      }
    });
}
