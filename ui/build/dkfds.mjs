// The plain theme of dkfds, cut down to the parts this user interface builds on.
//
// What is left out is named, never guessed from the templates: a class that is not on the list is always there.
// Icons and font files come by way of our own sprite and fonts.css.

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const DKFDS = dirname(dirname(require.resolve('dkfds')));

/** Class prefixes of the components and utilities we have our own of, or none of. */
const LEFT_OUT = [
  'accordion', 'align', 'anchorlist', 'article', 'back-to-top', 'bg-', 'card', 'col', 'container', 'cookie', 'd-', 'date-picker',
  'displayheading', 'embed', 'fds-', 'figure', 'flex', 'footer', 'function-link', 'h-', 'header', 'icon-', 'justify',
  'language', 'm-', 'mb-', 'ml-', 'mobile-nav', 'modal', 'mr-', 'mt-', 'mx-', 'my-', 'nav-', 'navigation', 'navbar', 'offset',
  'order', 'overflow', 'overlay', 'p-', 'page-', 'pb-', 'pl-', 'position', 'pr-', 'pt-', 'px-', 'py-', 'row', 'sidemenu',
  'sidenav', 'step', 'tab', 'tag', 'toast', 'toggle', 'tooltip', 'w-', 'wayfinding', 'solution', 'portal', 'sub-title', 'submenu',
  'responsive-table', 'hide-base', 'show-', 'bordered', 'pagination', 'breadcrumb', 'badge', 'spinner', 'link-', 'subheading',
  'font-', 'structured-list', 'word-wrap', 'button-overflow', 'more-button', 'mobile-drawer', 'actions', 'date-group',
  'unbordered-list', 'function',
];
const KEPT = ['icon-svg', 'alert-icon', 'function-icon', 'form-', 'details', 'sr-only'];

const leftOut = (selector) =>
  [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].some(([, name]) =>
    !KEPT.some((kept) => name.startsWith(kept)) && LEFT_OUT.some((prefix) => name.startsWith(prefix)));

/** Splits at commas outside parentheses. */
const selectors = (prelude) => prelude.split(/,(?![^(]*\))/).map((one) => one.trim());

/** Walks the rules of a style sheet; keeps what has a selector left. */
export function subset(css) {
  let at = 0;
  const block = () => {
    let out = '';
    while (at < css.length) {
      const next = /[{};]/g;
      next.lastIndex = at;
      const found = next.exec(css);
      if (!found) { at = css.length; break; }
      const prelude = css.slice(at, found.index).trim();
      at = found.index + 1;
      if (found[0] === '}') break;
      if (found[0] === ';') continue;
      if (prelude.startsWith('@font-face')) { at = css.indexOf('}', at) + 1; continue; }
      if (prelude.startsWith('@')) {
        const keyframes = prelude.startsWith('@keyframes');
        const inner = keyframes ? verbatim() : block();
        if (inner.trim() && !keyframes) out += `${prelude}{${inner}}\n`;
        continue;
      }
      const body = verbatim();
      const left = selectors(prelude).filter((one) => !leftOut(one));
      if (left.length) out += `${left.join(',')}{${body}}\n`;
    }
    return out;
  };
  // The text up to the brace that closes the block just opened; quoted braces do not occur in dkfds.
  const verbatim = () => {
    const from = at;
    for (let depth = 1; depth > 0; at++) {
      if (css[at] === '{') depth++;
      if (css[at] === '}') depth--;
    }
    return css.slice(from, at - 1);
  };
  return block();
}

/** Lets our style sheet say `@import "dkfds-plain" layer(dkfds)`. */
export const dkfdsPlugin = {
  name: 'dkfds-plain',
  setup(build) {
    build.onResolve({ filter: /^dkfds-plain$/ }, () => ({ path: 'dkfds-plain', namespace: 'dkfds' }));
    build.onLoad({ filter: /.*/, namespace: 'dkfds' }, async () => {
      const css = (await readFile(`${DKFDS}/css/dkfds.css`, 'utf8'))
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace('@charset "UTF-8";', '');
      return { contents: subset(css), loader: 'css', resolveDir: `${DKFDS}/css` };
    });
  },
};
