// A jobfunktionsrolle is lent to the neighbour, used by its role catalogue, and taken back.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { besked, idag, ind, katalog, knap, link, menu, nyt, opgave, overskrift, rejse, rent } from '../rejse.mjs';

const NABOKOEBING = '22334455';
const KLE = 'http://sts.kombit.dk/constraints/KLE/1';

rejse('Jens delegates a role, Gunnar approves, Nanna accepts: her role catalogue has it until it is recalled', async () => {
  const navn = nyt('Fælles vagt');
  const [korsbaek, nabo] = [katalog('11223344'), katalog(NABOKOEBING)];
  const [system] = (await korsbaek('GET', '/jobfunktionsroller/brugervendtesystemer')).json;
  const [rolle] = (await korsbaek('GET', `/jobfunktionsroller/brugervendtesystemer/${system.uuid}/roller`)).json;
  const { status, json: min } = await korsbaek('POST', '/jobfunktionsroller', {
    navn, entityId: `http://korsbaek.example/roles/jobrole/vagt_${randomUUID().slice(0, 8)}/1`, beskrivelse: 'Vagt om natten',
    brugersystemrolleDataafgraensninger: [{
      brugersystemrolleUuid: rolle.uuid,
      dataafgraensningsVaerdier: [{ vaerdi: '27.*', dynamisk: false, dataafgraensningstypeEntityId: KLE }],
    }],
  });
  assert.equal(status, 201, JSON.stringify(min));
  const hos_naboen = async () => (await nabo('GET', '/jobfunktionsroller')).json.find(({ uuid }) => uuid === min.uuid);
  assert.equal(await hos_naboen(), undefined);

  const jens = await ind('jens');
  await menu(jens, 'Jobfunktionsroller');
  await jens.getByLabel('Navn, beskrivelse eller EntityId').fill(navn);
  await knap(jens, 'Vis').click();
  await link(jens, navn).click();
  await link(jens, 'Deleger').click();
  await rent(jens, 'deleger');
  await jens.getByLabel('Delegeres til (CVR)').fill(NABOKOEBING);
  await jens.getByLabel('Formål').fill('Nabokøbing passer telefonen om natten');
  await jens.getByLabel('Aftalegrundlag').fill('Driftsfællesskab 2026-4');
  await jens.getByLabel('Gyldig til og med').fill(idag());
  await knap(jens, 'Deleger').click();
  await besked(jens, 'Delegeringen er foreslået');
  const delegering = jens.url();
  await jens.getByText(`til og med ${idag()}`).first().waitFor();

  const gunnar = await ind('gunnar');
  await opgave(gunnar, navn);
  await overskrift(gunnar, 'Godkend delegering');
  const kort = await gunnar.getByRole('region', { name: 'Hvem får hvad' }).innerText();
  for (const del of ['Nabokøbing Kommune', navn, '27.*', idag()]) assert.ok(kort.includes(del), `${del} is missing: ${kort}`);
  await rent(gunnar, 'deleger-godkend');
  await knap(gunnar, 'Godkend').click();
  await besked(gunnar, 'Delegeringen er godkendt');
  assert.equal(await hos_naboen(), undefined, 'nothing is lent before it is accepted');

  const nanna = await ind('nanna');
  await opgave(nanna, navn);
  await link(nanna, 'Acceptér').click();
  await rent(nanna, 'deleger-accepter');
  await knap(nanna, 'Acceptér').click();
  await besked(nanna, 'Delegeringen er accepteret.');

  const laant = await hos_naboen();
  assert.deepEqual([laant.navn, laant.organisationCvr, laant.delegeretTilCvr], [navn, '11223344', NABOKOEBING]);
  for (const [metode, krop] of [['PUT', { ...laant, navn: 'Vores' }], ['DELETE']]) {
    const svar = await nabo(metode, `/jobfunktionsroller/${min.uuid}`, krop);
    assert.deepEqual([svar.status, svar.json.kode], [403, 'J-408'], metode);
  }

  await jens.goto(delegering);
  await link(jens, 'Tilbagekald').click();
  await rent(jens, 'deleger-tilbagekald');
  await jens.getByLabel('Begrundelse').fill('Samarbejdet er slut');
  await jens.getByLabel(/^Ja, tilbagekald/).check();
  await knap(jens, 'Tilbagekald').click();
  await besked(jens, 'Delegeringen er tilbagekaldt.');
  assert.equal(await hos_naboen(), undefined, 'gone at once');
  assert.equal((await nabo('GET', `/jobfunktionsroller/${min.uuid}`)).status, 404);
  await nanna.goto(delegering);
  await nanna.getByText('Samarbejdet er slut').first().waitFor();
});
