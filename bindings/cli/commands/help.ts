// What help says of dualhome as a whole, and of `run`.

export const EXAMPLES = `
Examples:
  dualhome init
  dualhome check dc.dh.yaml
  dualhome sweep dc.dh.yaml
  dualhome run dc.dh.yaml --scenario leaf-crash
  dualhome play dc.dh.yaml
  dualhome run dc.dh.yaml --fail leaf1@10s --repair leaf1@40s
  dualhome explain dc.dh.yaml --fail leaf1@10s --flow web
  dualhome show dc.dh.yaml --node srv1 --at 15s --fail leaf1@10s
  dualhome run dc.dh.yaml --at 10s --branch 'fail leaf1' --branch 'fail leaf2; repair leaf2@40s'
  dualhome run dc.dh.yaml --silent leaf1:Eth1@10s --json | jq '.outages[].length.ms'
  dualhome run dc.dh.yaml --fail mlag/pair1/peer-link@10s --pcap cut.pcapng --ports 'leaf1:*,leaf2:*'

Targets: a node (leaf1), a port (leaf1:Eth1), a link (leaf1:Eth1--srv1:eth0), a bundle (leaf1:Po1),\nmlag/PAIR/peer-link, risk/GROUP, site/SITE, gateway/NAME.

Exit status: 0 pass, 1 a max-outage budget or an expectation is broken, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;
