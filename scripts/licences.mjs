// The licences of the packages that a bundle holds, as one text to lie beside it.

import { readFileSync, readdirSync } from "node:fs";

const modules = new URL("../node_modules/", import.meta.url).pathname;

/** `inputs`: the files that went into the bundle, as esbuild's metafile names them. */
export function licencesOf(inputs, heading) {
  const packages = [...new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []))].sort();
  const texts = packages.map((name) => `${name}\n\n${licenceOf(name)}\n`);
  return `${heading}\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

export function licenceOf(name) {
  const file = readdirSync(modules + name).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  return readFileSync(`${modules}${name}/${file}`, "utf8").trim();
}
