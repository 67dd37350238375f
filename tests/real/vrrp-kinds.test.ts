// Every kind of recording that there is, played in the engine and judged by the rules of the protocol alone: each daemon, version and
// family, also those of which no recording is at hand. And what cannot be played is an error that says where and what is known.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ENGINE, judge, secondBurstsWrong } from "./vrrp/compare.ts";
import { runModel } from "./vrrp/model.ts";
import { kept, readRecording, type Happening, type Op, type RouterConf } from "./vrrp/recording.ts";

type Step = [t: number, op: Op, router: number];
type Change = Partial<RouterConf>;

const base: RouterConf = { id: 1, daemon: "keepalived", version: 2, priority: 110, interval: 1, preempt: true, preemptDelay: 0, virtualMac: false, vips: ["10.99.0.254"], tracked: 0 };
const six: Change = { version: 3, vips: ["fe80::fe", "fd99::fe"] };
const frr: Change = { daemon: "frr", version: 3, virtualMac: true };
const BEDS: [string, Change][] = [["keepalived v2", {}], ["keepalived v3", { version: 3 }], ["keepalived v3 over IPv6", six], ["FRR v3", frr], ["FRR v3 over IPv6", { ...six, ...frr, vips: six.vips! }]];

/** Priorities 110 and 100, and what is said of both, of the first, of the second. */
const pair = (both: Change = {}, first: Change = {}, second: Change = {}): Change[] => [{ ...both, ...first }, { priority: 100, ...both, ...second }];
const START: Step[] = [[0, "start", 1], [0.7, "start", 2]];
const after = (...steps: Step[]): Step[] => [...START, ...steps];

interface Kind { name: string; routers: Change[]; steps: Step[]; until: number; masters: number[]; only?: (bed: Change) => boolean }
const KEEPALIVED = (bed: Change): boolean => bed.daemon !== "frr";
const KINDS: Kind[] = [
  { name: "election", routers: pair(), steps: START, until: 8, masters: [1] },
  { name: "election of an owner", routers: pair({}, { priority: 255 }), steps: START, until: 8, masters: [1] },
  { name: "link down", routers: pair(), steps: after([7.4, "cut", 1]), until: 18, masters: [1, 2] },
  { name: "link down, 3 s", routers: pair({ interval: 3 }), steps: after([18.1, "cut", 1]), until: 45, masters: [1, 2] },
  { name: "link down, 0.5 s", routers: pair({ interval: 0.5 }), steps: after([5.2, "cut", 1]), until: 14, masters: [1, 2], only: (bed) => bed.version === 3 },
  { name: "link down, 0.1 s", routers: pair({ interval: 0.1 }), steps: after([3.33, "cut", 1]), until: 10, masters: [1, 2], only: (bed) => bed.version === 3 },
  { name: "killed", routers: pair(), steps: after([7.4, "kill", 1]), until: 18, masters: [1, 2] },
  { name: "stopped in order", routers: pair(), steps: after([7.4, "stop", 1]), until: 18, masters: [1, 2] },
  { name: "crash", routers: pair(), steps: after([7.4, "crash", 1]), until: 18, masters: [1, 2] },
  { name: "port down and processes killed", routers: pair(), steps: after([7.4, "cut", 1], [7.41, "kill", 1]), until: 18, masters: [1, 2] },
  { name: "link returns", routers: pair(), steps: after([7.4, "cut", 1], [14, "mend", 1]), until: 25, masters: [1, 2, 1] },
  { name: "link returns, no preemption", routers: pair({ preempt: false }), steps: after([7.4, "cut", 1], [14, "mend", 1]), until: 25, masters: [1, 2], only: KEEPALIVED },
  { name: "restart", routers: pair(), steps: after([7.4, "stop", 1], [12, "start", 1]), until: 25, masters: [1, 2, 1] },
  { name: "preemption delayed by 5 s", routers: pair({}, { preemptDelay: 5 }), steps: after([7.4, "cut", 1], [14, "mend", 1]), until: 35, masters: [1, 2, 1], only: KEEPALIVED },
  { name: "partition and healing", routers: pair(), steps: after([7.4, "block", 1], [14, "unblock", 1]), until: 25, masters: [1, 2, 1] },
  { name: "what the master says is lost", routers: pair(), steps: after([7.4, "mute", 1], [14, "unblock", 1]), until: 25, masters: [1, 2, 1] },
  { name: "the master hears nothing", routers: pair(), steps: after([7.4, "deafen", 1], [14, "unblock", 1]), until: 25, masters: [1] },
  { name: "the backup hears nothing", routers: pair(), steps: after([7.4, "deafen", 2], [14, "unblock", 2]), until: 25, masters: [1, 2] },
  { name: "equal priorities", routers: pair({ priority: 100 }), steps: after([7.4, "cut", 1]), until: 18, masters: [1, 2] },
  { name: "three routers", routers: [...pair(), { priority: 90 }], steps: after([0.9, "start", 3], [7.4, "cut", 1], [13.1, "cut", 2]), until: 25, masters: [1, 2, 3] },
  { name: "backup of priority 1", routers: pair({}, {}, { priority: 1 }), steps: after([7.4, "cut", 1]), until: 18, masters: [1, 2] },
  { name: "backup of priority 254", routers: pair({}, { priority: 255 }, { priority: 254 }), steps: after([9.4, "cut", 1]), until: 18, masters: [1, 2] },
  { name: "tracked weight drops and returns", routers: pair({}, { tracked: 20 }), steps: after([7.4, "lower", 1], [15.7, "raise", 1]), until: 28, masters: [1, 2, 1], only: KEEPALIVED },
  { name: "intervals differ, version 2: both are masters", routers: pair({}, {}, { interval: 2 }), steps: START, until: 15, masters: [1, 2], only: (bed) => bed.version === undefined },
  { name: "intervals differ, version 3: the master's counts", routers: pair({}, { interval: 0.5 }), steps: after([7.4, "cut", 1]), until: 18, masters: [1, 2], only: (bed) => bed.version === 3 },
  { name: "virtual MAC", routers: pair({ virtualMac: true }), steps: after([7.4, "cut", 1]), until: 18, masters: [1, 2], only: KEEPALIVED },
];

for (const [bed, common] of BEDS) {
  describe(bed, () => {
    for (const kind of KINDS.filter((k) => k.only?.(common) ?? true)) {
      test(kind.name, async () => {
        const routers = kind.routers.map((change, i): RouterConf => ({ ...base, ...common, ...change, id: i + 1 }));
        for (const seed of [1n, 2n]) {
          const happenings: Happening[] = [...kind.steps.map(([t, op, router]) => ({ t: t < 1 ? t : t + Number(seed) * 0.29, op, router })), { t: kind.until, op: "end", router: 0 }];
          const judged = judge(routers, { happenings, ...(await runModel(routers, happenings, seed)) }, ENGINE);
          assert.deepEqual([...judged.wrong, ...secondBurstsWrong(judged, ENGINE)], []);
          // After a partition the better router may be the one that speaks first, or be spoken to.
          assert.deepEqual(judged.begins.map((b) => b.router).slice(0, kind.masters.length), kind.masters.slice(0, judged.begins.length));
          assert.ok(judged.begins.length >= Math.min(2, kind.masters.length));
        }
      });
    }
  });
}

describe("what cannot be played says where, and what is known", () => {
  const source = join(kept, "v2_sigterm");
  const edit = (file: string, from: RegExp, to: string) => (at: string): void => writeFileSync(join(at, file), readFileSync(join(at, file), "utf8").replace(from, to));
  const cases: [string, string, (at: string) => void, RegExp][] = [
    ["a kind", "v2_nonsense", () => {}, /v2_nonsense: no kind of scenario that is known; known are election, .*partition_heal/],
    ["an event", "v2_sigterm", edit("events.json", /"sigterm"/, '"teleport"'), /v2_sigterm, run \d\d: event "teleport" is unknown; known are end_of_run, .*sigterm/],
    ["a router", "v2_sigterm", edit("events.json", /"router": 2/, '"router": 7'), /event "start" is of router 7; known are 1, 2/],
    ["no configuration", "v2_sigterm", (at) => { for (const id of [1, 2]) rmSync(join(at, `keepalived_r${id}.conf`)); }, /no configuration; known are keepalived_rN.conf and frr_vrrpd_rN.conf/],
    ["no virtual address", "v2_sigterm", edit("keepalived_r2.conf", /10\.99\.0\.254\/24/, ""), /keepalived_r2.conf: no virtual address/],
    ["two families", "v2_sigterm", edit("keepalived_r2.conf", /10\.99\.0\.254\/24/, "fd99::fe/64"), /IPv4 on one router, of IPv6 on another/],
    ["an option", "v2_sigterm", edit("keepalived_r1.conf", /advert_int 1/, "advert_int 1\n    garp_master_delay 2"), /keepalived_r1.conf: garp_master_delay is not simulated/],
    ["no events", "v2_sigterm", (at) => rmSync(join(at, "events.json")), /no events.json/],
    ["a run without a capture", "v2_sigterm", (at) => rmSync(join(at, "run03.pcap")), /events.json has runs 03, and there is no runNN.pcap of them/],
  ];
  for (const [name, as, change, wanted] of cases) {
    test(name, () => {
      const root = mkdtempSync(join(tmpdir(), "dualhome-"));
      try {
        cpSync(source, join(root, as), { recursive: true });
        change(join(root, as));
        assert.throws(() => readRecording(as, root), wanted);
      } finally { rmSync(root, { recursive: true }); }
    });
  }
});
