// A supplier gives notice as of today, and its it-system may call no more.

import { besked, i_drift, idag, ind, kald_afvises, knap, nyt, rejse } from '../rejse.mjs';

rejse('Laura gives notice of an agreement as of today: its calls are refused', async () => {
  const system = await i_drift(nyt('Udfasning'));
  const laura = await ind('laura');
  await laura.goto(system.aftale);
  await laura.getByRole('link', { name: /^Opsig/ }).click();
  await laura.getByLabel('Årsag').fill('Systemet lukkes');
  await laura.getByLabel('Slutdato').fill(idag());
  await laura.getByLabel(/^Ja, opsig/).check();
  await knap(laura, 'Opsig aftalen').click();
  await besked(laura, 'Aftalen er opsagt.');
  await kald_afvises(system, /serviceaftale/);
});
