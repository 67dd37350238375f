// `dualhome explain`: parts fill their outage, the tree holds every record of both chains once, and it fits the terminal.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { causeTree, outages, partsOf, type CauseNode } from "../../../bindings/analysis/index.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { exampleNames, exampleText, s, simulate } from "../../support/topologies.ts";
import { dualhome, type Ran } from "../cli/fixture.ts";

const explain = (example: string, ...args: string[]): Promise<Ran> =>
  dualhome(["explain", `${example}.dh.yaml`, ...args], { parts: realParts, io: { read: async () => exampleText(example) } });

interface Told { number: number; name: string; same: string[]; length: { ns: string }; parts: { name: string; length: { ns: string }; share: number }[]; tree: CauseNode[] }
const json = async (example: string, ...args: string[]): Promise<Told[]> => (JSON.parse((await explain(example, ...args, "--json")).out) as { outages: Told[] }).outages;

const flat = (nodes: readonly CauseNode[]): CauseNode[] => nodes.flatMap((n) => [n, ...flat(n.effects)]);

describe("every outage of the examples", () => {
  for (const name of exampleNames) {
    test(name, async () => {
      const { result } = await simulate(exampleText(name));
      for (const outage of outages(result)) {
        const parts = partsOf(result, outage);
        assert.equal(parts.reduce((sum, p) => sum + p.lengthNs, 0n), outage.lengthNs, "parts fill it");
        assert.ok(Math.abs(parts.reduce((sum, p) => sum + p.share, 0) - 1) < 1e-9);
        parts.forEach((p, i) => assert.equal(p.fromNs, i === 0 ? outage.startNs : parts[i - 1]!.untilNs));
        assert.equal(parts.at(-1)?.untilNs, outage.endNs ?? result.endNs);
        const nodes = flat(causeTree(result, outage));
        assert.equal(new Set(nodes.map((n) => n.id)).size, nodes.length, "each record once");
        for (const link of [...outage.why.down, ...outage.why.up]) assert.ok(nodes.some((n) => n.id === link.id && n.text === link.text));
        for (const n of nodes) for (const e of n.effects) assert.equal(result.trace.get(e.id).cause, n.id);
        assert.equal(nodes.filter((n) => n.role === "down").length, 1);
        assert.equal(nodes.filter((n) => n.role === "up").length, outage.endNs === null ? 0 : 1);
      }
    });
  }
});

describe("numbers of the protocols", () => {
  test("a silent cable at the fast rate: LACP's three seconds are the largest part by far", async () => {
    const [told] = await json("dual-homed-server", "--silent", "sw1:Eth2--srv1:eth1@10s", "--flow", "srv1-to-srv2");
    const timeout = told!.parts.find((p) => p.name === "LACP timeout")!;
    // 802.1AX: current_while of Short_Timeout_Time is 3 s from the last LACPDU, of which one comes each second
    assert.ok(BigInt(timeout.length.ns) > s(2) && BigInt(timeout.length.ns) <= s(3), timeout.length.ns);
    assert.equal(timeout.share, 1, "nothing else was waited for");
  });

  test("a gateway dies: the master-down timer, and nothing else that counts", async () => {
    const told = await json("first-hop", "--fail", "r1@10s", "--flow", "by-vrrp");
    const takeover = told[0]!.parts.find((p) => p.name === "gateway takeover")!;
    // RFC 5798 6.1, priority 100 and 1 s: three intervals and the skew of 156/256 s, from the last advertisement, of which one comes each second
    const masterDown = s(3) + (s(1) * 156n) / 256n;
    assert.ok(BigInt(takeover.length.ns) > masterDown - s(1) && BigInt(takeover.length.ns) <= masterDown, takeover.length.ns);
    assert.ok(takeover.share > 0.99);
  });
});

describe("which outages", () => {
  test("one of those that went the same way, six at most, and how many are left", async () => {
    const all = await json("two-site", "--all");
    assert.deepEqual(all.map((o) => o.number), all.map((_, i) => i + 1));
    const first = await json("two-site");
    assert.equal(first.length, 6);
    assert.match((await explain("two-site")).out, /more outages: --all, --flow NAME or --outage N/);
    assert.ok(first.every((o) => all[o.number - 1]!.name === o.name), "numbers are those of --all");
  });

  test("--outage and --flow", async () => {
    const all = await json("mclag-pair", "--all");
    assert.deepEqual(await json("mclag-pair", "--outage", "2"), [{ ...all[1]!, same: [] }]);
    assert.deepEqual((await json("mclag-pair", "--flow", "web-backup")).map((o) => o.number), all.filter((o) => o.name === "web-backup").map((o) => o.number));
    const none = await explain("mclag-pair", "--flow", "web-db-1", "--no-color");
    assert.equal(none.status, 0, none.err);
    assert.match(none.out, /no flow was down/);
  });

  test("what is meant is said", async () => {
    const { status, err } = await explain("mclag-pair", "--flow", "web-bakcup");
    assert.equal(status, 2);
    assert.match(err, /there is no flow or service "web-bakcup"; .*web-backup/);
    assert.match((await explain("mclag-pair", "--outage", "999")).err, /--outage 999: there are \d+ outages/);
    for (const wrong of [["--outage", "0"], ["--outage", "1", "--flow", "web-backup"]]) assert.equal((await explain("mclag-pair", ...wrong)).status, 2);
  });
});

describe("the text", () => {
  test("fits, at any width, in colour too; the same each time", async () => {
    for (const example of ["mclag-pair", "two-site", "spanning-tree", "applications"]) {
      for (const width of [60, 73, 100, 160]) {
        for (const env of [{}, { FORCE_COLOR: "1" }] as Record<string, string>[]) {
          const ran = await dualhome(["explain", "x.dh.yaml", "--all", "--width", String(width)], { env, parts: realParts, io: { read: async () => exampleText(example) } });
          assert.equal(ran.status, 0, ran.err);
          assert.deepEqual(ran.out.split("\n").filter((l) => [...l.replaceAll(/\u001b\[[\d;]*m/g, "")].length > width), [], `${example}, ${width} columns`);
        }
      }
    }
    assert.equal((await explain("two-site")).out, (await explain("two-site")).out);
  });

  test("a tree, from the step to the loss and back", async () => {
    const { out } = await explain("dual-homed-server", "--silent", "sw1:Eth2--srv1:eth1@10s", "--flow", "srv1-to-srv2", "--no-color", "--no-timeline", "--width", "120");
    assert.match(out, /#\d+ srv1-to-srv2 down 2\.\d+ s, srv1 → srv2.*failure: silent sw1:Eth2--srv1:eth1/);
    assert.match(out, /10\.000 s +\+0\.000 s +link sw1:Eth2--srv1:eth1 drops frames both ways, carrier stays\n +10\.000 s +\+0\.000 s +├─ flow srv1-to-srv2 \w+ is down: sent into a dead link/);
    assert.match(out, /└─ (srv1:eth1|sw1:Eth2) LACP receive EXPIRED/);
    assert.match(out.replaceAll(/\s+/g, " "), /what the 2\.\d+ s were made of █{20} 100 % 2\.\d+ s LACP timeout, until srv1:eth1 LACP receive EXPIRED: no LACPDU for 3 s; frames: sent into a dead link/);
    assert.ok(!out.includes("\u001b"));
  });
});
