/** `/` goes to the search field, as long as one is not writing somewhere. */
export function listen(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target as HTMLElement;
    if (at.isContentEditable || at.matches('input, textarea, select')) return;
    const field = document.querySelector<HTMLInputElement>('[data-f="search"]');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
