// Nobody gives himself, or others, more than the rules allow: also not when the page is tampered with.

import assert from 'node:assert/strict';
import { afvist, bruger, ind, knap, link, menu, rejse } from '../rejse.mjs';

async function paa_bruger(page, name) {
  await menu(page, 'Brugere og roller');
  await page.getByRole('rowheader', { name }).getByRole('link').click();
}

const uuid = (page) => page.url().split('/').pop();

rejse('Agnes cannot change her own roles', async () => {
  const agnes = await ind('agnes');
  await paa_bruger(agnes, bruger('agnes').name);
  const egen = uuid(agnes);
  assert.equal(await knap(agnes, 'Tildel rolle').count(), 0, 'a form for one\'s own roles');
  assert.equal(await agnes.getByRole('link', { name: /^Afslut / }).count(), 0, 'a link to end one\'s own role');
  await paa_bruger(agnes, bruger('lone').name);
  await agnes.getByLabel('Rolle', { exact: true }).selectOption('LÆS');
  await agnes.locator('form[action$="/roller"]').evaluate((form, id) => {
    form.action = `/admin/brugere/${id}/roller`;
  }, egen);
  await afvist(agnes, () => knap(agnes, 'Tildel rolle').click(), 403, 'A-002');
  await paa_bruger(agnes, bruger('agnes').name);
  assert.equal(await agnes.getByText('Læseadgang').count(), 0, 'the role was given');
});

rejse('Ulrik, who gives roles from day to day, cannot make an Administrator', async () => {
  const ulrik = await ind('ulrik');
  await paa_bruger(ulrik, bruger('jens').name);
  const rolle = ulrik.getByLabel('Rolle', { exact: true });
  assert.equal(await rolle.locator('option[value=ADM]').count(), 0, 'the role is offered');
  await rolle.evaluate((select) => select.add(new Option('Administrator', 'ADM', true, true)));
  await afvist(ulrik, () => knap(ulrik, 'Tildel rolle').click(), 403, 'A-001');
  await paa_bruger(ulrik, bruger('jens').name);
  assert.equal(await ulrik.getByRole('rowheader', { name: /^Administrator/ }).count(), 0, 'the role was given');
});

rejse('The last Administrator cannot be disabled', async () => {
  const ulrik = await ind('ulrik');
  await paa_bruger(ulrik, bruger('agnes').name);
  await link(ulrik, 'Spær bruger').click();
  await ulrik.getByLabel('Årsag').fill('Prøve');
  await afvist(ulrik, () => knap(ulrik, 'Spær bruger').click(), 422, 'A-003');
  await ind('agnes');
});
