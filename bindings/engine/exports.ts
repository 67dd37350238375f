// The engine's exports as TypeScript sees them: i64 and u64 are bigint, all else number.
// Kept equal to assembly/index.ts by tests/unit/engine.test.ts.

export interface EngineExports {
  memory: WebAssembly.Memory;
  abiVersion(): number;
  trapCode(): number;
  trapDetail(): number;
  reserve(nodeRows: number, portRows: number, linkRows: number, lagRows: number, memberRows: number, bridgeRows: number, bridgePortRows: number, l3Rows: number, prefixRows: number, groupRows: number, vrrpRows: number, vipRows: number): void;
  reserveRun(stepRows: number, fdbRows: number, arpRows: number, peerRows: number, flowRows: number, serviceRows: number, frameRows: number, traceRows: number, captureRows: number, portRows: number, lagRows: number): void;
  setRunSeed(seed: bigint): void;
  setRouting(helloNs: bigint, holdNs: bigint, processNs: bigint): void;
  setProbes(intervalNs: bigint, fromNs: bigint): void;
  addNode(kind: number, tier: number, routed: number, mac: bigint, bootNs: bigint, macAgeNs: bigint, arpAgeNs: bigint): number;
  addPort(node: number, speedMbps: number, mac: bigint, routed: number, pvid: number, watched: number): number;
  addLink(a: number, b: number, delayNs: bigint, detectNs: bigint): number;
  addLag(node: number, mode: number, linux: number, hash: number, minLinks: number, miimonNs: bigint, updelayNs: bigint, downdelayNs: bigint, primary: number, reselect: number, garpCount: number): number;
  addMember(lag: number, port: number, priority: number, number: number): number;
  addLacp(lag: number, systemPriority: number, system: bigint, key: number, active: number, fast: number, independent: number, tickNs: bigint, maxBundle: number, adSelect: number): number;
  setMlag(lag: number, mlagId: number, twin: number): void;
  addPeer(i: number, node: number, twin: number, peerLinkLag: number, keepalivePort: number, priority: number, suspends: number, intervalNs: bigint, timeoutNs: bigint, holdNs: bigint, delayRestoreNs: bigint, delayL3Ns: bigint, autoRecoveryNs: bigint): void;
  addBridge(node: number, vlan: number): number;
  addBridgePort(bridge: number, index: number, lag: number): void;
  addPrefix(ip: number, len: number): number;
  addL3(node: number, bridge: number, lag: number, port: number, vlan: number, ip: number, prefixLen: number, gateway: number, mac: bigint, prefix: number, peerMac: bigint): number;
  addVrrp(l3: number, version: number, vrid: number, priority: number, intervalNs: bigint, preempt: number, preemptDelayNs: bigint, implementation: number, both: number, ownMac: number): number;
  addVip(vrrp: number, ip: number): void;
  addFlow(fromL3: number, toL3: number, proto: number, sport: number, dport: number): number;
  addService(primary: number, standby: number, intervalNs: bigint, decisionNs: bigint, fall: number, rise: number, automatic: number, failback: number): number;
  addStep(at: bigint, op: number, kind: number, target: number, value: number): void;
  begin(spreadNs: bigint): void;
  run(until: bigint, limit: number): number;
  events(): number;
  traceAt(): number;
  traceRows(): number;
  traceTotal(): number;
  traceTaken(): number;
  drainTrace(): void;
  captureAt(): number;
  captured(): number;
  drainCapture(): void;
  memoryUsed(): number;
  fdbRowsUsed(): number;
  portCarrier(port: number): number;
  lagActivePort(lag: number): number;
  memberUsable(port: number): number;
  memberMii(port: number): number;
  lacpState(port: number): number;
  vrrpState(vrrp: number): number;
  arpState(row: number): number;
  lagUp(lag: number): number;
  flowUp(flow: number): number;
  lagIsLacp(lag: number): number;
  scratchAt(): number;
  hashFrame(policy: number, length: number, vlan: number): number;
}
