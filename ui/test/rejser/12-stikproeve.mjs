// What was read is drawn by lot, answered, and proved by a document that another program reads.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { besked, demo, idag, ind, knap, link, menu, nyt, overskrift, rejse, rent } from '../rejse.mjs';

rejse('Lone draws a stikprøve of the log, notes the answer, ends it, and has the evidence as PDF', async () => {
  const navn = nyt('Stikprøve æøå');
  // Somebody reads the log.
  const agnes = await ind('agnes');
  await menu(agnes, 'Log');
  await overskrift(agnes, 'Log');

  // Lone does not read the log here: nobody answers about one's own reading.
  const lone = await ind('lone');
  for (let forsoeg = 0; ; forsoeg++) {
    assert.ok(forsoeg < 20, 'nothing of Agnes was drawn');
    await lone.goto(`${demo.admin}/stikproever`);
    await link(lone, 'Træk stikprøve').click();
    await lone.getByLabel('Navn', { exact: true }).fill(navn);
    await lone.getByLabel('Fra', { exact: true }).fill(idag());
    await lone.getByLabel('Personers læsninger i Administrationsmodulet', { exact: true }).check();
    await lone.getByLabel('Antal læsninger').fill('1');
    await knap(lone, 'Træk stikprøve').click();
    await besked(lone, 'Stikprøven er trukket');
    if ((await lone.getByRole('region', { name: 'Læsninger' }).last().innerText()).includes('Agnes')) break;
  }
  const sted = lone.url();
  await menu(lone, /^Opgaver/);
  await lone.getByRole('rowheader', { name: new RegExp(navn) }).first().waitFor();
  await lone.goto(sted);
  await link(lone, 'Notér svar om læsning 1').click();
  await rent(lone, 'stikproeve-svar');
  await lone.getByLabel('Ved ikke').check();
  await lone.getByLabel('Hvem har svaret').fill('Ulrik, IT-chef');
  await knap(lone, 'Notér svar').click();
  await besked(lone, 'Svaret om læsning 1 er noteret');
  await link(lone, 'Afslut stikprøven').click();
  await rent(lone, 'stikproeve-afslut');
  await lone.getByLabel('Konklusion').fill('Der blev ikke læst ud over det, arbejdet kræver.');
  await knap(lone, 'Afslut stikprøven').click();
  await besked(lone, 'Stikprøven er afsluttet');

  await rent(lone, 'stikproeve');
  const [, sum] = /kontrolsum ([0-9a-f]{64})/.exec(await lone.getByRole('region', { name: 'Historik' }).innerText());

  const hentes = lone.waitForEvent('download');
  await link(lone, 'Hent bevis som PDF').click();
  const tekst = execFileSync('pdftotext', ['-layout', await (await hentes).path(), '-'], { encoding: 'utf8' });
  for (const del of ['Korsbæk Kommune', navn, 'Ulrik, IT-chef', 'ud over det, arbejdet kræver', 'Kontrolsum']) {
    assert.ok(tekst.includes(del), `${del} is not in ${tekst}`);
  }
  assert.ok(tekst.replace(/\s/g, '').includes(sum), `the sum in the log, ${sum}, is not in ${tekst}`);
  await menu(agnes, 'Stikprøver');
  await link(agnes, navn).first().waitFor();
});
