// npm test -- [folder] [page …]: looks at every built prototype; pictures go to the folder.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { look, report } from './look.mjs';
import { serve } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [shots, ...only] = process.argv.slice(2);
const pages = await readdir(join(root, 'prototype/dist')).catch(() => []);
if (!pages.length) {
  console.error('There is nothing in prototype/dist. Run npm run build first.');
  process.exit(1);
}
const { address, stop } = await serve(root);
const urls = pages.filter((name) => !only.length || only.includes(name.replace('.html', ''))).map((name) => `${address}/${name}`);
const good = report(await look(urls, { shots }));
stop();
process.exit(good ? 0 : 1);
