// A list is sorted by its heads and kept as a view; two requests for the same are approved on one page, and one is copied.

import assert from 'node:assert/strict';
import { anmod, besked, certifikat, ind, kald_lykkes, knap, link, menu, nyt, overskrift, rejse, rent, tilslut } from '../rejse.mjs';

rejse('Gunnar sorts a list, keeps it as a view, and approves two requests at once', async () => {
  const navn = nyt('Liste');
  const system = certifikat(navn);
  const laura = await ind('laura');
  await tilslut(laura, navn, system);
  await anmod(laura, `${navn} A`, navn);
  const aftale = laura.url();
  await anmod(laura, `${navn} B`, navn);

  const gunnar = await ind('gunnar');
  await menu(gunnar, 'Serviceaftaler');
  await gunnar.getByLabel('Nummer, navn eller system').fill(navn);
  await knap(gunnar, 'Vis').click();
  const hoved = gunnar.getByRole('columnheader', { name: /^Navn/ });
  const navne = () => gunnar.getByRole('rowheader').getByRole('link', { name: new RegExp(`^${navn} [AB]$`) }).allInnerTexts();
  await hoved.getByRole('link').click();
  await gunnar.waitForURL(/sorter=navn/);
  assert.equal(await hoved.getAttribute('aria-sort'), 'ascending');
  assert.deepEqual(await navne(), [`${navn} A`, `${navn} B`]);
  await hoved.getByRole('link').focus();
  await gunnar.keyboard.press('Enter');
  await gunnar.waitForURL(/sorter=-navn/);
  assert.equal(await hoved.getAttribute('aria-sort'), 'descending');
  assert.deepEqual(await navne(), [`${navn} B`, `${navn} A`]);
  assert.equal(await gunnar.getByLabel('Nummer, navn eller system').inputValue(), navn);
  await rent(gunnar, 'liste-sorteret');

  const visninger = gunnar.getByRole('navigation', { name: 'Gemte visninger' });
  await visninger.getByRole('link', { name: /^Gem / }).click();
  await overskrift(gunnar, 'Visninger af Serviceaftaler');
  await gunnar.getByLabel('Navn', { exact: true }).fill(navn);
  await rent(gunnar, 'liste-visninger');
  await knap(gunnar, 'Gem visning').click();
  await besked(gunnar, 'Visningen er gemt.');
  await menu(gunnar, 'Serviceaftaler');
  await visninger.getByRole('link', { name: navn, exact: true }).click();
  await gunnar.waitForURL(/sorter=-navn/);
  assert.deepEqual(await navne(), [`${navn} B`, `${navn} A`]);

  for (const sidste of ['A', 'B']) await gunnar.getByRole('row', { name: new RegExp(`${navn} ${sidste}`) }).getByRole('checkbox').check();
  await knap(gunnar, 'Godkend valgte').click();
  await overskrift(gunnar, /^Godkend 2 anmodninger/);
  await gunnar.getByText(`${navn} får adgang til`).first().waitFor();
  await rent(gunnar, 'liste-godkend-flere');
  await knap(gunnar, 'Godkend 2 serviceaftaler').click();
  await besked(gunnar, '2 serviceaftaler er godkendt.');
  await kald_lykkes(system);

  await visninger.getByRole('link', { name: /^Gem / }).click();
  await knap(gunnar, `Slet ${navn}`).click();
  await besked(gunnar, 'Visningen er slettet.');

  await laura.goto(aftale);
  await knap(laura, 'Kopiér').click();
  await besked(laura, 'Kopien er en kladde');
  assert.equal(await laura.getByLabel('Navn', { exact: true }).inputValue(), `${navn} A`);
});
