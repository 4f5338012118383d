// The islands: each adds ease to a page that works without it. None writes script or style into the page.
//
// Islands that only listen hang on the document. Islands that prepare an element are mounted on load.

import { mount as certificate } from './islands/certificate';
import { listen as copy, mount as copyButton } from './islands/copy';
import { listen as drop } from './islands/drop';
import { mount as filterList } from './islands/filter-list';
import { mount as lookup } from './islands/lookup';
import { mount as passkey } from './islands/passkey';
import { mount as pattern } from './islands/pattern';
import { listen as searchKey } from './islands/search-key';
import { listen as unsaved } from './islands/unsaved';

type Mount = (element: HTMLElement) => void;

const MOUNTS: [selector: string, mount: Mount][] = [
  ['[data-f="certificate"]', certificate],
  ['[data-f="copy"]', copyButton],
  ['[data-f="filter-list"]', filterList],
  ['[data-f="lookup"]', lookup],
  ['[data-f="passkey"]', passkey],
  ['[data-f="pattern"]', pattern],
];

for (const [selector, mount] of MOUNTS) document.querySelectorAll<HTMLElement>(selector).forEach(mount);
for (const listen of [copy, drop, searchKey, unsaved]) listen();
