// A small server for the built prototypes: the same policy and paths as the real one.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

export const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
  "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
].join('; ');
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json' };

/** Serves dist/ under /ui/ and prototype/dist/ at the root; answers with its address and a way to stop it. */
export async function serve(root, port = 0) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = path.startsWith('/ui/') ? join(root, 'dist', path.slice(4)) : join(root, 'prototype/dist', path);
    const body = await readFile(file).catch(() => null);
    if (path === '/favicon.ico') return response.writeHead(204).end();
    if (!body) return response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Findes ikke');
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' });
    response.end(body);
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

// node test/serve.mjs 8080 serves until it is stopped, for looking around by hand.
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { address } = await serve(new URL('..', import.meta.url).pathname, Number(process.argv[2] ?? 8080));
  console.log(`${address}/forside.html`);
}
