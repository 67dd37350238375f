# NetworkX (Debian: python3-networkx) on a network as a plain graph: which flows have no path left after each single failure?
# stdin: JSON {nodes, cables: [name, a, b][], flows: [name, from, to][], failures: [kind, target][]}; stdout: JSON {lost: string[][], ms}
import json, sys, time
import networkx as nx

network = json.load(sys.stdin)
whole = nx.MultiGraph()
whole.add_nodes_from(network["nodes"])
for name, a, b in network["cables"]:
    whole.add_edge(a, b, key=name)
ends = {name: (a, b) for name, a, b in network["cables"]}
began = time.perf_counter()
lost = []
for kind, target in network["failures"]:
    graph = whole.copy()
    if kind == "node":
        graph.remove_node(target)
    else:
        graph.remove_edge(*ends[target], key=target)
    part = {node: i for i, nodes in enumerate(nx.connected_components(graph)) for node in nodes}
    lost.append([name for name, a, b in network["flows"] if part.get(a, -1) != part.get(b, -2)])
print(json.dumps({"lost": lost, "ms": (time.perf_counter() - began) * 1000}))
