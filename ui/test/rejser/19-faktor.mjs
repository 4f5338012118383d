// Somebody new enrols codes and a passkey, and enters with each: the password alone is no longer enough.

import { createHmac } from 'node:crypto';
import { afvist, besked, demo, fremmed, ind, knap, konto, link, log_ind, nyt, overskrift, rejse, rent, vaelg_adgangskode } from '../rejse.mjs';

const KODE = 'fjorten grønne cykler';

/** The code an app shows for a secret so many steps of 30 seconds from now (RFC 6238: SHA-1, six digits). */
function engangskode(hemmelig, skridt = 0) {
  const tegn = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...hemmelig.replaceAll(' ', '')].map((et) => tegn.indexOf(et).toString(2).padStart(5, '0')).join('');
  const noegle = Buffer.from(bits.match(/.{8}/g).map((otte) => parseInt(otte, 2)));
  const taeller = Buffer.alloc(8);
  taeller.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + skridt));
  const hash = createHmac('sha1', noegle).update(taeller).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

rejse('A new colleague enrols codes and a passkey, and enters with each', async () => {
  const email = `${nyt('frode').replace(' ', '.')}@korsbaek.example`;
  const agnes = await ind('agnes');
  await agnes.goto(`${demo.admin}/brugere/ny`);
  await agnes.getByLabel('Navn', { exact: true }).fill(nyt('Frode Faktor'));
  await agnes.getByLabel('E-mail', { exact: true }).fill(email);
  await knap(agnes, 'Opret bruger').click();
  const invitation = await agnes.locator('#link').innerText();
  await link(agnes, 'Tildel roller').click();
  await agnes.getByLabel('Rolle', { exact: true }).selectOption('LÆS');
  await knap(agnes, 'Tildel rolle').click();
  await besked(agnes, 'Rollen Læseadgang er tildelt.');
  const frode = await fremmed(invitation);
  await vaelg_adgangskode(frode, KODE);

  // Codes by time.
  await konto(frode, 'Login og sessioner');
  await link(frode, 'Tilmeld engangskoder').click();
  const hemmelig = await frode.locator('#noegle').innerText();
  await rent(frode, 'engangskoder');
  await frode.getByLabel('Kode på 6 cifre').fill('000000');
  await afvist(frode, () => knap(frode, 'Tilmeld engangskoder').click(), 422, 'L-001');
  await rent(frode, 'engangskoder-fejl');
  const brugt = engangskode(hemmelig, -1);
  await frode.getByLabel('Kode på 6 cifre').fill(brugt);
  await knap(frode, 'Tilmeld engangskoder').click();
  await besked(frode, 'Engangskoderne er tilmeldt.');

  // The password is not enough, and a code is good once.
  const igen = await fremmed(demo.admin);
  await log_ind(igen, email, KODE);
  await overskrift(igen, 'Engangskode');
  await rent(igen, 'kode');
  await igen.goto(`${demo.admin}/opgaver`);
  await overskrift(igen, 'Log ind');
  await log_ind(igen, email, KODE);
  await igen.getByLabel('Kode på 6 cifre').fill(brugt);
  await afvist(igen, () => knap(igen, 'Log ind').click(), 422, 'L-001');
  await rent(igen, 'kode-fejl');
  await igen.getByLabel('Kode på 6 cifre').fill(engangskode(hemmelig));
  await knap(igen, 'Log ind').click();
  await overskrift(igen, 'Opgaver');

  // A passkey, kept by an authenticator of the browser's own; looking at a page would take it away.
  const client = await igen.context().newCDPSession(igen);
  await client.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await client.send('WebAuthn.addVirtualAuthenticator', { options });
  await konto(igen, 'Login og sessioner');
  await knap(igen, 'Tilmeld adgangsnøgle').click();
  await besked(igen, 'Adgangsnøglen er tilmeldt.');
  await igen.locator('summary', { hasText: 'konto' }).click();
  await knap(igen, 'Log ud').click();
  await log_ind(igen, email, KODE);
  await knap(igen, 'Brug adgangsnøgle').click();
  await overskrift(igen, /^Goddag/);
  await konto(igen, 'Login og sessioner');
  await rent(igen, 'faktorer');
});
