// Runs the journeys, or those whose file begins with the argument, one after the other in one browser against the demo
// that FUNDAMENT_DEMO points at.

import { readdir } from 'node:fs/promises';

const folder = new URL('rejser/', import.meta.url);
const wanted = (await readdir(folder)).filter((name) => name.endsWith('.mjs') && name.startsWith(process.argv[2] ?? '')).sort();
if (!wanted.length) throw new Error(`no journey begins with '${process.argv[2]}'`);
for (const name of wanted) await import(new URL(name, folder));
