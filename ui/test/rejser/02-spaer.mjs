// An authority stops an it-system at once, and lets it in again; the agreement's log remembers both.

import { besked, i_drift, ind, kald_afvises, kald_lykkes, knap, link, nyt, rejse } from '../rejse.mjs';

rejse('Gunnar blocks an agreement with a reason, and lifts it; the log names him', async () => {
  const system = await i_drift(nyt('Spærresag'));
  const gunnar = await ind('gunnar');
  await gunnar.goto(system.aftale);
  await gunnar.getByRole('link', { name: /^Spær nu/ }).click();
  await gunnar.getByLabel('Årsag').fill('Mistanke om misbrug');
  await gunnar.getByLabel(/^Ja, spær/).check();
  await knap(gunnar, 'Spær nu').click();
  await besked(gunnar, 'Aftalen er spærret.');
  await gunnar.getByRole('row', { name: /Korsbæk Kommune/ }).getByText('Mistanke om misbrug').waitFor();
  await kald_afvises(system, /spær/);

  await gunnar.getByRole('link', { name: /^Ophæv spærring/ }).click();
  await gunnar.getByLabel(/^Ja, ophæv/).check();
  await knap(gunnar, 'Ophæv spærringen').click();
  await besked(gunnar, 'Spærringen er ophævet.');
  await kald_lykkes(system);

  await link(gunnar, 'Historik').click();
  const linje = (hvad) => gunnar.getByRole('listitem').filter({ hasText: hvad }).filter({ hasText: 'Gunnar Holm' });
  await linje(/spær.*Mistanke om misbrug/is).first().waitFor();
  await linje(/ophæv/i).first().waitFor();
});
