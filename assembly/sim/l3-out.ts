// How a frame made by an interface leaves its node: a bond, a port, or a VLAN of the switch.

import { Frame, send } from "./frames";
import { bridgeOf, l3Of, memberOf } from "./tables";
import { FROM_SELF, bridgeAndSend } from "../switching/bridge";
import { chooseMember } from "../switching/choose";

export function sendOut(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  f.vlan = 0;
  if (i.bridge >= 0) { f.vlan = i.vlan; bridgeAndSend(bridgeOf(i.bridge), FROM_SELF, f); return; }
  if (i.lag >= 0) {
    const member = chooseMember(i.lag, f);
    if (member >= 0) send(memberOf(member).port, f);
    return;
  }
  if (i.port >= 0) send(i.port, f);
}
