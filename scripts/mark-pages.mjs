// node mark-pages.mjs FROM TO: a build in which every store marks the page that it writes to, so that going back to a snapshot copies what was written
// since and nothing else. It is made of the finished module, so it holds for every store there is. It does what the other build does, keeps its hash,
// and takes its snapshots.
//
// The marks lie below all data (`memoryBase` in asconfig.json), a byte for each page of what a 32-bit address can name. A store marks the page of its first
// byte; that its last ones may lie in the next page is for whoever reads the marks to know (`mark:spill` bytes).

import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const PAGE_BITS = 12;
const MARKS = 2 ** (32 - PAGE_BITS);
const SPILL = 16; // the widest store

const RANGE = `(func $mark:range (param $at i32) (param $size i32) (result i32) (local $page i32)
  (if (i32.eqz (local.get $size)) (then (return (local.get $size))))
  (local.set $page (i32.shr_u (local.get $at) (i32.const ${PAGE_BITS})))
  (memory.fill (local.get $page) (i32.const 1)
    (i32.add (i32.sub (i32.shr_u (i32.add (local.get $at) (i32.sub (local.get $size) (i32.const 1))) (i32.const ${PAGE_BITS})) (local.get $page)) (i32.const 1)))
  (local.get $size))`;

const ABOUT = `(global $mark:bits i32 (i32.const ${PAGE_BITS})) (export "mark:bits" (global $mark:bits)) (global $mark:spill i32 (i32.const ${SPILL})) (export "mark:spill" (global $mark:spill))`;

/** Custom sections are not written as text: the hash is put back. */
const HASH = "dualhome.hash";

function main(from, to) {
  const bytes = readFileSync(from);
  const module = markPages(binaryen.readBinary(bytes));
  const [hash] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), HASH);
  module.addCustomSection(HASH, new Uint8Array(hash));
  if (!module.validate()) throw new Error("not a valid module");
  writeFileSync(to, module.emitBinary());
}

/** The module with its stores marked. */
function markPages(module) {
  module.setFeatures(binaryen.Features.All);
  const tree = parse(module.emitText());
  for (const item of tree) {
    if (item[0] === "func") markFunction(item);
    if (item[0] === "data" && Number(item.find((part) => part[0] === "i32.const")[1]) < MARKS) throw new Error(`data lie below ${MARKS}: memoryBase in asconfig.json`);
  }
  const marked = binaryen.parseText(`(${tree.map(print).join("\n")}\n${RANGE}\n${ABOUT})`);
  marked.setFeatures(binaryen.Features.All);
  return marked;
}

function markFunction(func) {
  const locals = [];
  const fresh = () => { locals.push(["local", `$mark:${locals.length}`, "i32"]); return locals.at(-1)[1]; };
  let stores = null; // one is enough: it is read where it is set
  visit(func, (node) => {
    const [op] = node;
    if (/^\w+\.store/.test(op)) {
      const at = node.findIndex((part) => Array.isArray(part));
      node[at] = markedAddress(node[at], offsetOf(node), () => (stores ??= fresh()));
    } else if (op === "memory.fill" || op === "memory.copy") {
      const local = fresh();
      node[1] = ["local.tee", local, node[1]];
      node[3] = ["call", "$mark:range", ["local.get", local], node[3]];
    } else if (/^(memory\.init|\w+\.atomic\.)/.test(op)) throw new Error(`${op} is not marked`);
  });
  const body = func.findIndex((part, i) => i > 0 && Array.isArray(part) && !["type", "param", "result", "local"].includes(part[0]));
  func.splice(body < 0 ? func.length : body, 0, ...locals);
}

const offsetOf = (node) => Number(node.find((part) => typeof part === "string" && part.startsWith("offset="))?.slice(7) ?? 0);

function markedAddress(address, offset, local) {
  const plain = address[0] === "local.get";
  const name = plain ? address[1] : local();
  const first = plain ? address : ["local.tee", name, address];
  const byte = offset === 0 ? first : ["i32.add", first, ["i32.const", String(offset)]];
  return ["block", ["result", "i32"], ["i32.store8", ["i32.shr_u", byte, ["i32.const", String(PAGE_BITS)]], ["i32.const", "1"]], ["local.get", name]];
}

/** Inner nodes first, so that what is put in is not marked again. */
function visit(node, each) {
  for (const part of node) if (Array.isArray(part)) visit(part, each);
  each(node);
}

/** Nested arrays of words; text in quotes is a word. Gives what is inside of the outermost. */
function parse(text) {
  const stack = [[]];
  for (const [word] of text.matchAll(/"(?:[^"\\]|\\.)*"|;;[^\n]*|\(;[^]*?;\)|[()]|[^\s()"]+/g)) {
    if (word === "(") stack.push([]);
    else if (word === ")") { const done = stack.pop(); stack.at(-1).push(done); }
    else if (!word.startsWith(";;") && !word.startsWith("(;")) stack.at(-1).push(word);
  }
  return stack[0][0];
}

const print = (node) => (Array.isArray(node) ? `(${node.map(print).join(" ")})` : node);

main(...process.argv.slice(2));
