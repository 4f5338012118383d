// Notices to a party's own system: a webhook is made, what happens is posted to it with a signature its receiver verifies, and a
// receiver that is gone is told of.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { dirname, join } from 'node:path';
import { anmod, besked, certifikat, demo, ind, knap, link, menu, nyt, overskrift, rejse, rent, tilslut } from '../rejse.mjs';

/** A receiver at localhost, with the demo's own certificate: gives its address, and the next delivery that comes. */
async function modtager() {
  const pki = dirname(demo.ca);
  const [key, cert] = ['server.key', 'server.pem'].map((file) => readFileSync(join(pki, file)));
  const server = createServer({ key, cert }, (request, answer) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => { body += part; }).on('end', () => {
      answer.writeHead(204).end();
      server.emit('levering', { headers: request.headers, body });
    });
  });
  await once(server.listen(0, 'localhost'), 'listening');
  return { server, adresse: `https://localhost:${server.address().port}/adviser?hemmelig=1`,
    naeste: async () => (await once(server, 'levering', { signal: AbortSignal.timeout(30_000) }))[0] };
}

/** What the delivery says, once its signature has been verified with the key that was shown. */
function verificer({ headers, body }, noegle) {
  const tekst = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const ventet = createHmac('sha256', Buffer.from(noegle.replace('whsec_', ''), 'base64')).update(tekst).digest('base64');
  assert.ok(headers['webhook-signature'].split(' ').includes(`v1,${ventet}`), 'the signature is another');
  assert.ok(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 60, 'it was sent long ago');
  return JSON.parse(body);
}

rejse('Agnes makes a webhook; a request reaches it with a signature; it is tried, renewed and removed', async () => {
  const { server, adresse, naeste } = await modtager();
  const navn = nyt('Overvågning');
  const agnes = await ind('agnes');
  try {
    await menu(agnes, 'Indstillinger');
    await menu(agnes, 'Webhooks');
    await link(agnes, 'Opret webhook').click();
    await agnes.getByLabel('Navn', { exact: true }).fill(navn);
    await agnes.getByLabel('Adresse', { exact: true }).fill('http://127.0.0.1/');
    await knap(agnes, 'Opret webhook').click();
    await agnes.getByText('N-832').first().waitFor();
    await rent(agnes, 'webhook-fejl');
    await agnes.getByLabel('Adresse', { exact: true }).fill(adresse);
    await knap(agnes, 'Opret webhook').click();
    await overskrift(agnes, `Webhooken ${navn} er oprettet`);
    const noegle = await agnes.locator('#noegle').innerText();
    assert.match(noegle, /^whsec_[A-Za-z0-9+/]{43}=$/);
    await rent(agnes, 'webhook-noegle');
    await link(agnes, 'Jeg har gemt nøglen').click();
    assert.ok(!(await agnes.content()).includes(noegle), 'it is shown once');

    const proeve = naeste();
    await knap(agnes, 'Send prøve').click();
    assert.equal(verificer(await proeve, noegle).slags, 'proeve');
    await besked(agnes, 'Prøven er leveret: modtageren svarede 204');
    await rent(agnes, 'webhook-tom');

    const levering = naeste();
    const laura = await ind('laura');
    const system = nyt('Alarm');
    await tilslut(laura, system, certifikat(system));
    await anmod(laura, system, system);
    const { slags, gruppe, part, tekst } = verificer(await levering, noegle);
    assert.deepEqual([slags, gruppe, part], ['advis', 'aftaler', '11223344']);
    assert.ok(tekst.includes(system), tekst);
    // The receiver has it before the server has noted what it answered.
    const leveret = agnes.getByText('Leveret').first();
    for (let gang = 0; gang < 50 && !(await leveret.isVisible()); gang += 1) await agnes.reload();
    await leveret.waitFor();
    await rent(agnes, 'webhook');

    await link(agnes, 'Skift nøgle').click();
    await rent(agnes, 'webhook-skift');
    await knap(agnes, 'Skift nøgle').click();
    await overskrift(agnes, `Ny nøgle til ${navn}`);
    assert.notEqual(await agnes.locator('#noegle').innerText(), noegle);
    await link(agnes, 'Jeg har gemt nøglen').click();
    await link(agnes, 'Fjern').click();
    await rent(agnes, 'webhook-fjern');
    await knap(agnes, 'Fjern webhook').click();
    await besked(agnes, 'er fjernet');
  } finally {
    server.close();
  }
});
