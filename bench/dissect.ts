// One frame at a time: bytes in, hash out. Micro-benchmark: the time of a call that crosses from JavaScript to WebAssembly.

import Benchmark from "benchmark";
import { addressBytes, ethernet, ipv4, ipv6, macBytes, transport } from "../tests/support/hash-frames.ts";
import { loadHash, type Policy } from "../tests/support/hash-wasm.ts";
import { spread, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";

const far = macBytes("00:1c:73:00:00:99");
const near = macBytes("52:54:00:aa:00:01");
const [a, b] = [addressBytes("10.0.0.11"), addressBytes("10.0.1.20")];
const [c, d] = [addressBytes("2001:db8::1"), addressBytes("2001:db8::2")];
const tcp = ipv4(a, b, 6, transport(40000, 443));

const frames: [string, Policy, number[]][] = [
  ["TCP over IPv4, layer3+4", "layer3+4", ethernet(far, near, 0x0800, tcp)],
  ["TCP over IPv6, layer3+4", "layer3+4", ethernet(far, near, 0x86dd, ipv6(c, d, 6, transport(40000, 443)))],
  ["TCP in GRE, encap3+4", "encap3+4", ethernet(far, near, 0x0800, ipv4(b, a, 47, [0, 0, 8, 0, ...tcp]))],
  ["TCP in IPv4 in IPv6, encap2+3", "encap2+3", ethernet(far, near, 0x86dd, ipv6(c, d, 4, tcp))],
];

async function run({ small }: BenchOptions): Promise<CaseResult[]> {
  const hash = await loadHash();
  return frames.map(([name, policy, bytes]) => {
    const frame = Uint8Array.from(bytes);
    let sum = 0;
    const options = small ? { maxTime: 0.001, minTime: 0.0001, minSamples: 1, initCount: 1 } : { maxTime: 1 };
    const bench = new Benchmark(name, () => { sum ^= hash.hashFrame(policy, frame, 0); }, options);
    bench.run();
    if (bench.error) throw bench.error;
    const rates = bench.stats.sample.map((seconds) => 1 / seconds);
    const checksum = hash.hashFrame(policy, frame, 0).toString(16).padStart(8, "0");
    return { name, unit: " frames", rounds: rates.length, arms: [{ name: "copy in, dissect, hash", rate: spread(rates), checksum }], ratios: [] };
  });
}

export const dissectBench: Bench = { name: "dissect", about: "one frame from bytes to hash", run };
