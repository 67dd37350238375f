// teamd's JSON (teamd.conf(5)): a team as the bond that does the same. Addresses are not in it.

import { emptyHost, ipv4, type Host, type HostBond } from "./host.ts";
import { type HostFile, type Line, type Place } from "./line.ts";
import { readJson } from "./json.ts";
import { TreeFile } from "./tree-file.ts";
import { Tree } from "./tree.ts";

const RUNNERS: Record<string, string> = { lacp: "802.3ad", activebackup: "active-backup", roundrobin: "balance-rr", random: "balance-rr", broadcast: "broadcast", loadbalance: "balance-xor" };

export function readTeamd(source: HostFile): Host {
  const at = { file: source.name, line: 1, text: "" };
  const host = emptyHost(source.host, at);
  if (source.guessed) host.notes.push({ ...at, text: `a guess: this is host "${source.host}", by its path; HOST=FILE says it otherwise` });
  const file = new TreeFile(source.name, source.text, "json");
  const bond = team(file, null, [], host.notes);
  file.done();
  host.bonds.push(bond);
  host.unread.push(...file.unread());
  return host;
}

/** A team's JSON within another file, from this place on. null: it is none, and that is among the problems. */
export function readTeam(text: string, at: Line, col: number, name: string, members: string[], host: Host, problems: Place[]): HostBond | null {
  const tree = readJson(text);
  if (!(tree instanceof Tree)) { problems.push({ ...at, col: col + tree.at, text: tree.problem }); return null; }
  const file = new TreeFile(at.file, text, "json");
  const notes: Line[] = [];
  const bond = team(file, name, members, notes);
  host.notes.push(...notes.map((note) => ({ ...note, line: at.line })));
  for (const p of file.problems) problems.push({ ...at, col: col + p.col - 1, text: p.text });
  for (const line of file.unread()) host.unread.push({ ...at, text: `config: ${line.text}` });
  return { ...bond, at };
}

function team(file: TreeFile, name: string | null, given: string[], notes: Line[]): HostBond {
  const { root } = file;
  if (root.kind !== "map") file.wrong(root, "a team's configuration is a JSON object");
  const device = file.text(root, "device") ?? name ?? "team0";
  const at = file.line(root);
  const runner = file.map(root, "runner");
  const word = file.text(runner, "name") ?? "roundrobin";
  const mode = Object.hasOwn(RUNNERS, word) ? RUNNERS[word]! : "balance-rr";
  if (!Object.hasOwn(RUNNERS, word)) file.wrong(runner ?? root, `"${word}" is no runner: ${Object.keys(RUNNERS).join(", ")}`);
  const settings: Record<string, unknown> = { mode };
  const note = (text: string, tree: Tree = root): void => { notes.push(file.line(tree, text)); };
  note(`a guess: ${device} is taken as a Linux bond of mode ${mode}: what teamd's runner ${word} does otherwise is not simulated`);
  ofRunner(file, runner, word, settings, note);
  const ports = file.entries(file.map(root, "ports"));
  watch(file, file.get(root, "link_watch") ?? ports.map(([, p]) => file.get(p, "link_watch")).find((w) => w !== undefined), settings, note, device);
  const members = [...new Set([...ports.map(([port]) => port), ...given])];
  if (mode === "active-backup") primary(file, ports, settings);
  return { name: device, members, settings, at };
}

type Note = (text: string, tree?: Tree) => void;
const yes = (file: TreeFile, tree: Tree | undefined, key: string): boolean | undefined => { const t = file.text(tree, key); return t === undefined ? undefined : t === "true"; };

function ofRunner(file: TreeFile, runner: Tree | undefined, word: string, settings: Record<string, unknown>, note: Note): void {
  if (word === "lacp") {
    if (yes(file, runner, "active") === false) settings["lacp-active"] = false;
    settings["lacp-rate"] = yes(file, runner, "fast_rate") === true ? "fast" : "slow";
    const least = file.whole(runner, "min_ports", 1, 64);
    if (least !== undefined) settings["min-links"] = least;
    const priority = file.whole(runner, "sys_prio", 1, 65535);
    if (priority !== undefined) settings["ad-actor-system-priority"] = priority;
    const select = file.text(runner, "agg_select_policy");
    if (select === "bandwidth" || select === "count") settings["ad-select"] = select;
    else if (select !== undefined) note(`agg_select_policy ${select} is left out: a bond has stable, bandwidth and count`, runner);
  }
  if (word === "lacp" || word === "loadbalance") {
    const hash = file.texts(runner, "tx_hash");
    if (hash.length > 0) {
      settings["transmit-hash-policy"] = hash.some((h) => /^(l4|tcp|udp|sctp)$/.test(h)) ? "layer3+4" : hash.some((h) => /^(ip|ipv4|ipv6|l3)$/.test(h)) ? "layer2+3" : "layer2";
      note(`a guess: tx_hash ${hash.join(", ")} is ${String(settings["transmit-hash-policy"])}: a bond's hash that comes near`, runner);
    }
  }
  if (word === "activebackup") {
    const policy = file.text(runner, "hwaddr_policy");
    if (policy === "by_active") settings["fail-over-mac-policy"] = "active";
    else if (policy !== undefined && policy !== "same_all") note(`hwaddr_policy ${policy} is left out: a bond has same_all and by_active`, runner);
  }
  if (word === "random") settings["packets-per-slave"] = 0;
}

/** ethtool: the kernel tells at once. arp_ping: as the ARP monitor. */
function watch(file: TreeFile, found: Tree | undefined, settings: Record<string, unknown>, note: Note, device: string): void {
  const tree = found?.kind === "list" ? found.items[0] : found;
  if (tree !== undefined) tree.used = true;
  if (found !== undefined && found.kind === "list" && found.items.length > 1) note(`${device} has several link watches: the first is read`, found);
  const kind = file.text(tree, "name") ?? "ethtool";
  const ms = (key: string): string | undefined => { const n = file.whole(tree, key, 0, 3_600_000); return n === undefined ? undefined : `${n}ms`; };
  if (kind === "arp_ping") {
    const target = file.text(tree, "target_host");
    const interval = ms("interval");
    const missed = file.whole(tree, "missed_max", 1, 255);
    if (target !== undefined && ipv4(target) !== null && String(settings["mode"]) !== "802.3ad") {
      Object.assign(settings, { "arp-interval": interval ?? "1000ms", "arp-ip-targets": [target], ...(missed === undefined ? {} : { "arp-missed-max": missed }) });
      return;
    }
    note(`arp_ping is left out: ${target === undefined || ipv4(target) === null ? "its target_host is no IPv4 address" : "mode 802.3ad has no ARP monitor"}`, tree);
  } else if (kind !== "ethtool") note(`link watch ${kind} is left out: ethtool and arp_ping are what is read`, tree);
  settings["mii-monitor-interval"] = "10ms";
  note(`a guess: ${device} looks at its links every 10 ms: teamd is told of a lost link at once, and a bond looks`, tree);
  const [up, down] = [ms("delay_up"), ms("delay_down")];
  if (up !== undefined) settings["up-delay"] = up;
  if (down !== undefined) settings["down-delay"] = down;
}

/** The port with the highest priority; one that is sticky stays when a better one returns. */
function primary(file: TreeFile, ports: readonly (readonly [string, Tree])[], settings: Record<string, unknown>): void {
  const list = ports.map(([name, port]) => ({ name, prio: Number(file.text(port, "prio") ?? 0) || 0, sticky: yes(file, port, "sticky") === true }));
  const best = [...list].sort((a, b) => b.prio - a.prio)[0];
  if (best === undefined || list.every((p) => p.prio === best.prio)) return;
  settings["primary"] = best.name;
  settings["primary-reselect-policy"] = list.some((p) => p.sticky) ? "failure" : "always";
}

