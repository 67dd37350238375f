// What Redis holds: which jobs there are, a queue of chunks for each (BullMQ), which chunks are done (a bit each), how fast they go, who has trouble.
// Rows are in none of it.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Queue, JobType } from "bullmq";
import type { Redis } from "ioredis";
import { itemsOf, type Identity } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import { packages, type Packages } from "./packages.ts";
import { connect } from "./redis.ts";

/** A job that was submitted. */
export interface Entry {
  /** "sweep-ab12cd34" */
  name: string;
  identity: Identity;
  file: string;
  items: string;
  chunks: number;
  /** chunks that are handed out together */
  lot: number;
  /** when, ms since 1970 */
  at: number;
}

export type State = "open" | "done" | "cancelled";

export interface BoardOptions {
  /** redis://HOST:6379 */
  redis: string;
  /** what keys begin with, default "dualhome": two clusters on one Redis */
  prefix?: string;
  onTrouble?: (why: string | null) => void;
}

export const PREFIX_DEFAULT = "dualhome";

/** Chunks that are handed out together and become one part: from, behind the last. */
export type Lot = readonly [from: number, to: number];

/** Lots that are not done, by what becomes of them. */
export interface Counts { waiting: number; active: number; delayed: number; failed: number }

/** What a lot is to BullMQ: tried three times, elsewhere if it can be; gone when it is done, since its part says so. */
const LOT_OPTIONS = { attempts: 3, backoff: { type: "exponential", delay: 1000 }, removeOnComplete: true, removeOnFail: false, stackTraceLimit: 1 } as const;

const BUCKET_MS = 10_000; // of the pace
const RECENT_MS = 60_000;
const MESSAGE = 1000; // lots

export class Board {
  readonly redis: Redis;
  readonly packages: Packages;
  readonly prefix: string;
  /** this process, in names of connections and notes */
  readonly me = `${hostname()}-${process.pid}-${randomBytes(2).toString("hex")}`;
  readonly #queues = new Map<string, Queue>();

  private constructor(given: Packages, redis: Redis, prefix: string) { [this.packages, this.redis, this.prefix] = [given, redis, prefix]; }

  static async open({ redis, prefix = PREFIX_DEFAULT, onTrouble = () => {} }: BoardOptions): Promise<Board> {
    const given = await packages();
    return new Board(given, await connect(redis, given, onTrouble), prefix);
  }

  async close(): Promise<void> {
    for (const queue of this.#queues.values()) await queue.close();
    this.redis.disconnect();
  }

  #key(what: string): string { return `${this.prefix}:${what}`; }

  queue(name: string): Queue {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new this.packages.bullmq.Queue(name, { connection: this.redis, prefix: this.prefix });
      queue.on("error", () => {}); // the connection says it
      this.#queues.set(name, queue);
    }
    return queue;
  }

  async put(entry: Entry): Promise<void> {
    await this.redis.hsetnx(this.#key("jobs"), entry.name, JSON.stringify(entry));
    await this.setState(entry.name, "open");
  }

  /** In the order in which they were submitted. */
  async entries(): Promise<Entry[]> {
    const all = await this.redis.hgetall(this.#key("jobs"));
    return Object.values(all).map((text) => JSON.parse(text) as Entry).sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  }

  async entry(name: string): Promise<Entry> {
    const text = await this.redis.hget(this.#key("jobs"), name);
    if (text === null) throw new DualhomeError("DH_CLUSTER_JOB", `there is no job "${name}"; dualhome cluster status lists them`, 2);
    return JSON.parse(text) as Entry;
  }

  async setState(name: string, state: State): Promise<void> { await this.redis.hset(this.#key("states"), name, state); }

  async states(): Promise<Record<string, State>> { return await this.redis.hgetall(this.#key("states")) as Record<string, State>; }

  /** Adds lots that the queue does not have: the same one twice is one. Says how many chunks were new. */
  async add(name: string, lots: readonly Lot[]): Promise<number> {
    const queue = this.queue(name);
    let added = 0;
    for (let at = 0; at < lots.length; at += MESSAGE) {
      const some = lots.slice(at, at + MESSAGE);
      const there = await this.redis.pipeline(some.map(([from]) => ["exists", queue.toKey(idOf(from))])).exec();
      const fresh = some.filter((_, i) => there?.[i]?.[1] === 0);
      await queue.addBulk(fresh.map((lot) => ({ name: "lot", data: lot, opts: { ...LOT_OPTIONS, jobId: idOf(lot[0]) } })));
      added += fresh.reduce((sum, [from, to]) => sum + to - from, 0);
    }
    return added;
  }

  async counts(name: string): Promise<Counts> {
    const kinds: JobType[] = ["waiting", "prioritized", "active", "delayed", "failed"];
    const c = await this.queue(name).getJobCounts(...kinds);
    const of = (kind: string): number => c[kind] ?? 0;
    return { waiting: of("waiting") + of("prioritized"), active: of("active"), delayed: of("delayed"), failed: of("failed") };
  }

  /** Marks chunks whose part is there; those that were not marked before count for the pace. */
  async mark({ name, identity }: Entry, [from, to]: Lot, now = Date.now()): Promise<void> {
    const bits = this.redis.pipeline();
    for (let n = from; n < to; n++) bits.setbit(this.#key(`${name}:done`), n, 1);
    const before = await bits.exec();
    let items = 0;
    for (let n = from; n < to; n++) {
      const [first, behind] = itemsOf(identity, n);
      if (before?.[n - from]?.[1] === 0) items += behind - first;
    }
    if (items > 0) await this.redis.hincrby(this.#key(`${name}:pace`), String(Math.floor(now / BUCKET_MS)), items);
  }

  /** Says anew which chunks are there. */
  async markAll({ name, chunks }: Entry, there: ReadonlySet<number>): Promise<void> {
    const bits = Buffer.alloc(Math.ceil(chunks / 8));
    for (const n of there) bits[n >> 3]! |= 0x80 >> (n & 7);
    await this.redis.set(this.#key(`${name}:done`), bits);
  }

  async doneChunks(entry: Entry): Promise<{ chunks: number; items: number }> {
    const key = this.#key(`${entry.name}:done`);
    const chunks = await this.redis.bitcount(key);
    const last = await this.redis.getbit(key, entry.chunks - 1);
    return { chunks, items: chunks * entry.identity.chunk - (last === 1 ? entry.chunks * entry.identity.chunk - entry.identity.items : 0) };
  }

  /** Items a second over the last minute. */
  async rate(name: string, now = Date.now()): Promise<number> {
    const pace = Object.entries(await this.redis.hgetall(this.#key(`${name}:pace`))).map(([bucket, items]) => ({ at: Number(bucket) * BUCKET_MS, items: Number(items) }));
    const recent = pace.filter(({ at }) => at > now - RECENT_MS);
    const first = Math.min(...recent.map(({ at }) => at));
    return recent.length === 0 ? 0 : (recent.reduce((sum, { items }) => sum + items, 0) * 1000) / Math.max(1000, now - first);
  }

  /** A word of this worker that status shows; null takes it away. */
  async note(name: string, text: string | null): Promise<void> {
    if (text === null) await this.redis.hdel(this.#key(`${name}:notes`), this.me);
    else await this.redis.hset(this.#key(`${name}:notes`), this.me, text);
  }

  /** Of all who ask within a minute, the first. */
  async first(what: string): Promise<boolean> { return (await this.redis.set(this.#key(what), this.me, "EX", 60, "NX")) === "OK"; }

  /** Who had trouble is past. */
  async forgetNotes(name: string): Promise<void> { await this.redis.del(this.#key(`${name}:notes`)); }

  async notes(name: string): Promise<Record<string, string>> { return this.redis.hgetall(this.#key(`${name}:notes`)); }

  /** The queue and all that is known of the job's progress go; the entry stays unless it is `forgotten`. */
  async clear(name: string, forgotten: boolean): Promise<void> {
    await this.queue(name).obliterate({ force: true });
    await this.redis.del(...["done", "pace", "notes"].map((what) => this.#key(`${name}:${what}`)));
    if (!forgotten) return;
    await this.redis.hdel(this.#key("jobs"), name);
    await this.redis.hdel(this.#key("states"), name);
  }
}

/** A number alone is not allowed as BullMQ's id of a job. */
const idOf = (from: number): string => `lot-${from}`;
