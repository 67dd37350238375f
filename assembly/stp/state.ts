// 802.1D-2004 17.30, Port State Transition machine: does what the role machine asks for.

import { STP_DISCARDING, STP_FORWARDING, STP_LEARNING } from "../abi";
import { StpPort, setState } from "./port";

export function run(p: StpPort): bool {
  if (p.begin) { setState(p, STP_DISCARDING, false, false); return false; }
  switch (p.state) {
    case STP_DISCARDING:
      if (!p.learn) return false;
      setState(p, STP_LEARNING, true, false);
      return true;
    case STP_LEARNING:
      if (p.forward) { setState(p, STP_FORWARDING, true, true); return true; }
      if (!p.learn) { setState(p, STP_DISCARDING, false, false); return true; }
      return false;
    default:
      if (p.forward) return false;
      setState(p, STP_DISCARDING, false, false);
      return true;
  }
}
