// An it-system as from another environment is looked at, put in with a certificate of its own, and calls once its agreement
// is approved here; the next file is shown as the change it is.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { besked, certifikat, godkend, i_drift, ind, kald_afvises, kald_lykkes, knap, link, menu, nyt, overskrift, rejse, rent } from '../rejse.mjs';

rejse('Laura copies a system from another environment; it calls when its agreement is approved here as well', async () => {
  const laura = await ind('laura');
  const gammelt = nyt('Vagtplan');
  const { pem, aftale } = await i_drift(gammelt);
  await menu(laura, 'It-systemer');
  await link(laura, gammelt).click();
  const hentes = laura.waitForEvent('download');
  await link(laura, 'Hent til andet miljø').click();
  const fil = readFileSync(await (await hentes).path(), 'utf8');
  assert.ok(!fil.includes('PRIVATE KEY'));

  const se = async (indhold) => {
    await menu(laura, 'It-systemer');
    await menu(laura, 'Overfør fra andet miljø');
    await laura.getByLabel('Vælg fil').setInputFiles({ name: 'it-system.toml', mimeType: 'application/toml', buffer: Buffer.from(indhold) });
    await knap(laura, 'Se, hvad der ændres').click();
  };
  await se(fil);
  await laura.getByText('T-203').first().waitFor();
  await rent(laura, 'overfoer-afvist');

  // The same set-up as another environment would have it: everything by its own number.
  const navn = `${gammelt} kopi`;
  const numre = [/^uuid = "([0-9a-f-]{36})"$/m.exec(fil)[1], /[0-9a-f-]{36}/.exec(aftale)[0]];
  const her = /^miljoe = "(.*)"$/m.exec(fil)[1];
  const anden = numre.reduce((tekst, nr) => tekst.replaceAll(nr, randomUUID()), fil)
    .replaceAll(`"${gammelt}"`, `"${navn}"`)
    .replace(`miljoe = "${her}"`, 'miljoe = "Øvemiljø"');
  await se(anden);
  await overskrift(laura, 'Se overførslen');
  const hvad = await laura.getByRole('region', { name: 'Det ændres' }).innerText();
  for (const del of [`It-systemet ${navn} oprettes`, 'oprettes som kladde', 'Korsbæk Kommune', 'Fordeling af sager til enheder']) {
    assert.ok(hvad.includes(del), `${del} is missing: ${hvad}`);
  }
  await rent(laura, 'overfoer-nyt');
  await laura.getByLabel('Vælg certifikatfil').setInputFiles(pem);
  await laura.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(laura, 'Overfør').click();
  await laura.getByText('C-103').first().waitFor();
  await rent(laura, 'overfoer-certifikat');
  const eget = certifikat(navn);
  await laura.getByLabel('Vælg certifikatfil').setInputFiles(eget.pem);
  await knap(laura, 'Overfør').click();
  await besked(laura, 'It-systemet er overført');
  const sted = laura.url();
  await kald_afvises(eget, /er KLADDE|ingen gældende serviceaftale/);

  await link(laura, navn).first().click();
  await link(laura, 'Ret og send').click();
  while (!(await laura.getByLabel(/Jeg accepterer vilkår/).count())) {
    await laura.getByRole('button', { name: /^Næste:/ }).click();
  }
  await laura.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(laura, 'Send anmodning').click();
  await besked(laura, 'Anmodningen er sendt.');
  await kald_afvises(eget, /er ANMODET/);
  await godkend(await ind('gunnar'), navn);
  await kald_lykkes(eget);

  const email = 'vagt@matador.example';
  await se(anden.replace('email = "drift@matador.example"', `email = "${email}"`));
  const rettes = await laura.getByRole('region', { name: 'Det ændres' }).innerText();
  assert.ok(rettes.includes(`e-mail ændres fra drift@matador.example til ${email}`), rettes);
  await rent(laura, 'overfoer-aendring');
  await knap(laura, 'Overfør').click();
  await besked(laura, 'It-systemet er overført');
  await laura.goto(sted.replace(/\?.*/, ''));
  await laura.getByText(email).first().waitFor();
  await kald_lykkes(eget);
});
