import { readFile, stat } from 'node:fs/promises';

export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Changes when one of the files does. */
export async function seenOf({ certificateFile, keyFile }: CertificateFiles): Promise<string> {
  // One after the other: where both are missing, the same one is named each time.
  const certificate = await stat(certificateFile);
  const key = await stat(keyFile);
  return [certificate, key]
    .map(({ mtimeMs, ctimeMs, size, ino }) => `${mtimeMs}/${ctimeMs}/${size}/${ino}`)
    .join(' ');
}

const FOR_EVERYBODY = 0o004;

/** Throws with one sentence, also where everybody may read the key. */
export async function readFiles({ certificateFile, keyFile }: CertificateFiles) {
  const { mode } = await stat(keyFile);
  if (mode & FOR_EVERYBODY)
    throw new Error(`${keyFile} can be read by everybody; run \`chmod o-rwx ${keyFile}\``);
  const [cert, key] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { cert, key };
}
