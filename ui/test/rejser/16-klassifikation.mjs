// Classes are looked up, a role is limited by picking them and a unit, and the role catalogue gets what was picked.

import assert from 'node:assert/strict';
import { besked, ind, katalog, knap, link, menu, nyt, overskrift, rejse, rent } from '../rejse.mjs';

const KLE = 'http://sts.kombit.dk/constraints/KLE/1';
const ENHED = 'http://sts.kombit.dk/constraints/orgenhed/1';

rejse('Jens walks down the tree of KLE to a class that is withdrawn, and finds classes by word', async () => {
  const jens = await ind('jens');
  await menu(jens, 'Klassifikation');
  await overskrift(jens, 'Klassifikation');
  await rent(jens, 'klassifikation');
  await link(jens, 'KLE Emneplan').click();
  await rent(jens, 'klassifikation-facet');
  await link(jens, 'Opdigtede forhold').click();
  await link(jens, 'Drager og trolde').click();
  await overskrift(jens, '91.01 Drager og trolde');
  await rent(jens, 'klassifikation-gruppe');
  await link(jens, 'Dragetilsyn [udgået]').click();
  await jens.getByText('Udgået 01-02-2012').first().waitFor();
  await rent(jens, 'klassifikation-udgaaet');
  await link(jens, 'Historik').click();
  await rent(jens, 'klassifikation-historik');
  await link(jens, 'Hvor bruges den').click();
  await rent(jens, 'klassifikation-brug');
  await menu(jens, 'Klassifikation');
  await jens.getByLabel('Nummer eller ord i titlen').fill('tilsyn bjerg');
  await knap(jens, 'Vis').click();
  await link(jens, 'Tilsyn med bjergtrolde').waitFor();
  await rent(jens, 'klassifikation-soeg');
});

rejse('Jens picks KLE numbers and a unit with the keyboard; what is withdrawn is confirmed; the role catalogue has them', async () => {
  const navn = nyt('Dragevagt');
  const jens = await ind('jens');
  await menu(jens, 'Jobfunktionsroller');
  await link(jens, 'Opret jobfunktionsrolle').click();
  await jens.getByLabel('Navn', { exact: true }).fill(navn);
  await jens.getByLabel(/^Se sag/).check();
  await knap(jens, 'Tilføj de valgte').click();

  const vaelg = knap(jens, 'Vælg i KLE');
  await vaelg.focus();
  await jens.keyboard.press('Enter');
  const kle = jens.getByRole('dialog', { name: 'Vælg i KLE' });
  await kle.getByLabel('91 Opdigtede forhold', { exact: true }).waitFor();
  await knap(kle, 'Vis de 2 under 91 Opdigtede forhold').click();
  await kle.getByLabel('91.03 Tilsyn med eventyrvæsener', { exact: true }).focus();
  await jens.keyboard.press('Space');
  await kle.getByLabel('Søg på nummer eller ord').fill('dragetilsyn');
  await kle.getByLabel(/^91.01.06 Dragetilsyn/).check();
  await rent(jens, 'vaelg-kle');
  await jens.keyboard.press('Escape');
  assert.equal(await vaelg.evaluate((one) => one === document.activeElement), true, 'focus is back where it came from');
  const felt = jens.getByLabel('KLE', { exact: true });
  assert.equal(await felt.inputValue(), '91.03, 91.01.06');

  await knap(jens, 'Vælg enheder').click();
  const enheder = jens.getByRole('dialog', { name: 'Vælg enheder' });
  await enheder.getByLabel('Søg på nummer eller ord').fill('løn');
  await enheder.getByLabel('HR og Løn', { exact: true }).check();
  await rent(jens, 'vaelg-enheder');
  await knap(enheder, 'Luk').click();
  await jens.getByText('HR og Løn').first().waitFor();
  await rent(jens, 'rolle-med-valg');
  await knap(jens, 'Gem kladde').click();
  await besked(jens, 'Kladden er gemt.');
  await jens.getByText('KLE 91.01.06 er udgået 01-02-2012. Forslag: 91.03.02 Tilsyn med drager.').waitFor();

  await link(jens, 'Aktivér').click();
  await rent(jens, 'aktiver-udgaaet');
  await knap(jens, 'Aktivér rollen').click();
  await jens.getByText('J-404').first().waitFor();
  await jens.getByLabel(/^Ja, rollen skal afgrænses/).check();
  await knap(jens, 'Aktivér rollen').click();
  await besked(jens, 'Rollen er aktiveret.');
  await jens.getByText('Rollen kræver handling').waitFor();
  await rent(jens, 'rolle-kraever-handling');

  const min = (await katalog('11223344')('GET', '/jobfunktionsroller')).json.find((one) => one.navn === navn);
  const vaerdier = min.brugersystemrolleDataafgraensninger[0].dataafgraensningsVaerdier;
  const af = (type) => vaerdier.filter((one) => one.dataafgraensningstypeEntityId === type).map((one) => one.vaerdi);
  assert.deepEqual(af(KLE), ['91.03,91.01.06']);
  assert.match(af(ENHED)[0], /^[0-9a-f-]{36}$/);

  await menu(jens, 'Jobfunktionsroller');
  await jens.getByLabel('KLE', { exact: true }).selectOption('Indeholder udgået KLE');
  await knap(jens, 'Vis').click();
  await link(jens, navn).waitFor();
  await menu(jens, 'Jobfunktionsroller');
  await jens.getByLabel('Tilstand', { exact: true }).selectOption('Kræver handling');
  await knap(jens, 'Vis').click();
  await link(jens, navn).waitFor();
  await rent(jens, 'roller-kraever-handling');
  await menu(jens, 'Klassifikation');
  await jens.getByLabel('Nummer eller ord i titlen').fill('91.03.04');
  await knap(jens, 'Vis').click();
  await link(jens, 'Tilsyn med bjergtrolde').click();
  await link(jens, 'Hvor bruges den').click();
  await link(jens, navn).waitFor();
  await rent(jens, 'klassifikation-i-brug');
});
