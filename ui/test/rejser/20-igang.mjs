// An authority gets started: a step is undertaken by somebody, and is reached by what is done elsewhere, never by a tick.

import assert from 'node:assert/strict';
import { besked, fremmed, ind, knap, link, menu, nyt, opgave, overskrift, rejse, rent, vaelg_adgangskode } from '../rejse.mjs';

/** A day so far away, as the pages write it. */
const om = (dage) => new Intl.DateTimeFormat('da-DK', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'Europe/Copenhagen' })
  .format(new Date(Date.now() + dage * 86_400_000)).replaceAll('.', '-');
const trin = (page, name) => page.getByRole('row', { name: new RegExp(`^${name}`) });

rejse('Agnes has Ulrik find a Klassifikation-administrator; the role is given, and his task is gone', async () => {
  const [agnes, ulrik] = [await ind('agnes'), await ind('ulrik')];
  await menu(agnes, 'Kom i gang');
  await overskrift(agnes, 'Kom i gang');
  await rent(agnes, 'igang');
  await agnes.getByLabel(/^Første fagsystem i drift/).fill(om(42));
  await knap(agnes, 'Gem dato').click();
  await besked(agnes, 'Datoen er gemt.');
  await menu(ulrik, 'Forside');
  await ulrik.getByText('Dage til første fagsystem: 42').waitFor();
  await rent(ulrik, 'igang-forside');

  await link(agnes, 'Udpeg en Klassifikation-administrator').click();
  await overskrift(agnes, 'Udpeg en Klassifikation-administrator');
  await rent(agnes, 'igang-trin');
  await agnes.getByLabel('Ejer', { exact: true }).selectOption('Ulrik Brandt');
  await agnes.getByLabel('Senest', { exact: true }).fill('i overmorgen');
  await knap(agnes, 'Gem plan').click();
  await agnes.getByText('A-018').first().waitFor();
  await rent(agnes, 'igang-fejl');
  await agnes.getByLabel('Senest', { exact: true }).fill(om(10));
  await knap(agnes, 'Gem plan').click();
  await besked(agnes, 'Planen er gemt.');
  await trin(agnes, 'Udpeg en Klassifikation-administrator').getByText('Planlagt').waitFor();

  // Ulrik is told, goes from the task to the step and on to where it is done, and does it.
  await opgave(ulrik, 'Kom i gang: Udpeg en Klassifikation-administrator');
  await overskrift(ulrik, 'Udpeg en Klassifikation-administrator');
  await link(ulrik, 'Gå til Brugere og roller').click();
  await link(ulrik, 'Opret bruger').click();
  const navn = nyt('Klara Lassen');
  await ulrik.getByLabel('Navn', { exact: true }).fill(navn);
  await ulrik.getByLabel('E-mail', { exact: true }).fill(`${navn.toLowerCase().replaceAll(' ', '.')}@korsbaek.example`);
  await knap(ulrik, 'Opret bruger').click();
  await overskrift(ulrik, `Giv linket til ${navn}`);
  const invitation = await ulrik.locator('#link').innerText();
  await link(ulrik, 'Tildel roller').click();
  await ulrik.getByLabel('Rolle', { exact: true }).selectOption('KA');
  await knap(ulrik, 'Tildel rolle').click();
  await besked(ulrik, 'Rollen Klassifikation-administrator er tildelt.');
  // Who is only invited does nothing yet.
  await menu(ulrik, /^Opgaver/);
  await ulrik.getByRole('rowheader', { name: /Udpeg en Klassifikation-administrator/ }).waitFor();

  const klara = await fremmed(invitation);
  await vaelg_adgangskode(klara, 'fire tilfældige ord på rad');
  await ulrik.reload();
  assert.equal(await ulrik.getByRole('rowheader', { name: /Udpeg en Klassifikation-administrator/ }).count(), 0);
  await menu(agnes, 'Kom i gang');
  const raekke = trin(agnes, 'Udpeg en Klassifikation-administrator');
  await raekke.getByText('Nået', { exact: true }).waitFor();
  await raekke.getByText(navn).waitFor();
  await rent(agnes, 'igang-naaet');
});

rejse('Laura sees the way of a supplier, and each step leads to where it is done', async () => {
  const laura = await ind('laura');
  await menu(laura, 'Kom i gang');
  await overskrift(laura, 'Kom i gang');
  await rent(laura, 'igang-leverandoer');
  await link(laura, 'Få det første kald igennem').click();
  await overskrift(laura, 'Få det første kald igennem');
  await rent(laura, 'igang-kald');
  await link(laura, 'Gå til Serviceaftaler').click();
  await overskrift(laura, 'Serviceaftaler');
});
