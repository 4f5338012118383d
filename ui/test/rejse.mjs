// What every journey needs: people in a real browser, certificates, and the call an it-system makes.
// A journey begins with a click in the Administrationsmodul and ends with an effect outside of it.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import { X509Certificate, createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { FLAGS, SIZES, faults } from './look.mjs';

/** The running demo, as its own file tells of it. */
export const demo = JSON.parse(readFileSync(process.env.FUNDAMENT_DEMO ?? new URL('../../data/demo.json', import.meta.url), 'utf8'));
/** Longest wait for anything that is to happen on a page. */
const PATIENCE = 20_000;
/** Where certificates lie while they are used. */
const folder = mkdtempSync(join(tmpdir(), 'rejser-'));
/** Where pictures go. */
const shots = process.env.SHOTS ?? join(folder, 'billeder');
/** Where pictures of every page that is looked at go, when somebody asked for them: a picture of a long page takes as long as looking at it. */
export const billeder = process.env.SHOTS;

let browser;
after(async () => (await browser)?.close());
/** Every page the journey at hand has open. */
const aabne = new AsyncLocalStorage();

/** A journey. Where it ends too early, a picture of every open page tells how far it came. */
export function rejse(name, journey) {
  test(name, () => aabne.run(new Set(), async () => {
    const open = aabne.getStore();
    try {
      await journey();
      for (const page of open) assert.deepEqual(page.faults, [], `the console complains on ${page.url()}`);
    } catch (error) {
      let nr = 0;
      for (const page of open) {
        const path = join(shots, `${name.split(' ')[0]}-${nr++}.png`);
        // Where there is no picture to be had either, what went wrong first is still what is told.
        await page.screenshot({ path, fullPage: true }).catch((reason) => console.error(`    no picture: ${reason.message}`));
        console.error(`    ${page.url()} is shown in ${path}`);
      }
      throw error;
    } finally {
      for (const page of open) await page.context().close();
    }
  }));
}

/** Journeys that only look, and so can be made beside each other. Three on two processors: a page is mostly waited for. */
export const sammen = (name, journeys) => describe(name, { concurrency: 3 }, journeys);

/** The browser all journeys share; every person has a context of their own in it. */
export async function chrome() {
  // The demo's own certificate is trusted, as if it were installed; ignoring faults of certificates would also end caching.
  const { publicKey } = new X509Certificate(readFileSync(join(dirname(demo.ca), 'server.pem')));
  const hash = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, `--ignore-certificate-errors-spki-list=${hash}`],
  });
  return browser;
}

/** A name nothing else in the demo has, so that a journey can be made twice. */
export const nyt = (name) => `${name} ${randomUUID().slice(0, 4)}`;

/** Today as the pages write it. */
export const idag = () => new Intl.DateTimeFormat('da-DK', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'Europe/Copenhagen' })
  .format(new Date()).replaceAll('.', '-');

/** Somebody's password, and everything else the demo tells of them. */
export const bruger = (name) => {
  const found = demo.users.find(({ username }) => username.startsWith(`${name}@`));
  assert.ok(found, `the demo knows nobody called ${name}`);
  return found;
};

/** A page in a fresh browser context. What script and policy complain of is kept in `page.faults`. */
export async function fremmed(url, options = {}) {
  const context = await (await chrome()).newContext({ locale: 'da-DK', viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  return fane(context, url);
}

/** One more tab. */
export async function fane(context, url) {
  const page = await context.newPage();
  page.faults = [];
  aabne.getStore().add(page);
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => {
    // A page that says no has a status that says so; that is no fault of the script.
    const refusal = /Failed to load resource.*status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !refusal) page.faults.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** Somebody of the demo, logged in. */
export async function ind(name, options) {
  const page = await fremmed(demo.admin, options);
  await log_ind(page, bruger(name).username, bruger(name).password);
  await page.getByRole('heading', { level: 1, name: /^Goddag/ }).waitFor();
  return page;
}

/** Fills in the form of the login page. */
export async function log_ind(page, username, password) {
  await page.getByLabel('E-mail').fill(username);
  await page.getByLabel('Adgangskode').fill(password);
  await page.getByRole('button', { name: 'Fortsæt' }).click();
}

export const knap = (page, name) => page.getByRole('button', { name, exact: true });
/** A link by its whole name, or by a pattern. */
export const link = (page, name) => page.getByRole('link', { name, exact: true });
export const menu = (page, name) => page.getByRole('navigation', { name: 'Hovedmenu' }).getByRole('link', { name, exact: true }).click();
/** The message a page shows after something was done. */
export const besked = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();
/** Waits for a heading of the first level. */
export const overskrift = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

/** Does something that opens a page, and gives the answer of the server. */
export async function svar(page, act) {
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().isNavigationRequest() && one.status() !== 303), act(),
  ]);
  await answer.finished();
  return answer;
}

/** Asserts that the server said no, with this status and code, in words. */
export async function afvist(page, act, status, code) {
  const answer = await svar(page, act);
  assert.equal(answer.status(), status);
  await page.getByText(code).first().waitFor();
  assert.ok((await page.getByRole('main').innerText()).length > 40, 'a refusal says why');
}

/** A key and a certificate as a supplier of Matador Data would have them. */
export function certifikat(name, { days = 400, cvr = '33445566' } = {}) {
  const [key, pem] = ['key', 'pem'].map((kind) => join(folder, `${randomUUID()}.${kind}`));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', pem, '-days', String(days), '-utf8',
    '-subj', `/CN=${name}/2.5.4.97=NTRDK-${cvr}/serialNumber=UI:DK-O:G:${randomUUID()}`,
    '-addext', 'keyUsage=critical,digitalSignature', '-addext', 'basicConstraints=critical,CA:false'], { stdio: 'pipe' });
  return { key, pem };
}

const SOEG = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
  <SoegInput xmlns="http://stoettesystemerne.dk/organisation/organisation/6/"><AttributListe/><TilstandListe/><RelationListe/></SoegInput>
</s:Body></s:Envelope>`;

/** The first call of the README, over mutual TLS on a connection of its own. Gives the status and the text of the answer. */
export function kald({ key, pem }) {
  return new Promise((resolve, reject) => {
    const call = request(`${demo.mtls}/organisation/organisation/6`, {
      method: 'POST', agent: false, ca: readFileSync(demo.ca), key: readFileSync(key), cert: readFileSync(pem),
      headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
    }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: answer.statusCode, text })).on('error', reject);
    });
    call.on('error', reject).end(SOEG);
  });
}

/** The role catalogue of an authority, with the demo's certificate for it or one of the journey's own: a function that calls the role interface, and gives the status and what was answered. */
export function katalog(hvis) {
  const { certificate, key } = hvis.pem ? { certificate: hvis.pem, key: hvis.key } : demo.catalogues.find((one) => one.cvr === hvis);
  return (method, path, body) => new Promise((resolve, reject) => {
    const call = request(`${demo.mtls}/stsadmin/xapi${path}`, {
      method, agent: false, ca: readFileSync(demo.ca), key: readFileSync(key), cert: readFileSync(certificate),
      headers: body ? { 'content-type': 'application/json' } : {},
    }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('error', reject)
        .on('end', () => resolve({ status: answer.statusCode, json: text ? JSON.parse(text) : undefined }));
    });
    call.on('error', reject).end(body && JSON.stringify(body));
  });
}

/** The call goes through, and answers with the authority's own Organisation. */
export async function kald_lykkes(system) {
  const { status, text } = await kald(system);
  assert.equal(status, 200, text);
  assert.ok(text.includes(demo.authorities[0].organisation), text);
}

/** The call is refused, as OIO refuses it or, where the caller is nobody, as WS-Security does; and it says why. */
export async function kald_afvises(system, why) {
  const { status, text } = await kald(system);
  if (status === 500) assert.match(text, /wsse:InvalidSecurity/);
  else assert.match(text, /<ns2:StatusKode>41</);
  assert.match(text, why);
  assert.ok(!text.includes(demo.authorities[0].organisation), text);
}

/** Somebody of the supplier connects an it-system and gives it a certificate; ends on its page. */
export async function tilslut(page, name, { pem }) {
  await menu(page, 'It-systemer');
  await link(page, 'Tilslut it-system').click();
  await page.getByLabel('Navn', { exact: true }).fill(name);
  await page.getByLabel('E-mail', { exact: true }).fill('drift@matador.example');
  await page.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(page, 'Gem it-system').click();
  await besked(page, 'It-systemet er gemt.');
  await tilfoej(page, pem);
}

/** Uploads a certificate on the page of an it-system. */
export async function tilfoej(page, pem) {
  await link(page, 'Certifikater').last().click();
  await page.getByLabel('Vælg certifikatfil').setInputFiles(pem);
  await knap(page, 'Tilføj certifikat').click();
  await besked(page, 'Certifikatet er tilføjet.');
}

/** Goes through the wizard: Organisation, Udstil, for Korsbæk Kommune; ends on the page of the sent request. */
export async function anmod(page, name, system) {
  const videre = (step) => knap(page, `Næste: ${step}`).click();
  await menu(page, 'Serviceaftaler');
  await link(page, 'Anmod om serviceaftale').click();
  await page.getByLabel('Navn', { exact: true }).fill(name);
  await videre('System');
  await page.getByRole('radio', { name: system }).check();
  await videre('Myndigheder');
  await page.getByRole('checkbox', { name: /^Korsbæk Kommune/ }).check();
  await videre('Services');
  await page.getByRole('checkbox', { name: /Organisation Roller/ }).check();
  await videre('Parametre');
  await page.getByRole('checkbox', { name: /^Udstil/ }).check();
  await videre('Formål og persondata');
  await page.getByLabel('Begrundelse').fill('Systemet viser, hvilken enhed en borger hører til, så sagen lander det rigtige sted.');
  await page.getByLabel('Formål', { exact: true }).fill('Fordeling af sager til enheder');
  await page.getByLabel('Hjemmel').fill('Forvaltningsloven § 32');
  await page.getByLabel('Databehandleraftale').fill('DBA 2026-17');
  await page.getByLabel('Kontakt ved drift').fill('drift@matador.example');
  await videre('Godkend');
  await page.getByLabel(/Jeg accepterer vilkår/).check();
  await knap(page, 'Send anmodning').click();
  await besked(page, 'Anmodningen er sendt.');
}

/** Opens the task that is about this name. */
export async function opgave(page, name) {
  await menu(page, /^Opgaver/);
  await page.getByRole('rowheader', { name: new RegExp(name) }).getByRole('link').click();
}

/** An entry of the menu behind one's own name. */
export async function konto(page, name) {
  await page.locator('summary', { hasText: 'konto' }).click();
  await link(page, name).click();
}

/** Chooses a password on the page of an invitation or a new login; ends on the front page. */
export async function vaelg_adgangskode(page, password) {
  await page.getByLabel('Adgangskode', { exact: true }).fill(password);
  await page.getByLabel('Adgangskode igen').fill(password);
  await knap(page, 'Gem adgangskode').click();
  await overskrift(page, /^Goddag/);
}

/** A Godkender approves from the task to the button; ends on the list. */
export async function godkend(page, name) {
  await opgave(page, name);
  await overskrift(page, `Godkend: ${name}`);
  await knap(page, 'Godkend').click();
  await besked(page, 'Serviceaftalen er godkendt.');
}

/** All of that: an it-system whose calls go through. Gives its certificate and the address of its agreement. */
export async function i_drift(name) {
  const system = certifikat(name);
  const [laura, gunnar] = [await ind('laura'), await ind('gunnar')];
  await tilslut(laura, name, system);
  await anmod(laura, name, name);
  const aftale = laura.url();
  await godkend(gunnar, name);
  await kald_lykkes(system);
  return { ...system, aftale };
}

/** Nothing is wrong with the page as it stands, at any size; it is left at the size it had. */
export async function rent(page, navn) {
  const vist = page.viewportSize();
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await faults(page), [], `${page.url()} (${navn}) at ${viewport.width} px`);
    if (billeder) await page.screenshot({ path: join(billeder, `${navn}-${viewport.width}.png`), fullPage: true });
  }
  await page.setViewportSize(vist);
}
