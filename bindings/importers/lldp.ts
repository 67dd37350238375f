// Neighbours as a machine's lldpd tells them: `lldpctl -f json0`, whose shape does not depend on how many there are (lldpcli(8)).
// Whose neighbours they are is not in it: HOST=FILE, or the file's name.

import { found, type Found } from "./found.ts";
import type { HostFile } from "./line.ts";
import { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

export function readLldp(source: HostFile): Found {
  const file = new TreeFile(source.name, source.text, "json");
  const out = found();
  const lldp = file.get(file.root, "lldp");
  if (lldp?.kind === "map" || file.get(lldp?.items[0], "interface")?.kind === "map") file.wrong(lldp!, "these are neighbours in lldpctl's json, whose shape varies: write them with -f json0");
  else if (lldp === undefined || lldp.kind !== "list") file.wrong(lldp ?? file.root, 'these are no neighbours of lldpctl -f json0: there is no list "lldp"');
  file.done();
  out.devices.push({ name: source.host, kind: null, profile: null, at: { file: source.name, line: 1, text: "" } });
  if (source.guessed) out.notes.push({ file: source.name, line: 1, text: `a guess: these are the neighbours of "${source.host}", by the path; HOST=FILE says it otherwise` });
  for (const part of lldp!.items) {
    part.used = true;
    for (const heard of file.list(part, "interface")) neighbour(file, out, source.host, heard);
  }
  file.done();
  out.unread = file.unread();
  return out;
}

function neighbour(file: TreeFile, out: Found, host: string, heard: Tree): void {
  const own = file.text(heard, "name");
  const via = file.text(heard, "via");
  for (const key of ["rid", "age"]) file.get(heard, key);
  const at = file.line(heard);
  if (own === undefined || own === "") { file.wrong(heard, `${heard.path}: an interface has a "name"`); return; }
  if (via !== undefined && via !== "LLDP") { file.skip(heard); out.notes.push({ ...at, text: `the neighbour of ${own} is left out: it was heard by ${via}, and LLDP is what is read` }); return; }
  const chassis = file.list(heard, "chassis")[0];
  const port = file.list(heard, "port")[0];
  const name = value(file, chassis, "name") ?? value(file, chassis, "id");
  if (name === undefined || port === undefined) { out.notes.push({ ...at, text: `the neighbour of ${own} is left out: it does not say ${name === undefined ? "who it is" : "on which port"}` }); file.skip(heard); return; }
  if (chassis?.entries.has("name") !== true) out.notes.push({ ...at, text: `the neighbour of ${own} has no name: it is called by its chassis id, ${name}` });
  for (const key of ["id", "mgmt-ip", "mgmt-iface", "capability"]) file.skip(chassis?.entries.get(key));
  const far = portOf(file, port, out, own, at);
  file.skip(port.entries.get("ttl"));
  if (far !== null) out.cables.push({ a: { node: host, port: own }, b: { node: name, port: far }, at });
}

/** The port's own name; its description where the id is no name (a MAC address, an address, a local number). */
function portOf(file: TreeFile, port: Tree, out: Found, own: string, at: Found["notes"][number]): string | null {
  const id = file.list(port, "id")[0];
  const type = file.text(id, "type");
  const name = file.text(id, "value");
  const descr = value(file, port, "descr");
  if (name !== undefined && type === "ifname") return name;
  if (name !== undefined && (type === "ifalias" || type === "local") && /[a-z]/i.test(name)) return name;
  if (descr !== undefined && /^[A-Za-z][\w./:-]*$/.test(descr)) {
    out.notes.push({ ...at, text: `a guess: the far port of ${own} is ${descr}, by its description: its id is ${type === undefined ? "not there" : `of type ${type}`}` });
    return descr;
  }
  out.notes.push({ ...at, text: `the neighbour of ${own} is left out: its port's id (${type ?? "none"}) is no name, and neither is its description` });
  return null;
}

/** [{"value": ".."}], as json0 writes every text. */
function value(file: TreeFile, tree: Tree | undefined, key: string): string | undefined {
  const found = file.list(tree, key)[0];
  const text = file.text(found, "value");
  return text === "" ? undefined : text;
}
