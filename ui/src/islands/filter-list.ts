// <div class="f-picker" data-f="filter-list">: a field that narrows a long list of choices while one writes.
//
// What is chosen stays in sight whatever is written, so nothing is sent that one cannot see.

export function mount(picker: HTMLElement): void {
  const filter = picker.querySelector<HTMLElement>('.f-picker__filter');
  const field = filter?.querySelector('input');
  const count = picker.querySelector('.f-picker__count');
  const items = [...picker.querySelectorAll<HTMLLIElement>('.f-picker__list > li')];
  if (!filter || !field) return;
  filter.hidden = false;

  const update = () => {
    const words = field.value.toLocaleLowerCase('da').split(/\s+/).filter(Boolean);
    let shown = 0;
    let chosen = 0;
    for (const item of items) {
      const text = (item.textContent ?? '').toLocaleLowerCase('da');
      const isChosen = item.querySelector<HTMLInputElement>('input')?.checked ?? false;
      item.hidden = !isChosen && !words.every((word) => text.includes(word));
      if (isChosen) chosen++;
      if (!item.hidden) shown++;
    }
    if (count) count.textContent = `${shown} af ${items.length} vises · ${chosen} valgt`;
  };
  field.addEventListener('input', update);
  // Enter would send the form one is still filling in.
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  picker.addEventListener('change', update);
  update();
}
