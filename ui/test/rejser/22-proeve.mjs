// A system is tried on invented data: its call is refused, let through, and refused again when the trial is ended. A role is
// begun from an example, with what the authority is offered of it.

import assert from 'node:assert/strict';
import { besked, certifikat, demo, ind, kald_afvises, kald_lykkes, knap, link, menu, nyt, overskrift, rejse, rent, tilslut } from '../rejse.mjs';

rejse('22 a system is tried, and the trial ended', async () => {
  const navn = nyt('Prøvesystem');
  const system = certifikat(navn);
  const [laura, gunnar] = [await ind('laura'), await ind('gunnar')];
  await tilslut(laura, navn, system);
  await kald_afvises(system, /AFT-01|ingen gældende serviceaftale/);
  // The form says what is wrong in it, and keeps what was chosen.
  await menu(laura, 'Serviceaftaler');
  await link(laura, 'Prøvetilslutning').click();
  await overskrift(laura, 'Prøvetilslutning');
  await rent(laura, 'proeve-form');
  await laura.getByRole('radio', { name: navn }).check();
  await laura.getByRole('radio', { name: /Organisation/ }).check();
  await laura.getByLabel('Antal dage').fill('31');
  await knap(laura, 'Begynd prøven').click();
  await laura.getByText('En prøve kan vare fra 1 til 30 dage, i dag medregnet.').first().waitFor();
  await rent(laura, 'proeve-fejl');
  await kald_afvises(system, /AFT-01|ingen gældende serviceaftale/);
  await laura.getByLabel('Antal dage').fill('14');
  await laura.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(laura, 'Begynd prøven').click();
  await besked(laura, 'Prøven er begyndt.');
  await kald_lykkes(system);
  await overskrift(laura, 'Prøve: Organisation');
  await laura.getByText('Kun opdigtede data.').waitFor();
  await rent(laura, 'proeve-aftale');
  const aftale = laura.url();
  assert.equal(await knap(laura, 'Kopiér').count() + await knap(laura, 'Opret ændring').count(), 0, 'it becomes nothing else');
  // Whose invented data it reads sees that it is a trial.
  await gunnar.goto(new URL('/admin/serviceaftaler?fane=aktive', demo.admin).href);
  await gunnar.getByRole('row', { name: new RegExp(navn) }).getByText('PRØVE', { exact: true }).waitFor();
  await rent(gunnar, 'proeve-liste');
  await gunnar.goto(aftale);
  await gunnar.getByText('Kun opdigtede data.').waitFor();
  await rent(gunnar, 'proeve-kort');
  // The supplier ends it before its time.
  await link(laura, /^Afslut prøven/).click();
  await laura.getByLabel('Årsag').fill('Prøvet færdig');
  await laura.getByLabel(/^Ja, opsig/).check();
  await knap(laura, 'Opsig aftalen').click();
  await besked(laura, 'Aftalen er opsagt.');
  await kald_afvises(system, /Prøve: Organisation.*sluttede/s);
  await laura.getByText('Ophørt').first().waitFor();
});

rejse('22 a role begins from an example', async () => {
  const jens = await ind('jens');
  await menu(jens, 'Jobfunktionsroller');
  await link(jens, 'Importér eksempel').click();
  await overskrift(jens, 'Importér eksempel');
  await jens.getByText(/Intet it-system med navnet KSD tilbyder jer roller her/).first().waitFor();
  await rent(jens, 'eksempler');
  await knap(jens, 'Importér Socialrådgiver, børn og unge').click();
  await besked(jens, 'Kladden er lavet efter eksemplet.');
  await overskrift(jens, 'Ret jobfunktionsrolle');
  const navn = nyt('Socialrådgiver');
  await jens.getByLabel('Navn', { exact: true }).fill(navn);
  await rent(jens, 'eksempel-kladde');
  await knap(jens, 'Gem kladde').click();
  await besked(jens, 'Kladden er gemt.');
  await overskrift(jens, navn);
  await jens.getByText(/27\.24/).first().waitFor();
});
