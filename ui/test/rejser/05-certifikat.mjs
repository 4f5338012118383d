// A certificate is changed without a call being lost: the new one is added beside the old, then the old is revoked.

import { besked, certifikat, i_drift, ind, kald_afvises, kald_lykkes, knap, link, menu, nyt, rejse, tilfoej } from '../rejse.mjs';

rejse('Tage adds a second certificate, both may call; Laura revokes the first, the second still may', async () => {
  const navn = nyt('Certifikatskift');
  const gammelt = await i_drift(navn);
  const nyt_certifikat = certifikat(`${navn} nyt`);
  await kald_afvises(nyt_certifikat, /certifikatet er ikke registreret/);

  const paa_system = async (page) => {
    await menu(page, 'It-systemer');
    await link(page, navn).click();
  };
  const tage = await ind('tage');
  await paa_system(tage);
  await tilfoej(tage, nyt_certifikat.pem);
  await kald_lykkes(nyt_certifikat);
  await kald_lykkes(gammelt);

  const laura = await ind('laura');
  await paa_system(laura);
  await link(laura.getByRole('navigation', { name: 'It-system' }), /^Certifikater/).click();
  await link(laura, `Tilbagekald ${navn}`).click();
  await laura.getByText(`${navn} har et andet gyldigt certifikat`).waitFor();
  await laura.getByLabel('Årsag').fill('Nøglen er skiftet');
  await knap(laura, 'Tilbagekald').click();
  await besked(laura, 'Certifikatet er tilbagekaldt.');
  await laura.getByText('Tilbagekaldt', { exact: true }).waitFor();
  await kald_afvises(gammelt, /tilbagekaldt/);
  await kald_lykkes(nyt_certifikat);
});
