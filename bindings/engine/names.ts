// Index ↔ name. The engine knows indices; names come back here. Plain JSON, stored beside a trace.

export interface Names {
  nodes: string[];
  ports: string[]; // "node:port"
  links: string[]; // index = engine link
  lags: string[];
  pairs: string[];
  /** MC-LAG peer index (2 per pair) → node name */
  peers: string[];
  l3ifs: string[]; // "node vlan10" or "node:port"
  vrrps: string[]; // "gateway@node"
  fhrps: string[]; // "gateway@node"
  tracks: string[]; // "gateway@node uplinks"
  prefixes: string[]; // "10.1.10.0/24"
  ipv6: string[]; // by row of the address table: "fd00:10::5"
  flows: string[];
  services: string[];
  /** scenario event index → what it does, as written */
  steps: string[];
}
