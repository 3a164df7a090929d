import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const outDir = join(import.meta.dirname, '../../dist/page');
const isWorthIt = (name: string) => /\.(js|css|svg|html)$/.test(name);

/** Packed once, here, so that a small gateway packs nothing for anybody. */
function pack(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isWorthIt)) {
    const plain = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(plain, { level: 9 }));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(plain));
  }
}

// Everything is served by the gateway itself: no address of another, names with a hash, nothing inlined that the CSP would refuse.
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [{ name: 'pack', apply: 'build', closeBundle: () => pack(outDir) }],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
