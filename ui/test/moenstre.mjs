// The island that judges limits while one types says what the server says, or nothing: both judge the same list.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { outputFiles: [island] } = await build({
  entryPoints: [fileURLToPath(new URL('../src/islands/pattern.ts', import.meta.url))], bundle: true, format: 'esm', write: false,
});
const { compile, judge } = await import(`data:text/javascript;base64,${Buffer.from(island.contents).toString('base64')}`);
const liste = JSON.parse(readFileSync(new URL('../../crates/administration/src/jobfunktionsrolle/moenstre.json', import.meta.url), 'utf8'));

for (const { udtryk, passer, passer_ikke, siges_ikke } of liste) {
  test(`${udtryk || '(empty)'} ${siges_ikke ? 'is left to the server' : 'is judged as the server does'}`, () => {
    const matches = compile(udtryk);
    if (siges_ikke) return assert.equal(matches, null);
    assert.ok(matches, 'nothing is said of it');
    for (const value of passer) assert.deepEqual(judge(udtryk, matches, value), [], value);
    for (const value of passer_ikke) {
      assert.deepEqual(judge(udtryk, matches, value), [`Ugyldig dataafgrænsningsværdi: "${value.trim()}" passer ikke til ${udtryk}.`]);
    }
  });
}

test('A value on each line, blank lines left out, and no more told than can be read', () => {
  const matches = compile('[0-9]+');
  assert.deepEqual(judge('[0-9]+', matches, ' 1 \n\n22\n'), []);
  assert.equal(judge('[0-9]+', matches, '1\nx\n2\ny').length, 2);
  assert.deepEqual(judge('[0-9]+', matches, 'a\nb\nc\nd\ne').at(-1), 'Og 2 til.');
  assert.match(judge('[0-9]+', matches, '7'.repeat(1001))[0], /passer ikke til en tekst på højst 1000 tegn\.$/);
});

test('No pattern makes the page stand still', () => {
  const matches = compile('(x+x+)+(x*)*y{0,40}z');
  const begun = process.hrtime.bigint();
  assert.equal(matches('x'.repeat(1000)), false);
  assert.ok(process.hrtime.bigint() - begun < 2_000_000_000n);
});
