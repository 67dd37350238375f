// The package as others get it: packed from what was built, and installed by npm into an empty project. Only what npm has from `npm ci` is needed: the
// project's lock file is the production part of this one's.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { browserPath, openBrowser, servedPage } from "./browser.ts";

export const root = new URL("../..", import.meta.url).pathname;
const run = promisify(execFile);

interface Locked { dev?: boolean; devOptional?: boolean; optional?: boolean; peer?: boolean; version?: string; integrity?: string }
const json = (path: string): any => JSON.parse(readFileSync(path, "utf8"));

/** What production installs, by its place in the lock file. */
export function production(): [string, Locked & Record<string, unknown>][] {
  const { packages } = json(join(root, "package-lock.json")) as { packages: Record<string, Locked & Record<string, unknown>> };
  return Object.entries(packages).filter(([path, { dev, devOptional, peer }]) => path !== "" && dev !== true && devOptional !== true && peer !== true);
}

export interface Project { folder: string; tarball: string; remove(): void }

export async function packed(folder: string): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  return join(folder, /"filename":\s*"([^"]+)"/.exec(stdout)![1]!);
}

/** Scripts of packages would run: there are none. */
export async function installed(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-package-"));
  const tarball = await packed(folder);
  const { name, version, dependencies, bin, engines, peerDependencies, peerDependenciesMeta } = json(join(root, "package.json"));
  const spec = `file:${tarball}`;
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  const own = { name: "embeds", version: "1.0.0", private: true, type: "module", dependencies: { [name]: spec } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(own));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({
    name: own.name, version: own.version, lockfileVersion: 3, requires: true,
    packages: { "": own, [`node_modules/${name}`]: { version, resolved: spec, integrity, dependencies, bin, engines, peerDependencies, peerDependenciesMeta }, ...Object.fromEntries(production()) },
  }));
  await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: folder });
  return { folder, tarball, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm", ".yaml": "text/plain" };

/** Opens a folder's page in Chromium, as a plain host of files would serve it; what the page says in the end, and what the console complained of. */
export async function seenInBrowser(folder: string): Promise<{ said: unknown; wrong: string[] }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    const path = join(folder, pathname === "/" ? "index.html" : decodeURIComponent(pathname));
    const there = path.startsWith(folder) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    if (!there) { response.writeHead(path.endsWith("favicon.ico") ? 204 : 404).end(); return; }
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const browser = await openBrowser();
  try {
    const { page: opened, wrong } = await servedPage(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { said: JSON.parse(await opened.textContent("body") ?? "null"), wrong };
  } finally {
    await browser.close();
    server.close();
  }
}

export const noBrowser = browserPath === null ? "no Chromium here" : false;
