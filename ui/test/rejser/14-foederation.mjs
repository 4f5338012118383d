// An authority connects its Identity Provider and may log in to SAPA by it: the agreement is in the policy file until it is ended.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { besked, certifikat, ind, knap, link, menu, nyt, opgave, overskrift, rejse, rent } from '../rejse.mjs';

/** The policy as `fundament policy export` writes it, of a copy of what the server has stored. */
function politik() {
  const copy = mkdtempSync(join(tmpdir(), 'politik-'));
  cpSync(dirname(process.env.FUNDAMENT_DEMO), copy, { recursive: true });
  const file = join(copy, 'politik.json');
  execFileSync(process.env.FUNDAMENT_PROGRAM, ['policy', 'export', file, '--data', copy], { stdio: 'pipe' });
  return JSON.parse(readFileSync(file, 'utf8'));
}

rejse('Jens connects an Identity Provider and asks for SAPA; the agreement is in the policy until it is ended', async () => {
  const navn = nyt('Vagtlogin');
  const vaert = `https://${randomUUID().slice(0, 8)}.korsbaek.example`;
  const { pem } = certifikat(navn, { cvr: '11223344', days: 20 });
  const der = readFileSync(pem, 'utf8').split('\n').filter((line) => !line.startsWith('-----')).join('');
  const metadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${vaert}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${vaert}/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;

  const jens = await ind('jens');
  await menu(jens, 'Føderation');
  await overskrift(jens, 'Føderation');
  await rent(jens, 'foederation');
  await link(jens, 'Tilslut IdP').click();
  await overskrift(jens, 'Tilslut Identity Provider');
  await rent(jens, 'foederation-tilslut');
  await jens.getByLabel('Navn', { exact: true }).fill(navn);
  await jens.getByLabel('Præsentationsnavn').fill('Korsbæk vagt');
  await jens.getByLabel('E-mail').fill('vagt@korsbaek.example');
  await jens.getByLabel('NSIS-niveau').selectOption('Betydelig');
  await jens.getByLabel('Anmeldelsens id').fill('NSIS-2026-99');
  await jens.getByLabel(/Eller vælg en fil/).setInputFiles({ name: 'idp.xml', mimeType: 'text/xml', buffer: Buffer.from(metadata.replace('/sso"/>', '/sso">')) });
  await knap(jens, 'Tilslut').click();
  await jens.getByText('M-101').first().waitFor();
  await rent(jens, 'foederation-m101');
  await jens.getByLabel('SAML-metadata').fill(metadata);
  await knap(jens, 'Tilslut').click();
  await besked(jens, 'Identity Provideren er registreret');
  const idp = jens.url();

  const gunnar = await ind('gunnar');
  await opgave(gunnar, navn);
  await overskrift(gunnar, 'Godkend Identity Provider');
  await rent(gunnar, 'foederation-godkend-idp');
  await knap(gunnar, 'Godkend').click();
  await besked(gunnar, 'Identity Provideren er godkendt.');

  const ole = await ind('ole');
  await opgave(ole, navn);
  await link(ole, 'Verificér NSIS-niveau').click();
  await overskrift(ole, 'Verificér NSIS-niveau');
  await rent(ole, 'foederation-verificer');
  await knap(ole, 'Niveauet passer').click();
  await besked(ole, 'NSIS-niveauet er verificeret.');

  await jens.goto(idp);
  await jens.getByText('F-302').first().waitFor();
  await rent(jens, 'foederation-idp');
  await menu(jens, 'Føderation');
  await link(jens, 'Anmod om føderationsaftale').click();
  await jens.getByLabel('Brugervendt system').selectOption({ label: 'SAPA (kræver NSIS Betydelig)' });
  await jens.getByLabel('Identity Provider').selectOption({ label: navn });
  await rent(jens, 'foederation-anmod');
  await knap(jens, 'Send anmodning').click();
  await besked(jens, 'Anmodningen er sendt');
  const aftale = jens.url();
  const id = aftale.split('/').pop();

  await gunnar.goto(`${aftale}/svar`);
  const kort = await gunnar.getByRole('region', { name: 'Hvem kan logge ind hvor' }).innerText();
  for (const del of ['Korsbæk Kommune', 'SAPA', navn, 'Betydelig']) assert.ok(kort.includes(del), `${del} is missing: ${kort}`);
  await rent(gunnar, 'foederation-godkend');
  await knap(gunnar, 'Godkend').click();
  await besked(gunnar, 'venter på leverandøren');

  const laura = await ind('laura');
  await laura.goto(`${aftale}/svar`);
  await knap(laura, 'Godkend').click();
  await besked(laura, 'Føderationsaftalen er godkendt.');
  await rent(laura, 'foederation-aftale');
  await menu(laura, 'Føderation');
  await overskrift(laura, 'Føderation');
  await rent(laura, 'foederation-leverandoer');

  const stored = () => politik().foederationsaftaler.find(({ uuid }) => uuid === id);
  assert.deepEqual([stored().myndighed, stored().tilstand, stored().leverandoer_ja], ['11223344', 'GODKENDT', true]);
  assert.equal(politik().systemer.find(({ navn: its }) => its === navn).metadata.entity_id, vaert);

  await menu(jens, 'Føderation');
  await overskrift(jens, 'Føderation');
  await rent(jens, 'foederation-matrix');
  await menu(jens, 'Føderationsaftaler');
  await overskrift(jens, 'Føderationsaftaler');
  await rent(jens, 'foederation-liste');
  await jens.goto(aftale);
  await link(jens, 'Afslut').click();
  await overskrift(jens, 'Afslut føderationsaftale');
  await rent(jens, 'foederation-afslut');
  await jens.getByLabel('Årsag').fill('Vagten er nedlagt');
  await jens.getByLabel(/^Ja, afslut/).check();
  await knap(jens, 'Afslut').click();
  await besked(jens, 'Føderationsaftalen er afsluttet.');
  assert.equal(stored().tilstand, 'OPHØRT');
});
