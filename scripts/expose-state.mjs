// After asc: state that is not in memory is in mutable globals. Each is exported as `state:N`, so that a snapshot holds all there
// is, and the build is named by the hash of its bytes, so that a snapshot is never put back into another one.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

binaryen.setDebugInfo(true); // keeps the names that the debug build has

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const module = binaryen.readBinary(bytes);
  module.setFeatures(binaryen.Features.All);
  let count = 0;
  for (let i = 0; i < module.getNumGlobals(); i++) {
    const { name, mutable, base: imported } = binaryen.getGlobalInfo(module.getGlobalByIndex(i)); // what is lent by others is not its own
    if (mutable && imported === "") module.addGlobalExport(name, `state:${count++}`);
  }
  module.addCustomSection("dualhome.hash", createHash("sha256").update(bytes).digest());
  writeFileSync(file, module.emitBinary());
}
