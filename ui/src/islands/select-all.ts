// <form data-f="bulk"> around a table of `.f-check` boxes: a box in the head that chooses all, and a count in words.

const rows = (form: Element) => [...form.querySelectorAll<HTMLInputElement>('tbody .f-check')];

function update(form: HTMLElement): void {
  const boxes = rows(form);
  const chosen = boxes.filter((box) => box.checked).length;
  const all = form.querySelector<HTMLInputElement>('[data-f="select-all"]');
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const count = form.querySelector<HTMLElement>('[data-f="bulk-count"]');
  if (!count) return;
  count.dataset.none ??= count.textContent ?? '';
  count.textContent = chosen ? `${chosen} valgt` : count.dataset.none;
}

/** Without script the box in the head does nothing, so it is hidden until now. */
export function mount(form: HTMLElement): void {
  form.querySelector<HTMLElement>('[data-f="select-all"]')?.removeAttribute('hidden');
  update(form);
}

export function listen(): void {
  document.addEventListener('change', (event) => {
    const box = event.target as HTMLInputElement;
    const form = box.closest<HTMLElement>('[data-f="bulk"]');
    if (!form || !box.matches('.f-check')) return;
    if (box.dataset.f === 'select-all') for (const row of rows(form)) row.checked = box.checked;
    update(form);
  });
}
