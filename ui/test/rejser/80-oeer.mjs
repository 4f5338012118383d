// What the islands do on the pages they are for, and that the frame works with script switched off.

import assert from 'node:assert/strict';
import { besked, demo, ind, knap, link, menu, nyt, overskrift, rejse, rent } from '../rejse.mjs';

const fil = (text) => ({ name: 'a.pem', mimeType: 'text/plain', buffer: Buffer.from(text) });

rejse('A slash goes to the search field, and an identifier to the clipboard', async () => {
  const laura = await ind('laura', { permissions: ['clipboard-read', 'clipboard-write'] });
  await laura.keyboard.press('/');
  assert.equal(await laura.evaluate(() => document.activeElement.id), 'soeg');
  await menu(laura, 'It-systemer');
  await laura.locator('.f-main-link').first().click();
  const uuid = await laura.locator('#uuid').innerText();
  await laura.locator('[data-copy="uuid"]').click();
  await knap(laura, 'Kopieret').waitFor();
  assert.equal(await laura.evaluate(() => navigator.clipboard.readText()), uuid);
});

rejse('A filter keeps what is chosen in sight, and leaving a changed form is asked about', async () => {
  const laura = await ind('laura');
  await menu(laura, 'It-systemer');
  await link(laura, 'Tilslut it-system').click();
  await overskrift(laura, 'Tilslut it-system');
  const liste = laura.locator('#myndigheder .f-picker__list > li');
  assert.ok(await liste.count() > 1, 'a list with nothing to find in it');
  await laura.getByRole('checkbox', { name: /^Korsbæk Kommune/ }).check();
  await laura.getByLabel('Find myndighed').fill('findes ikke');
  assert.equal(await liste.filter({ visible: true }).count(), 1);
  await laura.getByText(/^1 af \d+ vises · 1 valgt$/).waitFor();
  const spurgt = laura.waitForEvent('dialog').then((dialog) => dialog.accept());
  await laura.getByRole('navigation', { name: 'Brødkrumme' }).getByRole('link').first().click();
  await spurgt;
  await overskrift(laura, 'It-systemer');
});

rejse('A private key does not reach the field for certificates', async () => {
  const laura = await ind('laura');
  await menu(laura, 'It-systemer');
  await laura.locator('.f-main-link').first().click();
  await link(laura, 'Certifikater').last().click();
  const felt = laura.getByLabel('Certifikat', { exact: true });
  await laura.getByLabel('Vælg certifikatfil').setInputFiles(fil('-----BEGIN PRIVATE KEY-----'));
  await laura.getByText('C-104').waitFor();
  assert.equal(await felt.inputValue(), '');
  await laura.getByLabel('Vælg certifikatfil').setInputFiles(fil('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'));
  await laura.waitForFunction(() => document.querySelector('#certifikat').value.startsWith('-----BEGIN CERTIFICATE'));
});

rejse('Without script, on a narrow screen: the menu, the party and the sections open', async () => {
  const laura = await ind('laura', { javaScriptEnabled: false, viewport: { width: 320, height: 800 } });
  await laura.getByRole('button', { name: 'Menu', exact: true }).click();
  await menu(laura, 'Serviceaftaler');
  await overskrift(laura, 'Serviceaftaler');
  await laura.locator('.f-party > summary').click();
  assert.ok(await laura.locator('.f-party button').first().isVisible());
  await laura.goto(`${demo.admin}/it-systemer/nyt`);
  assert.ok(await laura.getByRole('checkbox', { name: /^Korsbæk Kommune/ }).isVisible());
});

rejse('A limit is judged by its pattern while one types, in the words of the server', async () => {
  const jens = await ind('jens');
  await menu(jens, 'Jobfunktionsroller');
  await link(jens, 'Opret jobfunktionsrolle').click();
  const tilfoej = jens.getByRole('checkbox', { name: /^Rediger sag/ });
  if (!await tilfoej.isVisible()) await jens.locator('summary', { hasText: 'SAPA' }).click();
  await tilfoej.check();
  await knap(jens, 'Tilføj de valgte').click();
  const felt = jens.getByLabel(/^Sagsnummer \(kan udelades\)$/);
  await jens.getByText('[0-9]{4}-[0-9]{6}').first().waitFor();
  await felt.pressSequentially('2026-000001\n26-1');
  const sagt = 'Ugyldig dataafgrænsningsværdi: "26-1" passer ikke til [0-9]{4}-[0-9]{6}.';
  await jens.getByRole('status').filter({ hasText: sagt }).waitFor();
  await rent(jens, 'moenster');
  await felt.fill('2026-000001');
  await jens.waitForFunction(() => [...document.querySelectorAll('[data-f="pattern"] [role="status"]')].every((one) => !one.textContent));
  // The server says the same of the same.
  await felt.fill('26-1');
  await knap(jens, 'Valider').click();
  await jens.getByText(sagt).first().waitFor();
});

rejse('A role is copied, and compared with what it was copied from', async () => {
  const jens = await ind('jens');
  const navn = nyt('Kopieret');
  await menu(jens, 'Jobfunktionsroller');
  await link(jens, 'Opret jobfunktionsrolle').click();
  await jens.getByLabel('Navn', { exact: true }).fill(navn);
  const tilfoej = jens.getByRole('checkbox', { name: /^Se sag/ });
  if (!await tilfoej.isVisible()) await jens.locator('summary', { hasText: 'SAPA' }).click();
  await tilfoej.check();
  await knap(jens, 'Tilføj de valgte').click();
  await jens.getByLabel('KLE', { exact: true }).fill('27.24.*');
  await knap(jens, 'Gem kladde').click();
  await besked(jens, 'Kladden er gemt.');
  await link(jens, 'Kopiér').click();
  await overskrift(jens, 'Kopiér jobfunktionsrolle');
  await rent(jens, 'kopier');
  await jens.getByLabel('KLE', { exact: true }).fill('32.*');
  await knap(jens, 'Gem kladde').click();
  await besked(jens, 'Kladden er gemt.');
  await overskrift(jens, `Kopi af ${navn}`);
  await link(jens, 'Sammenlign med rolle …').click();
  await rent(jens, 'sammenlign-vaelg');
  await jens.getByLabel('Navn, beskrivelse eller EntityId').fill(navn);
  await knap(jens, 'Vis').click();
  await link(jens, navn).first().click();
  await jens.getByRole('row', { name: /Se sag: KLE/ }).getByText('Forskellig').waitFor();
  await rent(jens, 'sammenlign');
});
