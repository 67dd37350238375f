// State as it can be read from outside: tables of rows, rows of i64 columns. Plain constants, compiled by both languages, as abi.ts.
// A row is asked for by its table and number (state-rows.ts); -1 in a column of an index means none.

export const STATE_COLUMNS = 32; // at most

export const STATE_NODE = 1; //   row: node
export const NODE_STATE = 0; //   NODE_UP ..
export const NODE_BOOTS = 1;
export const NODE_STP = 2; //     its spanning tree
export const NODE_FIRMWARE = 3; // 1: no operating system runs

export const STATE_PORT = 2; //   row: port
export const PORT_CARRIER = 0;
export const PORT_ADMIN = 1; //   1 enabled
export const PORT_GATE = 2; //    0 open, 1 learning, 2 discarding
export const PORT_ADJACENCY = 3; // routed: the neighbour is up
export const PORT_SOLO = 4; //    1: forwards by itself (LACP fallback)
export const PORT_STP = 5; //     its spanning tree port

export const STATE_LAG = 3; //    row: lag
export const LAG_IS_UP = 0;
export const LAG_USABLE = 1; //   members that send
export const LAG_ACTIVE = 2; //   member index in the lag: the one that is active
export const LAG_SUSPENDED = 3;
export const LAG_TWIN_UP = 4; //  the other peer's leg
export const LAG_CARRIER_OK = 5; // what the bond's own interface says
export const LAG_AGGREGATOR = 6; // Linux: member index of the active aggregator's owner
export const LAG_SYSTEM_PRIORITY = 7; // LACP, as the rest
export const LAG_SYSTEM = 8;
export const LAG_STP = 9;
export const LAG_FORCED = 10; //  members that LACP fallback keeps open

export const STATE_MEMBER = 4; // row: member, in the order of lags
export const MEMBER_PORT = 0;
export const MEMBER_MII = 1; //   MII_UP ..
export const MEMBER_USABLE = 2; // 1 collecting, 2 distributing
export const MEMBER_FAILURES = 3; // Link Failure Count
export const MEMBER_MAC = 4; //   that it speaks with
export const MEMBER_FORCED = 5;
export const MEMBER_GONE = 6; //  1: released from its bond
export const MEMBER_JOINED = 7; // Linux: members are listed by this, then by their number

export const STATE_LACP = 5; //   row: member of a lag with LACP
export const LACP_AGGREGATOR = 0; // Linux: member index of its aggregator's owner
export const LACP_NUMBER = 1;
export const LACP_PRIORITY = 2;
export const LACP_KEY = 3; //     operational
export const LACP_STATE = 4; //   actor's, operational
export const LACP_PARTNER_SYSTEM_PRIORITY = 5;
export const LACP_PARTNER_SYSTEM = 6;
export const LACP_PARTNER_KEY = 7;
export const LACP_PARTNER_PRIORITY = 8;
export const LACP_PARTNER_NUMBER = 9;
export const LACP_PARTNER_STATE = 10;
export const LACP_ACTOR_CHURN = 11; // 0 monitoring, 1 none, 2 churned
export const LACP_PARTNER_CHURN = 12;
export const LACP_ACTOR_CHURNED = 13; // how often
export const LACP_PARTNER_CHURNED = 14;
export const LACP_OWN_KEY = 15; // of the aggregator that this member owns: its key, and its partner's
export const LACP_OWN_PARTNER_KEY = 16;
export const LACP_OWN_PARTNER = 17;
export const LACP_ENABLED = 18;
export const LACP_SELECTED = 19; // UNSELECTED ..
export const LACP_RX = 20; //     RX_INITIALIZE ..
export const LACP_MUX = 21; //    MUX_DETACHED ..
export const LACP_OWN_ID = 22; // number of the aggregator that this member owns
export const LACP_PERIODIC = 23; // PERIODIC_NONE ..
export const LACP_CURRENT_WHILE_AT = 24; // engine times at which timers run out; of those that do not run the greatest i64
export const LACP_PERIODIC_AT = 25;
export const LACP_WAIT_WHILE_AT = 26;
export const LACP_CHURN_AT = 27;

export const STATE_PEER = 6; //   row: MC-LAG peer
export const PEER_ROLE = 0; //    MLAG_NONE ..
export const PEER_LINK_UP = 1;
export const PEER_HEARD = 2; //   keepalive
export const PEER_SUSPENDED = 3; // SUSPEND_*, 0
export const PEER_RESTORE_AT = 4; // engine time of the end of delay restore
export const PEER_RECOVER_AT = 5;
export const PEER_MET = 6; //     has had contact since power on

export const STATE_L3 = 7; //     row: interface
export const L3_UP = 0;
export const L3_MAC = 1;

export const STATE_VRRP = 8; //   row: virtual router
export const VRRP_STATE = 0; //   VRRP_INITIALIZE ..
export const VRRP_PRIORITY = 1; // after tracking
export const VRRP_MASTER_IP = 2; // heard last, 0 nobody
export const VRRP_MAC = 3;
export const VRRP_DOWN_AT = 4; // when Master_Down_Timer fires
export const VRRP_FORWARDS = 5; // 1: takes frames to the virtual MAC as backup too
export const VRRP_ADVER_AT = 6; // when Adver_Timer fires

export const STATE_FHRP = 9; //   row: group of HSRP, GLBP or anycast
export const FHRP_STATE = 0; //   HSRP_INITIAL ..
export const FHRP_PRIORITY = 1;
export const FHRP_ACTIVE_IP = 2;
export const FHRP_STANDBY_IP = 3;
export const FHRP_ACTIVE_AT = 4; // when the active router counts as silent
export const FHRP_HELLO_AT = 5;
export const FHRP_WEIGHT = 6; //  GLBP

export const STATE_FORWARDER = 10; // row: 4 · group + forwarder
export const FORWARDER_STATE = 0; // FORWARDER_DISABLED ..
export const FORWARDER_OWNER = 1; // address of the router that it was given to, 0
export const FORWARDER_ACTIVE_IP = 2;
export const FORWARDER_MAC = 3;

export const STATE_NEIGHBOUR = 11; // row: any below the count; state ARP_FREE: nothing in it
export const NEIGHBOUR_L3 = 0;
export const NEIGHBOUR_IP = 1;
export const NEIGHBOUR_MAC = 2;
export const NEIGHBOUR_STATE = 3; // ARP_FREE ..
export const NEIGHBOUR_CONFIRMED_AT = 4;
export const NEIGHBOUR_CONFIRMS = 5; // flows that confirm it all the time
export const NEIGHBOUR_TIMER_AT = 6; // when it is looked at next

export const STATE_FDB = 12; //   row: any below the count; flags 0: nothing in it
export const FDB_NODE = 0;
export const FDB_VLAN = 1;
export const FDB_MAC = 2;
export const FDB_OUT = 3; //      port or lag
export const FDB_OUT_IS_LAG = 4;
export const FDB_FLAGS = 5; //    1 learned here, 2 told by the MC-LAG peer
export const FDB_SEEN_AT = 6;
export const FDB_HELD = 7; //     flows that keep it fresh

export const STATE_STP = 13; //   row: spanning tree
export const STP_ID = 0;
export const STP_ROOT = 1;
export const STP_COST = 2;
export const STP_ROOT_PORT = 3; // index among its ports
export const STP_FIRST = 4; //    row of its first port
export const STP_COUNT = 5;
export const STP_RUNNING = 6;

export const STATE_STP_PORT = 14; // row: port of a spanning tree
export const STP_PORT_INDEX = 0; // port or lag
export const STP_PORT_IS_LAG = 1;
export const STP_PORT_TWIN = 2; // the other peer's leg, a lag
export const STP_PORT_ROLE = 3;
export const STP_PORT_STATE = 4;
export const STP_PORT_COST = 5;
export const STP_PORT_ID = 6;
export const STP_PORT_EDGE = 7;
export const STP_PORT_HELLO_AT = 8; // engine times at which timers run out: helloWhen, rcvdInfoWhile, fdWhile, rrWhile, tcWhile of 802.1D-2004 17.17
export const STP_PORT_INFO_AT = 9;
export const STP_PORT_FD_AT = 10;
export const STP_PORT_RR_AT = 11;
export const STP_PORT_TC_AT = 12;
export const STP_PORT_MESSAGE_AGE_AT = 13; // message age and forward delay timer of 802.1D-1998 8.5.6
export const STP_PORT_FORWARD_DELAY_AT = 14;

export const STATE_ROUTE = 15; // row: node · prefixes + prefix
export const ROUTE_CONNECTED = 0; // interface
export const ROUTE_METRIC = 1; // 255: none

export const STATE_HOP = 16; //   row: port · prefixes + prefix
export const HOP_BEST = 0; //     1: the way goes by this port
