// A supplier connects an it-system; it may call when, and not before, the authority has approved.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { anmod, besked, certifikat, ind, kald_afvises, kald_lykkes, knap, link, menu, nyt, opgave, overskrift, rejse, rent, tilslut } from '../rejse.mjs';

rejse('Laura connects Omsorg and asks; it may call once Gunnar has approved', async () => {
  const navn = nyt('Omsorg');
  const omsorg = certifikat(navn);
  await kald_afvises(omsorg, /certifikatet er ikke registreret/);

  const laura = await ind('laura');
  await tilslut(laura, navn, omsorg);
  await laura.getByRole('row', { name: navn }).getByText('Aktiv', { exact: true }).waitFor();
  await kald_afvises(omsorg, /ingen gældende serviceaftale/);

  await anmod(laura, navn, navn);
  const aftale = laura.url();
  await laura.getByRole('row', { name: /Korsbæk Kommune/ }).getByText('Anmodet', { exact: true }).waitFor();
  await kald_afvises(omsorg, /er ANMODET/);

  const gunnar = await ind('gunnar');
  await opgave(gunnar, navn);
  await overskrift(gunnar, `Godkend: ${navn}`);
  const kort = await gunnar.getByRole('region', { name: 'Kort fortalt' }).innerText();
  for (const part of [navn, 'Matador', 'Korsbæk Kommune', 'Udstil', 'Fordeling af sager til enheder']) {
    assert.ok(kort.includes(part), `the card does not say ${part}: ${kort}`);
  }
  const virkninger = gunnar.getByRole('region', { name: 'Hvad ændrer sig, hvis du godkender?' });
  await virkninger.getByText(new RegExp(navn)).first().waitFor();
  await kald_afvises(omsorg, /er ANMODET/);

  await knap(gunnar, 'Godkend').click();
  await besked(gunnar, 'Serviceaftalen er godkendt.');
  await kald_lykkes(omsorg);

  await menu(gunnar, /^Opgaver/);
  await overskrift(gunnar, 'Opgaver');
  assert.equal(await gunnar.getByRole('link', { name: new RegExp(navn) }).count(), 0, 'the task is still there');
  await laura.goto(aftale);
  await laura.getByRole('row', { name: /Korsbæk Kommune/ }).getByText(/Godkendt|Aktiv/).waitFor();

  // What was used of it, and what was refused before; counted a moment after the answer.
  await link(laura, 'Forbrug').click();
  for (let forsoeg = 0; !(await laura.getByText(/Aftalen er brugt \d+ gang/).count()); forsoeg++) {
    assert.ok(forsoeg < 30, 'the call is not counted');
    await laura.waitForTimeout(500);
    await laura.reload();
  }
  await laura.getByRole('img', { name: /Kald pr. dag/ }).waitFor();
  await rent(laura, 'forbrug');
  const hentes = laura.waitForEvent('download');
  await link(laura, 'Hent som PDF').click();
  const pdf = execFileSync('pdftotext', ['-layout', await (await hentes).path(), '-'], { encoding: 'utf8' });
  for (const del of [navn, 'Matador', 'Korsbæk Kommune', 'Udstil', 'Fordeling af sager til enheder']) {
    assert.ok(pdf.includes(del), `${del} is not in ${pdf}`);
  }
  await link(laura, /^Forklar (?!afvisning)/).first().click();
  await overskrift(laura, 'Forklar afvisning');
  await laura.getByText('Afvist', { exact: true }).first().waitFor();
});
