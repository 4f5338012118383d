// npm run build: everything the server serves of ours, into dist/, with names that carry a hash of the content.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { dkfdsPlugin } from './dkfds.mjs';
import { sprite } from './icons.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

/** KiB on the wire: all a first page may load. */
const FIRST_LOAD_KIB = 300;

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const manifest = {};

const bundle = await build({
  absWorkingDir: root,
  entryPoints: ['src/fundament.css', 'src/fundament.ts'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome120', 'firefox125', 'safari17'],
  entryNames: '[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
  plugins: [dkfdsPlugin],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
for (const [file, { entryPoint }] of Object.entries(bundle.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint).replace('.ts', '.js')] = relative('dist', file);
}

async function emit(name, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
  const hashed = name.replace(/\.(\w+)$/, `-${hash}.$1`);
  await writeFile(join(dist, hashed), text);
  manifest[name] = hashed;
}
const icons = (await readFile(join(root, 'src/icons.txt'), 'utf8')).split(/\s+/).filter(Boolean);
await emit('icons.svg', await sprite(icons));
await writeFile(join(dist, 'manifest.json'), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + '\n');

// What is served of others goes with its licence.
await mkdir(join(dist, 'licenses'));
for (const [name, path] of [['dkfds.md', 'dkfds/LICENSE.md'], ['ibm-plex-sans.txt', 'dkfds/dist/fonts/IBMPlexSans/complete/woff2/license.txt']]) {
  await copyFile(join(root, 'node_modules', path), join(dist, 'licenses', name));
}

// Siblings a server can send as they are; fonts are compressed already.
const gzip = {};
for (const entry of await readdir(dist, { recursive: true })) {
  if (!/\.(css|js|svg)$/.test(entry)) continue;
  const bytes = await readFile(join(dist, entry));
  gzip[entry] = gzipSync(bytes, { level: 9 });
  if (bytes.length < 1024) continue;
  await writeFile(join(dist, `${entry}.gz`), gzip[entry]);
  await writeFile(join(dist, `${entry}.br`), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
}

// The budget, counted with gzip: the worse of the two encodings. Every font counts, though a page uses three of them.
const rows = Object.entries(manifest).map(([name, file]) => [name, gzip[file].length]);
for (const entry of await readdir(join(dist, 'assets'))) {
  if (entry.endsWith('.woff2')) rows.push([entry.replace(/-\w+\.woff2/, ''), (await readFile(join(dist, 'assets', entry))).length]);
}
const first = rows.reduce((sum, [, size]) => sum + size, 0);
const kib = (bytes) => (bytes / 1024).toFixed(1).padStart(6) + ' KiB';

for (const [name, size] of rows) console.log(kib(size), name);
console.log(kib(first), `first load at most (budget ${FIRST_LOAD_KIB} KiB)`);

if (first > FIRST_LOAD_KIB * 1024) {
  console.error(`The first load weighs ${kib(first).trim()}, over its budget of ${FIRST_LOAD_KIB} KiB.`);
  process.exit(1);
}
