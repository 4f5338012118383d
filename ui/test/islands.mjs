// What the islands do, what htmx does under the policy, and that the frame works with script switched off.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { FLAGS } from './look.mjs';
import { serve } from './serve.mjs';

const { address, stop } = await serve(fileURLToPath(new URL('..', import.meta.url)));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

async function check(name, options, body) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(error.message));
  await body(page, (path) => page.goto(`${address}/${path}.html`));
  assert.deepEqual(complaints, [], name);
  await context.close();
  console.log(`ok  ${name}`);
}

await check('a slash goes to the search field', {}, async (page, open) => {
  await open('forside');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'soeg');
});
await check('the box in the head chooses all rows', {}, async (page, open) => {
  await open('serviceaftaler');
  await page.click('[data-f="select-all"]');
  assert.equal(await page.locator('tbody .f-check:checked').count(), 4);
  assert.equal(await page.textContent('[data-f="bulk-count"]'), '4 valgt');
});
await check('htmx swaps the list under the policy, and islands take hold of what is new', {}, async (page, open) => {
  await open('serviceaftaler');
  await page.evaluate(() => { document.querySelector('#resultat').dataset.old = 'yes'; });
  await page.selectOption('[name="tilstand"]', 'Anmodet');
  await page.click('text=Filtrér');
  await page.waitForFunction(() => !document.querySelector('#resultat').dataset.old);
  await page.waitForFunction(() => !document.querySelector('[data-f="select-all"]').hidden);
  assert.match(page.url(), /tilstand=Anmodet/);
});
await check('the filter keeps what is chosen in sight', {}, async (page, open) => {
  await open('tilslut-it-system');
  await page.fill('#myn-q', 'fjord');
  assert.equal(await page.locator('.f-picker__list > li:visible').count(), 2);
  assert.match(await page.textContent('.f-picker__count'), /2 af 5 vises · 1 valgt/);
});
await check('a private key does not reach the certificate field', {}, async (page, open) => {
  await open('it-system');
  const file = (text) => ({ name: 'a.pem', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await page.setInputFiles('#fil', file('-----BEGIN PRIVATE KEY-----'));
  await page.waitForFunction(() => document.querySelector('[data-f="certificate-said"]').textContent.includes('C-104'));
  assert.equal(await page.inputValue('#pem'), '');
  await page.setInputFiles('#fil', file('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'));
  await page.waitForFunction(() => document.querySelector('#pem').value.startsWith('-----BEGIN CERTIFICATE'));
});
await check('copying puts the identifier on the clipboard', {}, async (page, open) => {
  await open('it-system');
  await page.click('[data-copy="uuid"]');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '5b0e4c7a-2f16-4c85-9d0b-c1f3a7e62d94');
});
await check('leaving a changed form is asked about', {}, async (page, open) => {
  await open('bruger');
  await page.fill('#sag', '2026-1');
  const asked = page.waitForEvent('dialog').then((dialog) => dialog.accept());
  await page.click('.f-crumbs a');
  await asked;
});
await check('without script: menu, panels and sections open', { javaScriptEnabled: false, viewport: { width: 320, height: 800 } }, async (page, open) => {
  await open('godkend-serviceaftale');
  await page.click('.f-menu__open');
  assert.ok(await page.locator('#menu a', { hasText: 'Serviceaftaler' }).isVisible());
  await page.click('.f-menu__close');
  await page.click('.f-party > summary');
  assert.ok(await page.locator('.f-party button').first().isVisible());
  await page.click('text=Returnér med spørgsmål');
  assert.ok(await page.locator('#spm').isVisible());
});
await check('at 200 % zoom nothing scrolls sideways', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }, async (page, open) => {
  for (const path of ['forside', 'serviceaftaler', 'godkend-serviceaftale', 'serviceaftale']) {
    await open(path);
    assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), path);
  }
});

await browser.close();
stop();
