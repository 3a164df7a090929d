// Builds the two native parts that ship no binary, for the Node that the lockfile pins. Plain JavaScript that Node 20
// parses. A part that cannot be built is one sentence, never a failed install: `demo` and the tests need neither.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..', '..');
const require = createRequire(join(root, 'package.json'));

/** The folder of the pinned Node: its `bin/` and, for native parts, its `include/`. */
function pinnedNode() {
  const manifest = `node-linux-${process.arch}/package.json`;
  try {
    return dirname(require.resolve(manifest));
  } catch {
    return undefined;
  }
}

/** npm 10 drops the link when both architectures are locked; without it the tests would run on another Node. */
function linkNode(home) {
  const link = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
  symlinkSync(join(home, 'bin', 'node'), link);
}

/** Runs the part's own build tool (never npm, so an install cannot call itself) with the pinned headers. */
function build(part, tool, args, home) {
  const folder = join(root, 'node_modules', part);
  if (!existsSync(folder)) return;
  const program = [join(folder, 'node_modules', '.bin', tool), join(root, 'node_modules', '.bin', tool)].find(
    existsSync,
  );
  const path = [join(home, 'bin'), process.env.PATH].join(delimiter);
  const run =
    program &&
    spawnSync(program, [...args, `--nodedir=${home}`], {
      cwd: folder,
      env: { ...process.env, PATH: path, npm_config_nodedir: home },
      encoding: 'utf8',
      timeout: 600_000,
    });
  if (run?.status === 0) return;
  const why =
    `${run?.stderr ?? ''}`
      .split('\n')
      .filter((line) => /error/i.test(line))
      .slice(-1)[0] ?? 'no build tool found';
  console.error(
    `${part} is not built (${why.trim()}): install python3, make and g++, then \`npm run postinstall\``,
  );
}

const home = pinnedNode();
if (!home) {
  console.error(
    'no pinned Node for this machine: bmsgate runs on 64-bit Linux (amd64, arm64); install with optional packages',
  );
} else {
  linkNode(home);
  build('socketcan', 'node-gyp', ['rebuild'], home);
  build('@abandonware/bluetooth-hci-socket', 'node-pre-gyp', ['install', '--build-from-source'], home);
}
