// Opens pages in Chromium and says what is wrong with them: axe's rules, a page that scrolls sideways, anything the
// console or the content security policy complains of. Made for any address.

import { chromium } from 'playwright-core';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The world it runs in. */
const WORLD = 'axe';
export const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
export const SIZES = [{ width: 1280, height: 900 }, { width: 320, height: 800 }];
export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/**
 * Looks at each page at each size.
 *
 * @param {string[]} urls
 * @param {object} options
 * @param {object|string} [options.storageState] a logged-in state as Playwright keeps it
 * @param {string} [options.shots] folder for full-page pictures
 * @param {string[]} [options.expect] console messages that are meant to be there, such as the status of an error page
 * @param {string} [options.chromium] path of the browser
 * @param {import('playwright-core').Browser} [options.browser] a browser that runs already, and goes on running
 * @returns {Promise<{url: string, width: number, faults: string[]}[]>} one entry per page and size
 */
export async function look(urls, { storageState, shots, expect = [], chromium: path = process.env.CHROMIUM ?? '/usr/bin/chromium', browser: running } = {}) {
  if (shots) await mkdir(shots, { recursive: true });
  const browser = running ?? await chromium.launch({ executablePath: path, args: FLAGS });
  const seen = [];
  try {
    // Every size at once, in a context of its own.
    await Promise.all(SIZES.map(async (viewport) => {
      const context = await browser.newContext({ viewport, storageState, locale: 'da-DK', reducedMotion: 'reduce' });
      // One tab for all of them: a tab is a process, and starting one takes as long as looking at a page.
      const page = await context.newPage();
      const client = await context.newCDPSession(page);
      await client.send('Page.enable');
      await client.send('Page.addScriptToEvaluateOnNewDocument', { source: AXE, worldName: WORLD });
      let found;
      const complain = (text) => { if (!expect.some((one) => text.includes(one))) found.push(text); };
      page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complain(`console: ${message.text()}`); });
      page.on('pageerror', (error) => complain(`script: ${error.message}`));
      page.on('requestfailed', (request) => complain(`request: ${request.url()} ${request.failure()?.errorText}`));
      for (const url of urls) {
        found = [];
        await lookAt(page, url, found, shots && join(shots, `${name(url)}-${viewport.width}.png`));
        seen.push({ url, width: viewport.width, faults: found });
      }
      await context.close();
    }));
  } finally {
    if (!running) await browser.close();
  }
  return seen;
}

/** What is wrong with a page as it stands: what makes it too wide, and the rules of accessibility it breaks. */
export async function faults(page) {
  const found = [];
  const wide = await page.evaluate(() => {
    const over = document.scrollingElement.scrollWidth - innerWidth;
    if (over <= 0) return null;
    const culprit = [...document.querySelectorAll('body *')].find((one) =>
      one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.f-scroll, [popover], .sr-only, svg'));
    return `the page is ${over} px wider than the window: ${culprit?.outerHTML.slice(0, 120) ?? 'unknown'}`;
  });
  if (wide) found.push(wide);

  // Run in a world of its own, so that the page's policy stays as strict as it is served. It is half a megabyte, and in `look` there
  // before the page is.
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send('Page.getFrameTree');
  const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: WORLD });
  const { result: there } = await client.send('Runtime.evaluate', { contextId: executionContextId, expression: 'typeof axe' });
  if (there.value === 'undefined') await client.send('Runtime.evaluate', { contextId: executionContextId, expression: AXE });
  const { result } = await client.send('Runtime.evaluate', {
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
    expression: `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })
      .then(({ violations }) => JSON.stringify(violations.map(({ id, help, nodes }) =>
        ({ id, help, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' — ' + failureSummary.replace(/\\s+/g, ' ').slice(0, 240)) }))))`,
  });
  for (const { id, help, nodes } of JSON.parse(result.value)) found.push(`axe ${id}: ${help}\n      ${nodes.join('\n      ')}`);
  await client.detach();
  return found;
}

async function lookAt(page, url, found, shot) {
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  found.push(...await faults(page));
  if (shot) await page.screenshot({ path: shot, fullPage: true });
}

/** What a picture of a page is called. */
function name(url) {
  const { pathname, search } = new URL(url);
  return (pathname + search).replace(/^\/|\.html$/g, '').replace(/[^\w.=-]+/g, '-') || 'index';
}
