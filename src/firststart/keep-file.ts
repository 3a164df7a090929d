// Writes the gateway file: a power cut or a kill at any moment leaves the old one or the new one, whole.
import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

const NEW_MODE = 0o640;
const SECRET_MODE = 0o600;

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Root writes for the user of the gateway: the file goes to whom `like` belongs. */
function handOver(path: string, like: string): void {
  const { uid, gid } = statSync(like);
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

/** Where the folder is root's and the service only of its group, the group must read what root writes. */
function secretMode(folder: string): number {
  const { uid, gid } = statSync(folder);
  return process.getuid?.() === 0 && uid === 0 && gid !== 0 ? NEW_MODE : SECRET_MODE;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** Puts a secret in a file that the gateway's user alone reads. Throws when the disk does not take it. */
export function keepSecret(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, `${text}\n`, { mode: secretMode(dirname(path)), flag: 'wx' });
  handOver(`${path}.new`, dirname(path));
  syncPath(`${path}.new`);
  renameSync(`${path}.new`, path);
  syncPath(dirname(path));
}

/**
 * Puts a text in place of a file, whose mode it keeps; the old one stays beside it as `….before`. Throws when the disk does not take
 * it. `onWritten` comes when the disk has it, before it is in force.
 */
export function keepGatewayFile(named: string, text: string, onWritten = () => {}): void {
  const isThere = existsSync(named);
  const path = isThere ? realpathSync(named) : named;
  mkdirSync(dirname(path), { recursive: true });
  for (const left of [`${path}.new`, `${path}.before.new`]) rmSync(left, { force: true });
  writeFileSync(`${path}.new`, text, { mode: isThere ? modeOf(path) : NEW_MODE, flag: 'wx' });
  handOver(`${path}.new`, isThere ? path : dirname(path));
  syncPath(`${path}.new`);
  if (isThere) {
    copyFileSync(path, `${path}.before.new`);
    syncPath(`${path}.before.new`);
  }
  onWritten();
  if (isThere) renameSync(`${path}.before.new`, `${path}.before`);
  renameSync(`${path}.new`, path);
  syncPath(dirname(path));
}
