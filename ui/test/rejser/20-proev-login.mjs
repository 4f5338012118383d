// A login to SAPA is tried: why a role gives nothing is told, what is hostile is refused, and nothing of it is kept anywhere.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ind, knap, link, menu, overskrift, rejse, rent } from '../rejse.mjs';

/** Whether a text stands in anything the installation has stored. */
function gemt(text) {
  const folder = dirname(process.env.FUNDAMENT_DEMO);
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile());
  return files.some(({ name }) => readFileSync(join(folder, name)).includes(text));
}

rejse('Jens tries a login to SAPA; the log says so, and nothing of what he pasted is stored', async () => {
  const maerke = randomUUID().slice(0, 8);
  const rolle = `http://korsbaek.example/roles/jobrole/findes_ikke_${maerke}/1`;
  const jens = await ind('jens');
  await menu(jens, 'Føderation');
  await link(jens, 'Prøv login').click();
  await overskrift(jens, 'Prøv login');
  await rent(jens, 'proev-login-vaelg');
  await jens.getByRole('row', { name: /SAPA.*Korsbæk login/ }).getByRole('link', { name: 'SAPA' }).click();
  await overskrift(jens, 'Prøv login');
  await rent(jens, 'proev-login');
  const felt = jens.getByLabel('Det, der skal prøves');
  await felt.fill(`<!DOCTYPE a [<!ENTITY b "${maerke}">]><a>&b;</a>`);
  await knap(jens, 'Prøv login').click();
  await jens.getByText('DOCTYPE er ikke tilladt').first().waitFor();
  await rent(jens, 'proev-login-f314');
  await felt.fill(rolle);
  await knap(jens, 'Prøv login').click();
  await jens.getByText('Rollerne giver intet').waitFor();
  await jens.getByText('Der er ingen jobfunktionsrolle med det rolle-id hos jer.').waitFor();
  assert.equal(await felt.inputValue(), '', 'what was pasted is shown again');
  await rent(jens, 'proev-login-udfald');
  await link(jens, 'Tilbage til aftalen').click();
  await link(jens, 'Historik').click();
  await jens.getByText('Prøv login af Jens').first().waitFor();
  assert.ok(gemt('prøv login'), 'the trial is not in the log');
  assert.ok(!gemt(maerke), 'what was pasted is stored');
});

rejse('Laura sees how SAPA is doing', async () => {
  const laura = await ind('laura');
  await menu(laura, 'It-systemer');
  await link(laura, 'SAPA').click();
  await link(laura, 'Sundhed').click();
  await laura.getByRole('heading', { name: 'Kald pr. døgn' }).waitFor();
  await rent(laura, 'sundhed');
});
