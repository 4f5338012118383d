/** The browser asks before one leaves a `form[data-f="unsaved"]` that has been changed and not sent. */
export function listen(): void {
  const changed = new Set<HTMLFormElement>();
  document.addEventListener('input', (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>('form[data-f="unsaved"]');
    if (form) changed.add(form);
  });
  document.addEventListener('submit', () => changed.clear());
  window.addEventListener('beforeunload', (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
