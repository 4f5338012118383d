/** Dropped panels (`details.f-drop`) close by Escape, and by a click or focus elsewhere. */
export function listen(): void {
  const closeExcept = (kept: Node | null) => {
    for (const panel of document.querySelectorAll<HTMLDetailsElement>('details.f-drop[open]')) {
      if (!panel.contains(kept)) panel.open = false;
    }
  };
  document.addEventListener('click', (event) => closeExcept(event.target as Node));
  document.addEventListener('focusin', (event) => closeExcept(event.target as Node));
  document.addEventListener('keydown', (event) => {
    const panel = (event.target as HTMLElement).closest<HTMLDetailsElement>('details.f-drop[open]');
    if (event.key !== 'Escape' || !panel) return;
    panel.open = false;
    panel.querySelector('summary')?.focus();
  });
}
