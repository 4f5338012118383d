// An it-system is taken out as a file, and a file as from another environment is looked at and put in.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { besked, ind, knap, link, menu, nyt, overskrift, rejse } from '../rejse.mjs';

rejse('Laura takes KY out to another environment; a file from there is shown as a change before it is put in', async () => {
  const laura = await ind('laura');
  await menu(laura, 'It-systemer');
  await laura.getByRole('link', { name: /^KY/ }).first().click();
  const sted = laura.url();
  const hentes = laura.waitForEvent('download');
  await link(laura, 'Hent til andet miljø').click();
  const fil = readFileSync(await (await hentes).path(), 'utf8');
  assert.ok(!fil.includes('PRIVATE KEY'));

  await menu(laura, 'It-systemer');
  await menu(laura, 'Overfør fra andet miljø');
  await laura.getByLabel('Fil fra det andet miljø').fill(fil);
  await knap(laura, 'Se, hvad der ændres').click();
  await laura.getByText('T-203').first().waitFor();

  const her = /^miljoe = "(.*)"$/m.exec(fil)[1];
  const anden = fil.replace(`miljoe = "${her}"`, 'miljoe = "Øvemiljø"');
  const beskrivelse = nyt('Kontanthjælp og mere');
  // The demo's systems come from a file that says nothing of them.
  assert.ok(!anden.includes('[systemer.oplysninger]'));
  const om = `[systemer.oplysninger]\nemail = "ky@matador.example"\nbeskrivelse = "${beskrivelse}"\n\n`;
  const rettet = anden.replace('[[systemer.certifikater]]', `${om}[[systemer.certifikater]]`);
  await laura.getByLabel('Vælg fil').setInputFiles({ name: 'it-system.toml', mimeType: 'application/toml', buffer: Buffer.from(rettet) });
  await knap(laura, 'Se, hvad der ændres').click();
  await overskrift(laura, 'Se overførslen');
  const hvad = await laura.getByRole('region', { name: 'Det ændres' }).innerText();
  assert.ok(hvad.includes(beskrivelse), hvad);
  await knap(laura, 'Overfør').click();
  await besked(laura, 'It-systemet er overført');
  await laura.goto(sted);
  await laura.getByText(beskrivelse).first().waitFor();
});
