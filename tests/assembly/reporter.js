// as-pect reporter: TAP-like lines; no tests at all is a failure.
let count = 0;
let failed = 0;

process.on("exit", () => {
  process.stdout.write(`\n# as-pect: ${count - failed} passed, ${failed} failed, ${count} total\n`);
  if (count === 0) process.exitCode = 1;
});

function line(ok, text) {
  count += 1;
  if (!ok) failed += 1;
  console.log(`${ok ? "ok" : "not ok"} ${count} - ${text}`);
}

function describe(test) {
  if (test.pass) return "";
  return ` # ${test.message ?? ""} actual=${test.actual?.stringify() ?? "-"} expected=${test.expected?.stringify() ?? "-"}`;
}

export default {
  stdout: null,
  stderr: null,
  onEnter() {},
  onExit() {},
  onFinish(context) {
    for (const error of context.errors ?? []) line(false, `${context.fileName} # ${error.type}: ${error.message}`);
    const groups = context.rootNode.childGroups; // already flattened
    for (const group of [context.rootNode, ...groups]) {
      for (const test of group.children.filter((child) => child.type === 0)) {
        line(test.pass, `${context.fileName}: ${group.name ?? ""} > ${test.name}${describe(test)}`);
      }
    }
    for (const group of groups) {
      if (!group.pass && !group.groupTests.some((test) => !test.pass)) line(false, `${context.fileName}: describe "${group.name}" threw`);
    }
  },
};
