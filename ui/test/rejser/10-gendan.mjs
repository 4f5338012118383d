// Somebody who has lost the password gets a new login: the old one and its sessions are over.

import { afvist, besked, bruger, demo, fremmed, ind, knap, konto, link, log_ind, menu, overskrift, rejse, vaelg_adgangskode } from '../rejse.mjs';

const NY = 'en helt anden lang kode';

rejse('Agnes gives Lone a new login: the old password and session are over, the link works once', async () => {
  const { username, password, name } = bruger('lone');
  const [lone, agnes] = [await ind('lone'), await ind('agnes')];
  await menu(agnes, 'Brugere og roller');
  await agnes.getByRole('rowheader', { name }).getByRole('link').click();
  await knap(agnes, 'Nyt login').click();
  await overskrift(agnes, `Nyt login til ${name}`);
  const nyt_login = await agnes.locator('#link').innerText();

  await menu(lone, 'Log');
  await overskrift(lone, 'Log ind');
  await afvist(lone, () => log_ind(lone, username, password), 422, 'L-001');

  const igen = await fremmed(nyt_login);
  await overskrift(igen, 'Vælg ny adgangskode');
  await vaelg_adgangskode(igen, NY);
  const tredje = await fremmed(demo.admin);
  await afvist(tredje, () => tredje.goto(nyt_login), 410, 'L-001');
  await tredje.goto(demo.admin);
  await afvist(tredje, () => log_ind(tredje, username, password), 422, 'L-001');
  await log_ind(tredje, username, NY);
  await overskrift(tredje, /^Goddag/);

  // She goes back to the password the demo tells of.
  await konto(tredje, 'Login og sessioner');
  await tredje.getByLabel('Nuværende adgangskode').fill(NY);
  await tredje.getByLabel('Ny adgangskode', { exact: true }).fill(password);
  await tredje.getByLabel('Ny adgangskode igen').fill(password);
  await knap(tredje, 'Skift adgangskode').click();
  await besked(tredje, 'Adgangskoden er skiftet');
  await link(igen, 'Opgaver').first().click();
  await overskrift(igen, 'Log ind');
});
