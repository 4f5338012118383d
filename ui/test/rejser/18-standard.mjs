// The DPO is asked, says something, and the authority approves what comes after and gives no more: less is in force at once.

import assert from 'node:assert/strict';
import { besked, certifikat, ind, kald_afvises, kald_lykkes, knap, link, menu, nyt, opgave, overskrift, rejse, rent, tilslut } from '../rejse.mjs';

rejse('Gunnar asks Dorte, approves with a standardgodkendelse, and less is in force without a click', async () => {
  const navn = nyt('Standard');
  const system = certifikat(navn);
  const videre = (page, step) => knap(page, `Næste: ${step}`).click();
  const laura = await ind('laura');
  await tilslut(laura, navn, system);
  await menu(laura, 'Serviceaftaler');
  await link(laura, 'Anmod om serviceaftale').click();
  await laura.getByLabel('Navn', { exact: true }).fill(navn);
  await videre(laura, 'System');
  await laura.getByRole('radio', { name: navn }).check();
  await videre(laura, 'Myndigheder');
  await laura.getByRole('checkbox', { name: /^Korsbæk Kommune/ }).check();
  await videre(laura, 'Services');
  await laura.getByRole('checkbox', { name: /Organisation Roller/ }).check();
  await laura.getByRole('checkbox', { name: /Klassifikation Roller/ }).check();
  await videre(laura, 'Parametre');
  for (const udstil of await laura.getByRole('checkbox', { name: /^Udstil/ }).all()) await udstil.check();
  await videre(laura, 'Formål og persondata');
  await laura.getByLabel('Begrundelse').fill('Systemet viser, hvilken enhed en borger hører til, så sagen lander det rigtige sted.');
  await laura.getByLabel('Formål', { exact: true }).fill('Fordeling af sager til enheder');
  await laura.getByLabel('Hjemmel').fill('Forvaltningsloven § 32');
  await laura.getByLabel('Databehandleraftale').fill('DBA 2026-18');
  await laura.getByLabel('Kontakt ved drift').fill('drift@matador.example');
  await videre(laura, 'Godkend');
  await laura.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(laura, 'Send anmodning').click();
  await besked(laura, 'Anmodningen er sendt.');
  const aftale = laura.url();

  const gunnar = await ind('gunnar');
  await opgave(gunnar, navn);
  await overskrift(gunnar, `Godkend: ${navn}`);
  await rent(gunnar, 'standard-kort-tomt');
  await knap(gunnar, 'Bed DPO kommentere').click();
  await besked(gunnar, 'er bedt om at kommentere');

  const dorte = await ind('dorte');
  await opgave(dorte, navn);
  await overskrift(dorte, navn);
  await link(dorte, 'Kommentarer').click();
  await dorte.getByLabel('Ny kommentar').fill('Hjemlen er i orden.\nBed om en slettefrist næste gang.');
  await rent(dorte, 'standard-kommentar');
  await knap(dorte, 'Gem kommentar').click();
  await besked(dorte, 'Kommentaren er gemt.');
  await menu(dorte, /^Opgaver/);
  await overskrift(dorte, 'Opgaver');
  assert.equal(await dorte.getByRole('link', { name: new RegExp(navn) }).count(), 0, 'the task is still there');

  await laura.goto(`${aftale}?fane=kommentarer`);
  await laura.getByText('Ingen har kommenteret anmodningen.').waitFor();
  await gunnar.reload();
  await gunnar.getByRole('region', { name: 'Kommentarer' }).getByText('Hjemlen er i orden.').waitFor();
  await gunnar.getByLabel(/^Godkend også kommende versioner/).first().check();
  await rent(gunnar, 'standard-kort');
  await knap(gunnar, 'Godkend').click();
  await besked(gunnar, 'godkendes uden et klik');
  await kald_lykkes(system);

  // The same system with less: what the call needs is what goes.
  await laura.goto(aftale);
  await knap(laura, 'Opret ændring').click();
  await laura.getByRole('checkbox', { name: /Organisation Roller/ }).uncheck();
  await videre(laura, 'Parametre');
  await videre(laura, 'Formål og persondata');
  await videre(laura, 'Godkend');
  await laura.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(laura, 'Send anmodning').click();
  await besked(laura, 'godkendt efter standardgodkendelse');
  await kald_afvises(system, /serviceaftale/);

  await gunnar.goto(aftale);
  await gunnar.getByText(/^Godkendt efter standardgodkendelse givet af Gunnar/).waitFor();
  await rent(gunnar, 'standard-aftale');
  await knap(gunnar, 'Træk standardgodkendelsen tilbage').click();
  await besked(gunnar, 'Standardgodkendelsen er trukket tilbage.');
  await knap(gunnar, 'Giv standardgodkendelse').waitFor();
});
