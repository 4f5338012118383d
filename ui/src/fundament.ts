// The islands: each adds ease to a page that works without it. None writes script or style into the page.
//
// Islands that only listen hang on the document once. Islands that prepare an element are mounted on load and on what
// htmx swaps in, once per element.

import CharacterLimit from 'dkfds/character-limit';
import { mount as certificate } from './islands/certificate';
import { listen as copy, mount as copyButton } from './islands/copy';
import { listen as drop } from './islands/drop';
import { mount as filterList } from './islands/filter-list';
import { mount as passkey } from './islands/passkey';
import { listen as searchKey } from './islands/search-key';
import { listen as selectAll, mount as selectAllBox } from './islands/select-all';
import { listen as unsaved } from './islands/unsaved';

type Mount = (element: HTMLElement) => void;

const MOUNTS: [selector: string, mount: Mount][] = [
  ['[data-f="certificate"]', certificate],
  ['[data-f="copy"]', copyButton],
  ['[data-f="filter-list"]', filterList],
  ['[data-f="bulk"]', selectAllBox],
  ['[data-f="passkey"]', passkey],
  ['.form-limit', (element) => new CharacterLimit(element).init()],
];
const mounted = new WeakSet<Element>();

function mountAll(): void {
  for (const [selector, mount] of MOUNTS) {
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      if (mounted.has(element)) continue;
      mounted.add(element);
      mount(element);
    }
  }
}

for (const listen of [copy, drop, searchKey, selectAll, unsaved]) listen();
mountAll();
document.addEventListener('htmx:after:swap', mountAll);
