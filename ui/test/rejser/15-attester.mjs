// Roles are attested by who answers for the it-system, and a document that another program reads tells what came of it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { besked, idag, ind, katalog, knap, link, menu, nyt, opgave, overskrift, rejse, rent } from '../rejse.mjs';

const KLE = 'http://sts.kombit.dk/constraints/KLE/1';

/** The report as text. */
async function rapport(page) {
  const hentes = page.waitForEvent('download');
  await link(page, 'Hent rapport som PDF').click();
  return execFileSync('pdftotext', ['-layout', await (await hentes).path(), '-'], { encoding: 'utf8' });
}

rejse('Jens starts an attestering, Grethe confirms one role and asks for a change of another, the report names both', async () => {
  const [navn, god, bred] = [nyt('Attestering æøå'), nyt('Attest smal'), nyt('Attest bred')];
  const korsbaek = katalog('11223344');
  const [system] = (await korsbaek('GET', '/jobfunktionsroller/brugervendtesystemer')).json;
  const roller = (await korsbaek('GET', `/jobfunktionsroller/brugervendtesystemer/${system.uuid}/roller`)).json;
  for (const [rollenavn, kle] of [[god, '27.24.*'], [bred, '*']]) {
    const { status, json } = await korsbaek('POST', '/jobfunktionsroller', {
      navn: rollenavn, entityId: `http://korsbaek.example/roles/jobrole/attest_${randomUUID().slice(0, 8)}/1`, beskrivelse: 'Sager om børn',
      brugersystemrolleDataafgraensninger: [{
        brugersystemrolleUuid: roller[0].uuid,
        dataafgraensningsVaerdier: [{ vaerdi: kle, dynamisk: false, dataafgraensningstypeEntityId: KLE }],
      }],
    });
    assert.equal(status, 201, JSON.stringify(json));
  }

  const jens = await ind('jens');
  await menu(jens, 'Attestering');
  await rent(jens, 'attesteringer');
  await link(jens, 'Start attestering').first().click();
  await jens.getByLabel('Navn', { exact: true }).fill(navn);
  await jens.getByRole('radio', { name: /^Udvalgte it-systemer/ }).check();
  await jens.getByRole('checkbox', { name: new RegExp(`^${system.navn}`) }).check();
  await rent(jens, 'attestering-ny');
  await knap(jens, 'Start attestering').click();
  await besked(jens, 'Attesteringen er startet.');
  const koersel = jens.url();

  const grethe = await ind('grethe');
  await opgave(grethe, navn);
  await overskrift(grethe, navn);
  await rent(grethe, 'attestering');
  await link(grethe, `Attestér ${system.navn}`).click();
  await rent(grethe, 'attestering-roller');
  await link(grethe, god).click();
  const giver = await grethe.getByRole('region', { name: /^Hvad giver rollen/ }).innerText();
  assert.ok(giver.includes('27.24.*'), giver);
  await rent(grethe, 'attestering-punkt');
  await knap(grethe, 'Bekræft').click();
  await besked(grethe, `${god} i ${system.navn} er bekræftet.`);
  await grethe.goto(`${koersel}?fane=roller&status=VENTER`);
  await link(grethe, bred).click();
  await knap(grethe, 'Bed om ændring').click();
  await grethe.getByText('A-006').first().waitFor();
  await grethe.getByLabel(/^Hvad skal ændres/).fill('Skal kun give adgang til 27.24.*');
  await knap(grethe, 'Bed om ændring').click();
  await besked(grethe, 'er sendt til jeres Jobfunktionsrolleadministrator');

  await opgave(jens, `Ret ${bred}`);
  await overskrift(jens, bred);
  await jens.getByText('Ændring ønsket').first().waitFor();
  await rent(jens, 'attestering-rolle');
  await jens.goto(koersel);
  const foreloebig = await rapport(jens);
  for (const del of ['Korsbæk Kommune', navn, 'Foreløbig', 'Grethe Lund', 'Skal kun give adgang', god, bred]) {
    assert.ok(foreloebig.replace(/\s+/g, ' ').includes(del) || foreloebig.replace(/\s/g, '').includes(del.replace(/\s/g, '')), `${del} is not in ${foreloebig}`);
  }

  // What other journeys made is attested as well; then it is ended, and the report is final.
  for (let nr = 0; ; nr++) {
    assert.ok(nr < 100, 'there is no end of roles');
    await grethe.goto(`${koersel}?fane=roller&status=VENTER`);
    const naeste = grethe.locator('tbody a.f-main-link').first();
    if (!await naeste.count()) break;
    await naeste.click();
    await knap(grethe, 'Bekræft').click();
    await besked(grethe, 'er bekræftet.');
  }
  await jens.goto(koersel);
  await link(jens, 'Afslut attesteringen').click();
  await rent(jens, 'attestering-afslut');
  await knap(jens, 'Afslut attesteringen').click();
  await besked(jens, 'Attesteringen er afsluttet.');
  await rent(jens, 'attestering-slut');
  const endelig = await rapport(jens);
  await jens.goto(`${koersel}?fane=historik`);
  const [, sum] = /kontrolsum ([0-9a-f]{64})/.exec(await jens.getByRole('region', { name: 'Historik' }).innerText());
  assert.ok(endelig.replace(/\s/g, '').includes(sum), `the sum in the log, ${sum}, is not in ${endelig}`);

  await menu(jens, 'Jobfunktionsroller');
  await jens.getByLabel('Navn, beskrivelse eller EntityId').fill(god);
  await knap(jens, 'Vis').click();
  await jens.getByRole('row', { name: new RegExp(god) }).getByText(idag()).waitFor();
  await rent(jens, 'attestering-jfr');
  await jens.getByLabel('Attestering').selectOption('Ikke attesteret i 12 måneder');
  await knap(jens, 'Vis').click();
  await jens.getByText('Ingen jobfunktionsroller').waitFor();
  await jens.getByLabel('Navn, beskrivelse eller EntityId').fill(bred);
  await knap(jens, 'Vis').click();
  await link(jens, bred).waitFor();
});
