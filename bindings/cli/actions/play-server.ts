// Serves the page to one person: on an address of this machine, under a path that nobody can guess, to requests that name this host alone.
// Another site's script may send requests here; without the path it gets nothing, and by another name (DNS rebinding) neither.

import { randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isIP, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DualhomeError } from "../../errors.ts";
import { inHtml } from "../../html/page.ts";

/** dist/web, beside the compiled library and beside the sources. */
const built = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../../dist/web/" : "../../../web/", import.meta.url));

export interface Given { name: string; text: string }
export interface Served { url: string; port: number; close(): Promise<void> }
export interface ServeOptions { host: string; port: number; file: Given | null; root?: string; token?: string }

const TYPES: Record<string, string> = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", wasm: "application/wasm", json: "application/json", yaml: "text/plain; charset=utf-8", txt: "text/plain; charset=utf-8" };
const HEADERS = {
  "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
};

export async function servePage({ host, port, file, root = built, token = randomBytes(18).toString("base64url") }: ServeOptions): Promise<Served> {
  const files = filesOf(root, file);
  const headers = { ...HEADERS, "Content-Security-Policy": `${policyOf(files.get("")!.bytes.toString("utf8"))}; frame-ancestors 'none'` };
  const server = createServer((request, response) => answer(request, response, { files, headers, token, allowed: (name) => allowedHost(name, host, (server.address() as AddressInfo).port) }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (e: NodeJS.ErrnoException) => reject(new DualhomeError("DH_SERVE", `cannot listen on ${host}, port ${port}: ${e.code ?? e.message}`, 2)));
    server.listen(port, host, () => resolve());
  });
  const { port: own } = server.address() as AddressInfo;
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return {
    url: `http://${isIP(shown) === 6 ? `[${shown}]` : shown}:${own}/${token}/`, port: own,
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

interface Body { type: string; bytes: Buffer }

/** All that is ever served, by its path: nothing else of the disk can be asked for. */
function filesOf(root: string, file: Given | null): Map<string, Body> {
  if (!existsSync(join(root, "index.html"))) throw new DualhomeError("DH_SERVE", `the page is not there (${root}): npm run build makes it`, 2);
  const files = new Map<string, Body>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(root.length).replaceAll("\\", "/").replace(/^\//, ""), { type: TYPES[entry.name.split(".").at(-1) ?? ""] ?? "application/octet-stream", bytes: readFileSync(path) });
  }
  const index = files.get("index.html")!;
  if (file !== null) {
    index.bytes = Buffer.from(index.bytes.toString("utf8").replace("</head>", () => `<meta name="dualhome-file" content="${inHtml(file.name)}">\n</head>`));
    files.set("file", { type: TYPES["txt"]!, bytes: Buffer.from(file.text) });
  }
  return files.set("", index);
}

/** What the page allows itself, which is said of everything that is served. */
const policyOf = (index: string): string => /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(index)?.[1] ?? "default-src 'none'";

/** A name of this host alone; of an address for all, any address, but no name. */
function allowedHost(given: string | undefined, host: string, port: number): boolean {
  const names = host === "127.0.0.1" || host === "::1" ? [host, "localhost"] : [host];
  const of = (name: string): string => `${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
  if (given === undefined) return false;
  if (names.some((name) => of(name) === given.toLowerCase())) return true;
  if (host !== "0.0.0.0" && host !== "::") return false;
  return given.endsWith(`:${port}`) && isIP(given.slice(0, given.lastIndexOf(":")).replace(/^\[|\]$/g, "")) !== 0;
}

interface Rules { headers: Record<string, string>; files: ReadonlyMap<string, Body>; token: string; allowed(host: string | undefined): boolean }

function answer(request: IncomingMessage, response: ServerResponse, { files, headers, token, allowed }: Rules): void {
  const refuse = (status: number, text: string): void => { response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`); };
  if (!allowed(request.headers.host)) return refuse(403, "this is not the host that was asked for");
  const [, first = "", ...rest] = (request.url ?? "").replace(/[?#].*$/s, "").split("/");
  if (!same(first, token) || rest.length === 0) return refuse(403, "the address that dualhome play printed has a secret part; this one has not");
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "there is nothing to change here");
  const found = files.get(rest.join("/"));
  if (found === undefined) return refuse(404, "there is no such file");
  response.writeHead(200, { ...headers, "Content-Type": found.type, "Content-Length": found.bytes.length });
  response.end(request.method === "HEAD" ? undefined : found.bytes);
}

function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
