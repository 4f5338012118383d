// Two people, or two tabs, change the same: the second is told, and what both wrote is still there.

import assert from 'node:assert/strict';
import { afvist, besked, certifikat, fane, ind, knap, link, nyt, rejse, tilslut } from '../rejse.mjs';

rejse('Two tabs on one it-system: the second to save is told, and nothing is lost', async () => {
  const navn = nyt('To faner');
  const foerste = await ind('laura');
  await tilslut(foerste, navn, certifikat(navn));
  await link(foerste, 'Ret').click();
  const anden = await fane(foerste.context(), foerste.url());

  await foerste.getByLabel(/^Beskrivelse/).fill('Skrevet i den første fane');
  await knap(foerste, 'Gem it-system').click();
  await besked(foerste, 'It-systemet er gemt.');

  await anden.getByLabel(/^Beskrivelse/).fill('Skrevet i den anden fane');
  await anden.getByLabel(/^Hostingland/).fill('Danmark');
  await afvist(anden, () => knap(anden, 'Gem it-system').click(), 409, 'A-005');
  await anden.getByRole('region', { name: 'Det, der er gemt nu' }).getByText('Skrevet i den første fane').waitFor();
  assert.equal(await anden.getByLabel(/^Beskrivelse/).inputValue(), 'Skrevet i den anden fane');
  assert.equal(await anden.getByLabel(/^Hostingland/).inputValue(), 'Danmark');
  await foerste.reload();
  await foerste.getByText('Skrevet i den første fane').waitFor();

  // Having seen both, the person decides.
  await knap(anden, 'Gem it-system').click();
  await besked(anden, 'It-systemet er gemt.');
  await anden.getByText('Skrevet i den anden fane').waitFor();
});
