// One wasm a spec file. The reporter prints a line a test and a closing line that can be counted.
import "./reporter.js";

export default {
  entries: ["tests/assembly/**/*.spec.ts"],
  include: [],
  disclude: [/node_modules/],
  reporter: "tests/assembly/reporter.js",
  async instantiate(memory, createImports, instantiate, binary) {
    return instantiate(binary, createImports({ env: { memory } }));
  },
};
