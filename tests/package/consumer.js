// What every consumer asks, wherever it runs: the outages of the example, and a hash of each trace.

export async function answers({ create, readTopology }, text) {
  const dualhome = await create();
  const topology = readTopology(text, "two-site.dh.yaml");
  const said = {};
  for (const { name, untilNs } of topology.scenarios) {
    const simulation = await dualhome.simulation(topology, { scenario: name });
    await simulation.runTo(untilNs);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", simulation.traceBytes()));
    said[name] = {
      trace: Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(""),
      outages: simulation.outages().map(({ name: of, subject, startNs, lengthNs }) => `${subject} ${of}: ${startNs} ns, ${lengthNs} ns`),
    };
    simulation.dispose();
  }
  return said;
}
