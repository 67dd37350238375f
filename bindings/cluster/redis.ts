// The connection to Redis: reachable at once or said so; lost later, it is waited for.

import type { Redis } from "ioredis";
import { DualhomeError } from "../errors.ts";
import type { Packages } from "./packages.ts";

const CONNECT_MS = 5_000;
const AGAIN_MS = 2_000;

/** `onTrouble`: the connection was lost (why), or is there again (null). */
export async function connect(url: string, { ioredis }: Packages, onTrouble: (why: string | null) => void): Promise<Redis> {
  const address = addressOf(url);
  let connected = false;
  let lost = false;
  const client = new ioredis.Redis(url, {
    lazyConnect: true, connectTimeout: CONNECT_MS, maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected ? Math.min(times * 100, AGAIN_MS) : null),
  });
  let why = "no answer";
  client.on("error", (e: Error & { code?: string }) => {
    why = e.code ?? e.message;
    if (!connected || lost) return;
    lost = true;
    onTrouble(`Redis at ${address}: ${why}; waiting for it`);
  });
  client.on("ready", () => {
    if (lost) onTrouble(null);
    lost = false;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (e) {
    client.disconnect();
    const said = (e as Error).message === "Connection is closed." ? why : (e as Error).message;
    throw new DualhomeError("DH_CLUSTER_REDIS", `Redis at ${address} cannot be used: ${said}`, 2);
  }
  connected = true;
  return client;
}

/** Host and port, without what is secret. */
function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === "") {
    throw new DualhomeError("DH_CLUSTER_REDIS", `"${url.replace(/\/\/.*@/, "//")}" is no address of Redis: write redis://HOST:6379`, 2);
  }
  return `${parsed.hostname}:${parsed.port === "" ? 6379 : parsed.port}`;
}
