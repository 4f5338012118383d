// <form data-f="passkey" data-passkey="get" data-options="…" hidden>: asks the browser for a passkey, or for a new one with
// "create", puts the answer in the field "svar", and sends the form. The form shows only where the browser can.

type Json = {
  parseCreationOptionsFromJSON?: (json: unknown) => PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?: (json: unknown) => PublicKeyCredentialRequestOptions;
};

export function mount(form: HTMLElement): void {
  const can = window.PublicKeyCredential as unknown as Json | undefined;
  const answer = form.querySelector<HTMLInputElement>('input[name="svar"]');
  if (!(form instanceof HTMLFormElement) || !answer || !can?.parseCreationOptionsFromJSON || !can.parseRequestOptionsFromJSON) return;
  const said = form.querySelector<HTMLElement>('[data-f="passkey-said"]');
  form.hidden = false;

  const ask = (): Promise<Credential | null> => {
    const options: unknown = JSON.parse(form.dataset.options ?? '{}');
    return form.dataset.passkey === 'create'
      ? navigator.credentials.create({ publicKey: can.parseCreationOptionsFromJSON!(options) })
      : navigator.credentials.get({ publicKey: can.parseRequestOptionsFromJSON!(options) });
  };
  form.addEventListener('submit', async (event) => {
    if (answer.value) return;
    event.preventDefault();
    try {
      const credential = await ask() as (Credential & { toJSON(): unknown }) | null;
      if (!credential) return;
      answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      // Whoever changes his mind, and a browser that finds no passkey, end here alike.
      if (said) said.textContent = 'Adgangsnøglen blev ikke brugt. Prøv igen, eller vælg en anden måde.';
    }
  });
}
