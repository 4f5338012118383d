// A user is invited, comes in by the link, gets to work, and loses the right at once when the role ends.

import { afvist, besked, fremmed, ind, knap, link, menu, nyt, overskrift, rejse, vaelg_adgangskode } from '../rejse.mjs';

const ADGANGSKODE = 'fire tilfældige ord på rad';

rejse('Agnes invites a Godkender, who comes in by the link, and ends the role: the next click is refused', async () => {
  const navn = nyt('Vikar Vestergaard');
  const agnes = await ind('agnes');
  await menu(agnes, 'Brugere og roller');
  await link(agnes, 'Opret bruger').click();
  await agnes.getByLabel('Navn', { exact: true }).fill(navn);
  await agnes.getByLabel('E-mail', { exact: true }).fill(`${navn.toLowerCase().replaceAll(' ', '.')}@korsbaek.example`);
  await knap(agnes, 'Opret bruger').click();
  await overskrift(agnes, `Giv linket til ${navn}`);
  const invitation = await agnes.locator('#link').innerText();

  await link(agnes, 'Tildel roller').click();
  for (const [kode, rolle] of [['GK', 'Godkender'], ['RED', 'Redaktør']]) {
    await agnes.getByLabel('Rolle', { exact: true }).selectOption(kode);
    await knap(agnes, 'Tildel rolle').click();
    await besked(agnes, `Rollen ${rolle} er tildelt.`);
  }

  const vikar = await fremmed(invitation);
  await overskrift(vikar, 'Velkommen');
  await vaelg_adgangskode(vikar, ADGANGSKODE);
  await menu(vikar, 'Serviceaftaler');
  await link(vikar.getByRole('navigation', { name: 'Serviceaftaler efter tilstand' }), /Til godkendelse/).click();
  await overskrift(vikar, 'Serviceaftaler');

  // The link is used up.
  const anden = await fremmed('about:blank');
  await afvist(anden, () => anden.goto(invitation), 410, 'L-001');

  await link(agnes, 'Afslut Godkender').click();
  await knap(agnes, 'Afslut rollen').click();
  await besked(agnes, 'Rollen er afsluttet.');
  await afvist(vikar, () => menu(vikar, 'Serviceaftaler'), 403, 'A-001');

  await agnes.goBack();
  await menu(agnes, 'Brugere og roller');
  await link(agnes, navn).click();
  await link(agnes, 'Afslut Redaktør').click();
  await knap(agnes, 'Afslut rollen').click();
  await besked(agnes, 'Rollen er afsluttet.');
  await afvist(vikar, () => link(vikar, 'Til forsiden').click(), 403, 'A-020');
});
