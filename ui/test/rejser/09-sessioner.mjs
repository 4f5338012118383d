// One sees where one is logged in, and ends it from here.

import assert from 'node:assert/strict';
import { besked, ind, konto, menu, overskrift, rejse } from '../rejse.mjs';

rejse('Agnes ends her other session: its next click goes to the login, this one goes on', async () => {
  const her = await ind('agnes');
  const der = await ind('agnes', { userAgent: 'Andetsted/1.0' });
  await menu(der, 'Brugere og roller');
  await konto(her, 'Login og sessioner');
  assert.equal(await her.getByText('Denne', { exact: true }).count(), 1);
  const anden = her.getByRole('row', { name: /Andetsted/ }).first();
  await anden.getByRole('button', { name: /^Afslut/ }).click();
  await besked(her, 'Sessionen er afsluttet.');

  await menu(der, 'Log');
  await overskrift(der, 'Log ind');
  assert.match(der.url(), /\/admin\/login/);
  await menu(her, 'Log');
  await overskrift(her, 'Log');
});
