// No mouse: from the login to an approval with Tab, Enter and letters alone, and the focus is always to be seen.

import assert from 'node:assert/strict';
import { anmod, besked, bruger, certifikat, demo, fremmed, ind, kald_afvises, kald_lykkes, nyt, overskrift, rejse, tilslut } from '../rejse.mjs';

/** Presses Tab until something with this name has the focus; every stop on the way can be seen. */
async function tab_til(page, name) {
  const passeret = [];
  for (let nr = 0; nr < 80; nr++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const one = document.activeElement;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      const { width, height } = one.getBoundingClientRect();
      return {
        name: (one.labels?.[0] ?? one).textContent.trim().replace(/\s+/g, ' ') || one.getAttribute('aria-label') || one.tagName,
        seen: ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') && width > 0 && height > 0,
      };
    });
    assert.ok(stop.seen, `the focus is not to be seen on '${stop.name}' of ${page.url()}`);
    if (name.test(stop.name)) return;
    passeret.push(stop.name);
  }
  assert.fail(`Tab does not reach ${name}: ${passeret.join(' | ')}`);
}

rejse('With the keyboard alone, Gunnar logs in, finds the request and approves it', async () => {
  const navn = nyt('Tastatur');
  const system = certifikat(navn);
  const laura = await ind('laura');
  await tilslut(laura, navn, system);
  await anmod(laura, navn, navn);
  await kald_afvises(system, /er ANMODET/);

  const gunnar = await fremmed(demo.admin);
  const { username, password } = bruger('gunnar');
  await tab_til(gunnar, /^E-mail/);
  await gunnar.keyboard.type(username);
  await tab_til(gunnar, /^Adgangskode/);
  await gunnar.keyboard.type(password);
  await gunnar.keyboard.press('Enter');
  await overskrift(gunnar, /^Goddag/);

  await tab_til(gunnar, /^Serviceaftaler$/);
  await gunnar.keyboard.press('Enter');
  await overskrift(gunnar, 'Serviceaftaler');
  await tab_til(gunnar, /^Spring til indhold/);
  await gunnar.keyboard.press('Enter');
  await tab_til(gunnar, /^Til godkendelse/);
  await gunnar.keyboard.press('Enter');
  await gunnar.getByRole('region', { name: 'Til godkendelse' }).waitFor();
  const nummer = await gunnar.getByRole('row', { name: new RegExp(navn) }).getByRole('cell').first().innerText();
  await tab_til(gunnar, new RegExp(`^Behandl ${nummer}`));
  await gunnar.keyboard.press('Enter');
  await overskrift(gunnar, `Godkend: ${navn}`);
  await tab_til(gunnar, /^Godkend$/);
  await gunnar.keyboard.press('Enter');
  await besked(gunnar, 'Serviceaftalen er godkendt.');
  await kald_lykkes(system);
});
