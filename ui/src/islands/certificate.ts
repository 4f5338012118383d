// <div class="f-drop-zone" data-f="certificate">: a certificate is pasted, chosen as a file, or dropped anywhere on the zone.
//
// The text field is what is sent. A private key never leaves the browser: it is refused before it reaches the field.

const TOO_LARGE = 64 * 1024;

export function mount(zone: HTMLElement): void {
  const text = zone.querySelector('textarea');
  const file = zone.querySelector<HTMLInputElement>('input[type="file"]');
  const said = zone.querySelector<HTMLElement>('[data-f="certificate-said"]');
  if (!text || !file || !said) return;

  const read = async (chosen: File) => {
    if (chosen.size > TOO_LARGE) return say('Filen er for stor til at være et certifikat.');
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const content = new TextDecoder('latin1').decode(bytes);
    if (/PRIVATE KEY/.test(content)) {
      file.value = '';
      return say('Filen indeholder en privat nøgle. Vælg kun den offentlige del. Filen er ikke sendt. (C-104)');
    }
    text.value = content.includes('BEGIN CERTIFICATE') ? content.trim() : pem(bytes);
    file.value = '';
    text.dispatchEvent(new Event('input', { bubbles: true }));
    say(`${chosen.name} er sat ind. Se efter, og gem.`);
  };
  const say = (message: string) => { said.textContent = message; };

  file.addEventListener('change', () => { if (file.files?.[0]) void read(file.files[0]); });
  text.addEventListener('input', () => {
    if (!/PRIVATE KEY/.test(text.value)) return;
    text.value = '';
    say('Teksten indeholdt en privat nøgle og er fjernet. Indsæt kun certifikatet. (C-104)');
  });
  for (const kind of ['dragenter', 'dragover']) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add('f-over'); });
  }
  for (const kind of ['dragleave', 'drop']) zone.addEventListener(kind, () => zone.classList.remove('f-over'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) void read(dropped);
  });
}

/** A binary certificate as text in lines of 64. */
function pem(bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n').trim()}\n-----END CERTIFICATE-----`;
}
