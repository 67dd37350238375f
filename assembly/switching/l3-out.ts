// How a frame made by an interface leaves its node: a bond, a port, or a VLAN of the switch.

import { FRAME_ARP, LAG_ACTIVE_BACKUP, LAG_ALB, LAG_BROADCAST } from "../abi";
import { rlbTransmit } from "../bond/rlb";
import { dress, sent } from "../bond/spread";
import { Frame, send } from "../sim/frames";
import { bridgeOf, l3Of, lagOf, memberOf } from "../sim/tables";
import { FROM_SELF, bridgeAndSend } from "./bridge";
import { chooseMember, sends } from "../bond/choose";

export function sendOut(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  f.vlan = 0;
  if (i.bridge >= 0) { f.vlan = i.vlan; bridgeAndSend(bridgeOf(i.bridge), FROM_SELF, f); return; }
  if (i.lag >= 0) { byLag(i.lag, f); return; }
  if (i.port >= 0) send(i.port, f);
}

function byLag(index: i32, f: Frame): void {
  const lag = lagOf(index);
  if (lag.mode == LAG_BROADCAST) {
    for (let i = 0; i < lag.count; i++) if (sends(lag, lag.first + i)) send(memberOf(lag.first + i).port, f);
    return;
  }
  let member = lag.mode == LAG_ALB && f.kind == FRAME_ARP ? rlbTransmit(index, f) : -1;
  if (member < 0) member = chooseMember(index, f);
  if (member < 0) return;
  if (lag.mode > LAG_ACTIVE_BACKUP) { dress(lag, member, f); sent(index, member, f); }
  send(memberOf(member).port, f);
}
