// <button type="button" hidden data-f="copy" data-copy="id-of-element">: copies that element's text or value.

/** The button shows only where there is a clipboard to copy to. */
export function mount(button: HTMLElement): void {
  button.hidden = !navigator.clipboard;
}

export function listen(): void {
  document.addEventListener('click', async (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>('[data-f="copy"]');
    const source = button && document.getElementById(button.dataset.copy ?? '');
    if (!button || !source) return;
    const text = 'value' in source ? String(source.value) : source.textContent ?? '';
    await navigator.clipboard.writeText(text.trim());
    const word = button.querySelector('span') ?? button;
    const before = word.textContent;
    word.textContent = 'Kopieret';
    button.setAttribute('aria-live', 'polite');
    setTimeout(() => { word.textContent = before; }, 2000);
  });
}
