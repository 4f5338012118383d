// What programs come in with: the certificate of a role catalogue, and a person's API key. Made by a click, used by a program,
// taken back by a click.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { besked, certifikat, demo, ind, katalog, knap, link, menu, nyt, overskrift, rejse, rent } from '../rejse.mjs';

/** Calls the REST interface with a key; gives status, type and body. */
const api = (noegle, sti, { method = 'GET', body, base = '/api/v1' } = {}) => new Promise((resolve, reject) => {
  const headers = { authorization: `Bearer ${noegle}`, ...(body && { 'content-type': 'application/json' }) };
  const call = request(new URL(base + sti, demo.admin), { method, agent: false, ca: readFileSync(demo.ca), headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('error', reject).on('end', () => {
      const type = answer.headers['content-type'] ?? '';
      resolve({ status: answer.statusCode, type, json: type.includes('json') ? JSON.parse(text) : undefined });
    });
  });
  call.on('error', reject).end(body && JSON.stringify(body));
});

rejse('Agnes adds a certificate for the role catalogue, which may then call, and revokes it', async () => {
  const navn = nyt('Rollekatalog');
  const nyt_certifikat = certifikat(navn, { cvr: '11223344' });
  const kald = katalog(nyt_certifikat);
  assert.equal((await kald('GET', '/jobfunktionsroller')).status, 401);

  const agnes = await ind('agnes');
  await menu(agnes, 'Indstillinger');
  await menu(agnes, 'Rollekatalog');
  await overskrift(agnes, 'Rollekatalog');
  await agnes.getByLabel('Vælg certifikatfil').setInputFiles(certifikat(nyt('Fremmed')).pem);
  await knap(agnes, 'Tilføj certifikat').click();
  await agnes.getByText('C-105').first().waitFor();
  await rent(agnes, 'rollekatalog-fejl');
  await agnes.getByLabel('Vælg certifikatfil').setInputFiles(nyt_certifikat.pem);
  await knap(agnes, 'Tilføj certifikat').click();
  await besked(agnes, 'Certifikatet er tilføjet.');
  await rent(agnes, 'rollekatalog');
  const { status, json } = await kald('GET', '/jobfunktionsroller');
  assert.equal(status, 200);
  assert.ok(Array.isArray(json));
  assert.equal((await katalog('11223344')('GET', '/jobfunktionsroller')).status, 200, 'the one before works beside it');

  await link(agnes, `Tilbagekald ${navn}`).click();
  await agnes.getByText('Der er et andet gyldigt certifikat').waitFor();
  await rent(agnes, 'rollekatalog-tilbagekald');
  await agnes.getByLabel('Årsag').fill('Nøglen er skiftet');
  await knap(agnes, 'Tilbagekald').click();
  await besked(agnes, 'Certifikatet er tilbagekaldt.');
  const afvist = await kald('GET', '/jobfunktionsroller');
  assert.deepEqual([afvist.status, afvist.json.kode], [403, 'X-004']);
});

rejse('Laura makes a key, a program registers an it-system with it, and she revokes it', async () => {
  const navn = nyt('Natkørsel');
  const laura = await ind('laura');
  await menu(laura, 'Indstillinger');
  await menu(laura, 'Mine API-nøgler');
  await overskrift(laura, 'Mine API-nøgler');
  await rent(laura, 'api-noegler');
  await laura.getByLabel('Gælder til og med').fill('31-12-2199');
  await laura.getByLabel('Navn', { exact: true }).fill(navn);
  await knap(laura, 'Opret nøgle').click();
  await laura.getByText('N-802').first().waitFor();
  await rent(laura, 'api-noegler-fejl');
  const iMorgen = new Date(Date.now() + 36 * 3600 * 1000).toISOString().slice(0, 10).split('-').reverse().join('-');
  await laura.getByLabel('Gælder til og med').fill(iMorgen);
  await knap(laura, 'Opret nøgle').click();
  await overskrift(laura, `Nøglen ${navn}`);
  const noegle = await laura.locator('#noegle').innerText();
  assert.match(noegle, /^fundament_[\w-]{43}$/);
  await rent(laura, 'api-noegle');

  const mig = await api(noegle, '/mig');
  assert.deepEqual([mig.status, mig.json.noegle], [200, navn]);
  const felter = { navn, typer: ['Anvendersystem'], miljoe: 'Test', email: 'drift@matador.example', vilkaarAccepteret: true };
  const ny = await api(noegle, '/it-systemer', { method: 'POST', body: felter });
  assert.equal(ny.status, 201, JSON.stringify(ny.json));
  assert.equal((await api(noegle, '', { base: '/admin' })).status, 303, 'a key never logs in to the pages');

  await link(laura, 'Jeg har gemt nøglen').click();
  assert.ok(!(await laura.content()).includes(noegle), 'it is shown once');
  await menu(laura, 'It-systemer');
  await link(laura, navn).click();
  await overskrift(laura, navn);
  await menu(laura, 'Indstillinger');
  await menu(laura, 'Mine API-nøgler');
  await rent(laura, 'api-noegler-brugt');
  await link(laura, `Tilbagekald ${navn}`).click();
  await rent(laura, 'api-noegle-tilbagekald');
  await knap(laura, 'Tilbagekald').click();
  await besked(laura, `Nøglen ${navn} er tilbagekaldt.`);
  const afvist = await api(noegle, '/mig');
  assert.deepEqual([afvist.status, afvist.type, afvist.json.kode], [401, 'application/problem+json', 'N-810']);
});
