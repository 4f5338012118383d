// Everybody of the demo follows every link there is for him: no link leads to a refusal, nothing
// complains, nothing scrolls sideways, wide or narrow, and pages are light. No rule of accessibility is broken; for that, a
// page of a kind that was seen before is looked at again only if it has a part that was not, unless ALLE is set.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afvist, anmod, besked, billeder, bruger, certifikat, chrome, demo, fremmed, ind, knap, link, menu, nyt, rejse, rent, sammen, tilslut } from '../rejse.mjs';
import { look } from '../look.mjs';

const KIB = 1024;
const FIRST = 300 * KIB;
const LATER = 50 * KIB;
/** So many of a kind are opened: two users, two agreements may differ. */
const AF_SLAGSEN = 2;

/** Pages that look like another by their address, and are not. */
const startsteder = {};

/** The same page about something else is a page of the same kind. */
const slags = (url) => {
  const { pathname, searchParams } = new URL(url);
  const fane = searchParams.get('fane') ?? '';
  return `${pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}/g, '*')}?${fane}`;
};

const set = new Set();

/** Whether this is a page of a new kind, or has a part that no page had. */
async function ny_form(page) {
  const dele = await page.evaluate(() => [...new Set([...document.querySelectorAll('body *')].map((one) =>
    [one.tagName, one.className.baseVal ?? one.className, ...one.getAttributeNames()].join(' ')))]);
  const nye = [slags(page.url()), ...dele].filter((del) => !set.has(del));
  for (const del of nye) set.add(del);
  return process.env.ALLE || nye.length > 0;
}

/** The pages of ours this page has links to. */
const links = (page, where) => page.locator(`${where} a[href]`).evaluateAll((all) => all.map((one) => {
  const url = new URL(one.href);
  url.hash = '';
  return url.href;
}).filter((url) => url.startsWith(`${location.origin}/admin`) && !/\.(csv|toml|pdf)(\?|$)/.test(url)));

/** Opens a page, and tells its status and how much came over the wire for it. */
async function vej(page, url) {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  let bytes = 0;
  client.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  const answer = await page.goto(url, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  await client.detach();
  return { url, status: answer.status(), bytes };
}

rejse('Things to look at: a request that waits, and a draft', async () => {
  const navn = nyt('Tilsyn');
  const laura = await ind('laura');
  await tilslut(laura, navn, certifikat(navn));
  await anmod(laura, navn, navn);
  await menu(laura, 'Serviceaftaler');
  await link(laura, 'Anmod om serviceaftale').click();
  await laura.getByLabel('Navn', { exact: true }).fill(`${navn} igen`);
  await knap(laura, 'Næste: System').click();
  await laura.getByRole('radio', { name: navn }).check();
  await knap(laura, 'Næste: Myndigheder').click();
  await besked(laura, 'Kladden er gemt.');
  startsteder.laura = [1, 2, 3, 4, 5, 6, 7].map((trin) => laura.url().replace(/\d$/, trin));
});

rejse('The login is light, and free of faults', async () => {
  const page = await fremmed('about:blank');
  const { bytes } = await vej(page, `${demo.admin}/login`);
  assert.ok(bytes > KIB && bytes < FIRST, `the first load of the login is ${bytes} bytes`);
  await rene([`${demo.admin}/login`], undefined, 'ingen');
});

rejse('Refusals, faulty forms and what a link opens are free of faults', async () => {
  const agnes = await ind('agnes');
  const storageState = await agnes.context().storageState();
  await agnes.goto(`${demo.admin}/brugere/ny`);
  await agnes.getByLabel('Navn', { exact: true }).fill(nyt('Gæst Gregersen'));
  await agnes.getByLabel('E-mail', { exact: true }).fill(`${nyt('gaest').replace(' ', '.')}@korsbaek.example`);
  await knap(agnes, 'Opret bruger').click();
  const invitation = await agnes.locator('#link').innerText();
  await rene([invitation, `${demo.admin}/adgang/findes-ikke`, `${demo.admin}/login/kode`, `${demo.admin}/findes-ikke`], undefined, 'fremmed');
  const laura = await ind('laura');
  await rene([`${demo.admin}/findes-ikke`, `${demo.admin}/log?fra=i+morgen`, `${demo.admin}/brugere/${randomUUID()}`], storageState, 'agnes');
  await rene([`${demo.admin}/serviceaftaler/anmod?trin=2&navn=`, `${demo.admin}/jobfunktionsroller/ny`],
    await laura.context().storageState(), 'laura');

  // What only a form that was sent shows: a faulty one, one that came too late, and a link that is shown once.
  await rent(agnes, 'invitation');
  await agnes.goto(`${demo.admin}/brugere/ny`);
  await afvist(agnes, () => knap(agnes, 'Opret bruger').click(), 422, 'A-006');
  await rent(agnes, 'fejl');
  await agnes.goto(`${demo.admin}/indstillinger`);
  await agnes.locator('[name="maerke"]').evaluate((felt) => { felt.value = 'gammelt'; });
  await afvist(agnes, () => knap(agnes, 'Gem indstillinger').click(), 409, 'A-005');
  await rent(agnes, 'overhalet');
  const ude = await fremmed(demo.admin);
  await ude.getByLabel('E-mail').fill(bruger('lone').username);
  await ude.getByLabel('Adgangskode').fill('forkert adgangskode');
  await afvist(ude, () => knap(ude, 'Fortsæt').click(), 422, 'L-001');
  await rent(ude, 'login');
});

sammen('Everybody looks', () => {
  for (const { username, name } of demo.users) {
    const hvem = username.split('@')[0];
    rejse(`${name} looks at every page there is`, async () => {
      const page = await ind(hvem);
      const storageState = await page.context().storageState();
      // A browser that has nothing of ours yet.
      const ny = await fremmed('about:blank', { storageState });
      const sider = new Map();
      const besoeg = async (url) => {
        const ligner = [...sider.keys()].filter((one) => slags(one) === slags(url)).length;
        if (sider.has(url) || ligner >= AF_SLAGSEN) return;
        const side = await vej(ny, url);
        sider.set(url, side);
        assert.equal(side.status, 200, `${url} is linked to, and answers ${side.status}`);
        // What is written in a page can make it too wide, whatever it is made of.
        for (const width of [320, 1280]) {
          await ny.setViewportSize({ width, height: 900 });
          const over = await ny.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
          assert.ok(over <= 0, `${url} is ${over} px wider than a window of ${width}`);
        }
        side.links = await links(ny, 'main');
        side.ny = await ny_form(ny);
      };
      await besoeg(demo.admin);
      const [forside] = sider.values();
      assert.ok(forside.bytes > 20 * KIB && forside.bytes < FIRST, `the first load is ${forside.bytes} bytes`);
      for (const url of await links(ny, '.f-frame')) await besoeg(url);
      for (const url of startsteder[hvem] ?? []) await besoeg(url);
      // A page found on the way is reached as well.
      for (const { links: alle } of sider.values()) for (const url of alle) await besoeg(url);

      const senere = [...sider.values()].slice(1).sort((a, b) => b.bytes - a.bytes);
      assert.ok(senere.length > 5, 'hardly a page was found');
      const [tungest] = senere;
      console.log(`    ${hvem}: ${sider.size} pages; first load ${(forside.bytes / KIB).toFixed(1)} KiB, then at most ${
        (tungest.bytes / KIB).toFixed(1)} KiB (${slags(tungest.url)})`);
      assert.ok(tungest.bytes > KIB && tungest.bytes < LATER, `${tungest.url} is ${tungest.bytes} bytes`);
      await rene([...sider.values()].filter((one) => one.ny).map(({ url }) => url), storageState, hvem);
    });
  }
});

/** Nothing is wrong with these pages, at any size. */
async function rene(urls, storageState, hvem) {
  const sete = await look(urls, { storageState, browser: await chrome(), shots: billeder && join(billeder, hvem), expect: ['the server responded with a status of 4'] });
  assert.ok(sete.length >= 2 * urls.length);
  console.log(`    ${hvem}: ${sete.length} views, wide and narrow`);
  const fejl = sete.filter(({ faults }) => faults.length);
  assert.deepEqual(fejl.map(({ url, width, faults }) => `${new URL(url).pathname} at ${width} px: ${faults.join('\n')}`), []);
}
