// <div data-f="lookup" data-lookup="/admin/opslag/kle" data-field="id" data-name="KLE">: a field of values separated by commas
// is filled in from a tree, or from a search, in a dialog.
//
// The field is what is sent, and can still be written in. The list beside it tells what the values are called.

type Choice = { id: string; vaerdi: string; navn: string; ude: string | null; boern: number };
type Level = { over: { navn: string; op: string | null } | null; poster: Choice[]; naeste: string | null; flere: boolean };

/** How long one pauses before what was written is searched for. */
const PAUSE = 250;
let number = 0;

export function mount(root: HTMLElement): void {
  const field = document.getElementById(root.dataset.field ?? '');
  const open = root.querySelector('button');
  const chosen = root.querySelector('ul');
  const said = root.querySelector<HTMLElement>('[role="status"]');
  if (!(field instanceof HTMLInputElement) || !open || !chosen || !said) return;
  const names = new Map<string, string>();
  for (const item of chosen.querySelectorAll('li')) names.set(item.dataset.value ?? '', item.textContent ?? '');

  const values = () => field.value.split(/[,\s]+/).filter(Boolean);
  const show = () => chosen.replaceChildren(...values().filter((value) => names.has(value)).map((value) => {
    const name = names.get(value) ?? value;
    const remove = button('Fjern', () => { toggle(value, name); open.focus(); });
    remove.setAttribute('aria-label', `Fjern ${name}`);
    return element('li', {}, `${name} `, remove);
  }));
  const toggle = (value: string, name: string) => {
    const has = values().includes(value);
    names.set(value, name);
    field.value = (has ? values().filter((one) => one !== value) : [...values(), value]).join(', ');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    said.textContent = has ? `${name} er fjernet` : `${name} er valgt`;
  };
  field.addEventListener('input', show);
  open.hidden = false;
  let dialog: HTMLDialogElement | undefined;
  open.addEventListener('click', () => {
    dialog ??= picker(root.dataset.lookup ?? '', open.textContent?.trim() ?? '', values, toggle);
    // What was chosen may have been changed in the field since.
    for (const box of dialog.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) box.checked = values().includes(box.value);
    dialog.showModal();
  });
  show();
}

/** A dialog with a search, the level of the tree one stands on, and what may be chosen there. */
function picker(address: string, title: string, values: () => string[], toggle: (value: string, name: string) => void): HTMLDialogElement {
  const id = `lookup-${++number}`;
  const search = element('input', { className: 'form-input', type: 'search', id: `${id}-q`, autocomplete: 'off' });
  const label = element('label', { className: 'form-label', htmlFor: search.id }, 'Søg på nummer eller ord');
  const heading = element('h2', { id, tabIndex: -1 }, title);
  const where = element('p', { className: 'f-lookup__where' });
  const list = element('ul', { className: 'f-lookup__list' });
  const status = element('p', { className: 'f-small f-muted' });
  status.setAttribute('role', 'status');
  const dialog = element('dialog', { className: 'f-lookup__dialog' });
  dialog.setAttribute('aria-labelledby', id);
  const close = button('Luk', () => dialog.close(), 'button button-primary');
  dialog.append(heading, label, search, where, list, status, element('div', { className: 'f-form__end' }, close));
  document.body.append(dialog);

  let latest = 0;
  const go = async (query: Record<string, string>, add = false) => {
    const mine = ++latest;
    const answer = await fetch(`${address}?${new URLSearchParams(query)}`, { credentials: 'same-origin' }).catch(() => null);
    if (mine !== latest) return;
    if (!answer?.ok) {
      status.textContent = 'Der kunne ikke slås op. Prøv igen, eller skriv værdien i feltet.';
      return;
    }
    const level = await answer.json() as Level;
    if (mine === latest) fill(level, query, add);
  };
  const fill = (level: Level, query: Record<string, string>, add: boolean) => {
    where.replaceChildren();
    if (query.q === undefined && level.over) {
      const { navn, op } = level.over;
      where.append(button('Et niveau op', () => down(op), 'button button-tertiary f-button-small'), ` ${navn}`);
    }
    const items = level.poster.map(row);
    if (add) list.append(...items); else list.replaceChildren(...items);
    if (level.naeste) {
      const { naeste } = level;
      const more = button('Vis flere', () => { item.remove(); void go({ ...query, efter: naeste }, true).then(() => items.at(-1)?.querySelector('input')?.focus()); });
      const item = element('li', {}, more);
      list.append(item);
    }
    const shown = list.querySelectorAll('input').length;
    status.textContent = shown === 0 ? 'Intet fundet' : level.flere ? `De første ${shown} vises. Skriv mere for at finde de andre.` : `${shown} vises`;
  };
  const row = (choice: Choice): HTMLLIElement => {
    const box = element('input', { className: 'form-checkbox', type: 'checkbox', id: `${id}-${choice.id}`, value: choice.vaerdi, checked: values().includes(choice.vaerdi) });
    box.addEventListener('change', () => toggle(choice.vaerdi, choice.ude ? `${choice.navn} (${choice.ude})` : choice.navn));
    const name = element('label', { htmlFor: box.id }, choice.navn);
    if (choice.ude) name.append(' ', element('span', { className: 'f-tag f-tag--stop' }, choice.ude));
    const item = element('li', { className: 'form-group-checkbox' }, box, name);
    if (choice.boern > 0) {
      const open = button(`Under den (${choice.boern})`, () => down(choice.id), 'button button-tertiary f-button-small');
      open.setAttribute('aria-label', `Vis de ${choice.boern} under ${choice.navn}`);
      item.append(open);
    }
    return item;
  };
  /** To another level. The button that led here is gone, so focus goes to the heading. */
  const down = (under: string | null) => {
    search.value = '';
    heading.focus();
    void go(under ? { under } : {});
  };

  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => { const q = search.value.trim(); void go(q ? { q } : {}); }, PAUSE);
  });
  void go({});
  return dialog;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name, properties: Partial<HTMLElementTagNameMap[Name]>, ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...content);
  return made;
}

function button(text: string, act: () => void, className = 'button button-tertiary f-button-small'): HTMLButtonElement {
  const made = element('button', { type: 'button', className }, text);
  made.addEventListener('click', act);
  return made;
}
