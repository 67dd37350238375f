// What a guided tour does to the page, step by step.

import type { FaultOp } from "../../bindings/topology/model.ts";
import { parseDuration } from "../../bindings/scenario/duration.ts";
import type { Control } from "./control.ts";
import type { Hit } from "./plan.ts";
import type { Scene } from "./messages.ts";

/** One of: an operation and its target, an instant to go to, a time to be played, something to be chosen. */
export type Action = { [op in FaultOp]?: string } & { seek?: string; play?: string; speed?: number; select?: string };

export async function perform(control: Control, actions: readonly Action[]): Promise<void> {
  for (const { seek, play, speed = 1, select, ...ops } of actions) {
    if (seek !== undefined) await control.seekText(seek);
    if (select !== undefined) control.choose({ target: select, hit: hitOf(control.state.scene, select) });
    for (const [op, target] of Object.entries(ops)) {
      if (typeof target !== "string") continue;
      const [name, much = ""] = target.split("=");
      await control.act(op as FaultOp, name!.trim(), much.trim());
    }
    if (play !== undefined) await control.playTo((control.state.a?.ns ?? 0) + Number(parseDuration(play)), speed);
  }
}

/** Where something of this name is drawn; null: nowhere. */
export function hitOf(scene: Scene | null, target: string): Hit | null {
  if (scene === null) return null;
  const node = scene.drawing.nodes.findIndex(([name]) => name.replace(/ \(VM\)$/, "") === target);
  if (node >= 0) return { kind: "node", node };
  const [a, b] = target.split("--");
  const link = scene.linkNames.findIndex((name) => name === target || name === `${b}--${a}`);
  if (link >= 0) return { kind: "link", link };
  const ofPort = scene.linkNames.findIndex((name) => name.split("--").includes(target));
  return ofPort < 0 ? null : { kind: "port", link: ofPort, atA: scene.linkNames[ofPort]!.startsWith(`${target}--`) };
}
