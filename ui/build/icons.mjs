// One sprite of the icons we use, out of dkfds's set: <svg class="icon-svg"><use href="icons-….svg#home"></use></svg>.

import { readFile } from 'node:fs/promises';
import { DKFDS } from './dkfds.mjs';

export async function sprite(names) {
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(`${DKFDS}/img/svg-icons/${name}.svg`, 'utf8').catch(() => {
      throw new Error(`src/icons.txt names the icon "${name}", which dkfds does not have.`);
    });
    const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1] ?? '0 0 24 24';
    const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).trim();
    return `<symbol id="${name}" viewBox="${viewBox}">${inner}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}
