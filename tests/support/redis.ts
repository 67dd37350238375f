// A real Redis, for tests and benches.

import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

export const redisIsThere = spawnSync("redis-server", ["--version"]).status === 0;
export const WITHOUT_REDIS = "redis-server is not installed: apt-get install redis-server";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A Redis that keeps what it is told in an append-only file. */
export class RedisServer {
  readonly port: number;
  readonly folder: string;
  #process: ChildProcess | null = null;

  constructor(port: number, folder: string) { [this.port, this.folder] = [port, folder]; }

  get url(): string { return `redis://127.0.0.1:${this.port}`; }

  async start(): Promise<void> {
    this.#process = spawn("redis-server", ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.folder, "--appendonly", "yes", "--save", "", "--loglevel", "notice"], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    for await (const piece of this.#process.stdout!) {
      text += String(piece);
      if (text.includes("Ready to accept connections")) return;
    }
    assert.fail(`redis-server ended:\n${text}`);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    if (this.#process === null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
    this.#process = null;
  }
}
