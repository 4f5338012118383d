// Builds prototype/*.html into prototype/dist/: a page is its front matter and its content; the frame is included.
//
//   ---                       {{title}}             a value from the front matter, or of the frame's defaults
//   title: Forside            {{> menu}}            the file frame/menu.html
//   menu: forside             {{icon home}}         an icon of the sprite; {{icon home alert-icon}} with one more class
//   ---                       {{asset fundament.css}}   the hashed file name
//   <h1>…
//
// data-menu="x" becomes aria-current="page" where x is the page's `menu`; data-section="x" is kept only in that section.

import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const DEFAULTS = {
  frame: 'app', env: 'produktion', envName: 'PRODUKTION', envText: 'Ændringer virker for borgere og fagsystemer',
  party: 'Korsbæk Kommune', kind: 'myndighed', user: 'Karen Mogensen', tasks: '7', menu: '',
};
const ENVIRONMENTS = {
  produktion: { envName: 'PRODUKTION', envText: 'Ændringer virker for borgere og fagsystemer' },
  test: { envName: 'TEST', envText: 'Kun testdata – intet her rammer borgere' },
  oeve: { envName: 'ØVEMILJØ', envText: 'Alt kan prøves – miljøet nulstilles hver søndag' },
};
const PARTIES = {
  nordlys: { party: 'Nordlys Data A/S', kind: 'leverandør', user: 'Jonas Lindholm', tasks: '3' },
};

function parse(text) {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (!match) throw new Error('a page starts with its front matter between two lines of ---');
  const fields = Object.fromEntries(match[1].split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  }));
  return { ...DEFAULTS, section: fields.menu, ...ENVIRONMENTS[fields.env], ...PARTIES[fields.as], ...fields, content: match[2] };
}

const icon = (file, id, classes) =>
  `<svg class="icon-svg${classes ? ` ${classes}` : ''}" aria-hidden="true" focusable="false"><use href="${file}#${id}"></use></svg>`;

export async function buildPrototypes(root, manifest, assets = '/ui/') {
  const folder = join(root, 'prototype');
  const out = join(folder, 'dist');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const parts = {};
  for (const name of await readdir(join(folder, 'frame'))) {
    parts[name.replace('.html', '')] = await readFile(join(folder, 'frame', name), 'utf8');
  }
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.html')).sort();
  for (const name of pages) {
    const page = parse(await readFile(join(folder, name), 'utf8'));
    const fill = (text, depth = 0) => text.replace(/\{\{\s*(>|icon |asset )?\s*([\w.-]+)(?: ([\w-]+))?\s*\}\}/g, (_, verb, word, classes) => {
      if (depth > 8) throw new Error(`${name}: includes go in a ring at ${word}`);
      if (verb === '>') {
        if (!(word in parts)) throw new Error(`${name}: there is no prototype/frame/${word}.html`);
        return fill(parts[word], depth + 1);
      }
      if (verb === 'icon ') return icon(assets + manifest['icons.svg'], word, classes);
      if (verb === 'asset ') return assets + manifest[word];
      if (!(word in page)) throw new Error(`${name}: nothing is called {{${word}}}`);
      return word === 'content' ? fill(page.content, depth + 1) : page[word];
    });
    const html = fill(parts[page.frame])
      .replaceAll(` data-menu="${page.menu}"`, ' aria-current="page"')
      .replace(/ data-menu="[^"]*"/g, '')
      .replace(/<ul data-section="([^"]*)">[\s\S]*?<\/ul>\n?/g, (list, section) =>
        section === page.section ? list.replace(/ data-section="[^"]*"/, '') : '');
    await writeFile(join(out, name), html);
  }
  return pages;
}
