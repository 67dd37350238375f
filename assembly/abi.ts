// The numbers that both languages read. Plain constants only: asc and tsc both compile this file.

export const ABI_VERSION = 1;

// --- trace records -------------------------------------------------------------------------------
export const TRACE_BYTES = 32; // time i64, kind i32, entity i32, cause u32, a i32, b i32, c i32

// kind                         entity    a                  b                c
export const T_START = 1; //    -
export const T_FAULT = 2; //    target    fault op           target kind      value
export const T_NODE = 3; //     node      old state          new state
export const T_CARRIER = 4; //  port      0 lost, 1 present
export const T_MII = 5; //      port      old MII            new MII
export const T_LACP_RX = 10; // port      old state          new state
export const T_LACP_PERIODIC = 11; // port old               new
export const T_LACP_SELECTED = 12; // port old               new              aggregator (port index of its owner), -1
export const T_LACP_MUX = 13; // port     old                new
export const T_LACP_CHURN = 14; // port   0 actor 1 partner  0 monitoring 1 none 2 churned
export const T_LACP_PARTNER = 15; // port system (low 32)    key              state byte
export const T_AGGREGATOR = 16; // lag    old active         new active (port index of its owner; -1 none)
export const T_MEMBER = 17; //  port      old usable bits    new (1 collecting, 2 distributing)
export const T_LAG = 18; //     lag       0 down, 1 up       usable members
export const T_BOND_ACTIVE = 19; // lag   old port           new port (-1 none)
export const T_VRRP = 20; //    vrrp      old state          new state        reason (VRRP_WHY_*)
export const T_GARP = 21; //    l3if      address            count
export const T_ARP = 22; //     l3if      address            state (ARP_*)    MAC low 32
export const T_FDB_FLUSH = 23; // port    entries removed    why (FLUSH_*)
export const T_FDB_MOVE = 24; // node     old port           new port         MAC low 32
export const T_ADJACENCY = 25; // port    0 down, 1 up
export const T_ROUTE = 26; //   node      prefix             next hops
export const T_MLAG_ROLE = 30; // peer    old                new (MLAG_*)
export const T_MLAG_PEERLINK = 31; // peer 0 down, 1 up    1: it has carrier (0 1: silent)
export const T_MLAG_KEEPALIVE = 32; // peer 0 silent, 1 heard
export const T_MLAG_SUSPEND = 33; // lag  1 suspended, 0 restored   why (SUSPEND_*)
export const T_MLAG_DELAY = 34; // peer   delay restore begun: ms
export const T_MLAG_LEG = 35; // lag      other peer's leg: 0 down 1 up
export const T_FLOW_DOWN = 40; // flow*2+dir  why (DROP_*)   node             port
export const T_FLOW_UP = 41; //   flow*2+dir  hops           path digest
export const T_SERVICE = 42; //   service     old choice     new choice (0 primary, 1 standby)
export const T_SERVICE_CHECK = 43; // service 0 failing 1 passing  choice
export const T_PROBE = 44; //     flow*2+dir  sequence       1 arrived        µs on the way
// First-hop redundancy beside VRRP.
export const T_HSRP = 55; //     fhrp     old state          new state        reason (HSRP_WHY_*)
export const T_GLBP = 56; //     fhrp     old state          new state        reason: the election of the AVG
export const T_FORWARDER = 57; // fhrp    old state          new state        forwarder number | reason << 8 (FORWARDER_WHY_*)
export const T_TRACK = 58; //    track    0 down, 1 up       old value        new value (priority or weighting)
export const T_PROXY_ARP = 59; // l3if    target address     asker's address
// Entities of spanning tree: a port, or BRIDGE_LAG | lag.
export const T_STP_ROOT = 50; // node     root's MAC low 32  path cost        root port (bridge port), -1: it is the root
export const T_STP_ROLE = 51; // bridge port  old role       new role (STP_ROLE_*)
export const T_STP_STATE = 52; // bridge port old state      new state (STP_*)
export const T_STP_TC = 53; // bridge port  0 detected, 1 heard of
export const T_STP_GUARD = 68; // bridge port  STP_GUARD_*
export const T_STORM = 54; //   node      STORM_*            see there        see there
export const T_FLOW_SHARE = 65; // flow*2+dir members whose frames arrive   members that send
export const T_RLB_CLIENT = 66; // lag    client address     port whose MAC it is told
export const T_BOND_MAC = 67; //  lag     port               MAC low 32: the bond's address is now this port's

export const T_PXE = 60; //       node    old state          new state (PXE_*) port of the NIC, -1
export const T_PXE_DHCP = 61; //  node    DHCP_*             attempt          of how many
export const T_PXE_LOAD = 62; //  node    LOAD_*             KiB              rate: Mbit/s, or retry
export const T_PXE_FAILED = 63; // node   PXE_WHY_*          port or node of the loss, -1   DROP_*
export const T_FALLBACK = 64; //  lag     old state          new state (1 fallback)   members that are open, one bit each

// --- faults (scenario events) --------------------------------------------------------------------
export const FAULT_FAIL = 1; // link: cut; node: crash; port: down
export const FAULT_REPAIR = 2;
export const FAULT_HANG = 3; // node: control plane dead, links up
export const FAULT_SILENT = 4; // link or port: frames vanish, carrier stays (value 1: a to b, 2: b to a, 3: both)
export const FAULT_CARRIER = 5; // link: the ends in `value` (1 a, 2 b, 3 both) lose carrier
export const FAULT_LOSS = 6; // link: value = frames lost per million
export const FAULT_SHUTDOWN = 7; // node: orderly (VRRP says farewell, LACP leaves)
export const FAULT_NOTHING = 8; // an event that does nothing: must change no byte of what follows but its own record
export const FAULT_ACTIVATE = 9; // port: its active-backup bond is told to use it (an operator's command, no failure)
export const FAULT_DOWN = 10; // port or bond: administratively down
export const FAULT_UP = 11;
export const FAULT_RELEASE = 12; // port: leaves its Linux bond, and is down
export const FAULT_ENSLAVE = 13; // port: joins the bond that it left
export const FAULT_SLOW = 14; // link or port: value = one-way delay in µs from now on

export const TARGET_NODE = 1;
export const TARGET_LINK = 2;
export const TARGET_PORT = 3;
export const TARGET_LAG = 4;

// --- nodes, ports, lags --------------------------------------------------------------------------
export const NODE_HOST = 1;
export const NODE_SWITCH = 2; // bridges, and routes where it has addresses
export const NODE_ROUTER = 3; // routes only

export const NODE_UP = 0;
export const NODE_CRASHED = 1; // links lose carrier
export const NODE_HUNG = 2; // carrier stays, tables forward, no protocol speaks or listens
export const NODE_OFF = 3; // shut down in order

export const LAG_STATIC = 0; // switch "mode on", Linux balance-xor
export const LAG_LACP = 1; // 802.3ad / 802.1AX
export const LAG_ACTIVE_BACKUP = 2; // Linux mode 1
export const LAG_ROUND_ROBIN = 3; // Linux mode 0
export const LAG_BROADCAST = 4; // Linux mode 3
export const LAG_TLB = 5; // Linux mode 5
export const LAG_ALB = 6; // Linux mode 6
export const LAG_INDEPENDENT = 7; // Windows, Switch Independent

export const FAIL_OVER_MAC_NONE = 0;
export const FAIL_OVER_MAC_ACTIVE = 1;
export const FAIL_OVER_MAC_FOLLOW = 2;

// arp_validate, in the kernel's numbering: bits 0 the active member, 1 backups, 2 filter (ARP frames only count)
export const VALIDATE_ACTIVE = 1;
export const VALIDATE_BACKUP = 2;
export const VALIDATE_FILTER = 4;

export const BALANCE_HASH = 0; // Windows: TransportPorts
export const BALANCE_PORT = 1; // Windows: HyperVPort, by source MAC
export const BALANCE_DYNAMIC = 2; // Windows: Dynamic

export const MII_UP = 0;
export const MII_FAIL = 1; // lost, downdelay running
export const MII_DOWN = 2;
export const MII_BACK = 3; // present, updelay running

// transmit hash policies, in the kernel's numbering
export const HASH_LAYER2 = 0;
export const HASH_LAYER34 = 1;
export const HASH_LAYER23 = 2;
export const HASH_ENCAP23 = 3;
export const HASH_ENCAP34 = 4;
export const HASH_VLAN_SRCMAC = 5;

export const RESELECT_ALWAYS = 0;
export const RESELECT_BETTER = 1;
export const RESELECT_FAILURE = 2;

// --- LACP (802.1AX) ------------------------------------------------------------------------------
export const LACP_ACTIVITY = 0x01;
export const LACP_TIMEOUT = 0x02; // 1 = short
export const LACP_AGGREGATION = 0x04;
export const LACP_SYNCHRONIZATION = 0x08;
export const LACP_COLLECTING = 0x10;
export const LACP_DISTRIBUTING = 0x20;
export const LACP_DEFAULTED = 0x40;
export const LACP_EXPIRED = 0x80;

export const RX_INITIALIZE = 0;
export const RX_PORT_DISABLED = 1;
export const RX_LACP_DISABLED = 2;
export const RX_EXPIRED = 3;
export const RX_DEFAULTED = 4;
export const RX_CURRENT = 5;

export const PERIODIC_NONE = 0;
export const PERIODIC_FAST = 1;
export const PERIODIC_SLOW = 2;
export const PERIODIC_TX = 3;

export const UNSELECTED = 0;
export const SELECTED = 1;
export const STANDBY = 2;

export const MUX_DETACHED = 0;
export const MUX_WAITING = 1;
export const MUX_ATTACHED = 2;
export const MUX_COLLECTING = 3; // independent control
export const MUX_DISTRIBUTING = 4; // independent control
export const MUX_COLLECTING_DISTRIBUTING = 5; // coupled control

export const AD_STABLE = 0; // Linux ad_select
export const AD_BANDWIDTH = 1;
export const AD_COUNT = 2;

// LACP fallback: what a port-channel does while its partner is silent
export const FALLBACK_NONE = 0;
export const FALLBACK_STATIC = 1; // one member forwards as the port-channel
export const FALLBACK_INDIVIDUAL = 2; // each member forwards by itself
export const FALLBACK_FORCE_UP = 3; // the named member forwards as the port-channel
export const FALLBACK_EDGE_PORT = 4; // each member forwards by itself
export const FALLBACK_BYPASS = 5; // each member forwards

// --- PXE boot ------------------------------------------------------------------------------------
export const PXE_OFF = 0;
export const PXE_POST = 1; // power-on self-test; NICs have no link
export const PXE_LINK = 2; // waits for a link on the NIC
export const PXE_DISCOVER = 3;
export const PXE_REQUEST = 4;
export const PXE_LOADING = 5;
export const PXE_INSTALLING = 6;
export const PXE_OS = 7; // the operating system starts from the disk
export const PXE_BOND = 8; // the network is configured; waits for the aggregate
export const PXE_BOOTED = 9;
export const PXE_FAILED = 10; // gave up; rests until it is powered on again

export const PXE_NIC_FIRST = 0; // the first NIC with a link
export const PXE_NIC_NAMED = 1;
export const PXE_NIC_EACH = 2; // each NIC in turn

export const DHCP_DISCOVER = 1;
export const DHCP_OFFER = 2;
export const DHCP_REQUEST = 3;
export const DHCP_ACK = 5; // RFC 2132's numbers
export const DHCP_SILENCE = 0; // no answer in time

export const LOAD_BEGIN = 1;
export const LOAD_DONE = 2;
export const LOAD_STALLED = 3; // the way is lost
export const LOAD_RESUMED = 4;
export const LOAD_RETRY = 5; // a retry went unanswered

export const PXE_WHY_NO_LINK = 1; // no NIC has a link
export const PXE_WHY_CLOSED = 2; // the switch takes nothing from the port: its port-channel waits for LACP
export const PXE_WHY_UNHEARD = 3; // the DISCOVER reached no DHCP server
export const PXE_WHY_ANSWER_LOST = 4; // the server answered, the answer did not reach the NIC
export const PXE_WHY_LOAD = 5; // the transfer was cut off

// --- addresses -----------------------------------------------------------------------------------
export const IPV6_TAG = 0xf0; // first byte of a u32 that stands for an IPv6 address; the others are its row
export const IPV6_ROWS_KNOWN = 4; // ::, ff02::1, ff02::12, ff02::16: the rest of the table is the run's
export const IPV6_VIPS_MAX = 8; // of one virtual router: what a captured frame has room for

// --- VRRP ----------------------------------------------------------------------------------------
export const VRRP_INITIALIZE = 0;
export const VRRP_BACKUP = 1;
export const VRRP_MASTER = 2; // Active in RFC 9568

export const VRRP_WHY_STARTUP = 0;
export const VRRP_WHY_TIMER = 1; // Master_Down_Timer fired
export const VRRP_WHY_PRIORITY_ZERO = 2; // the timer ran for Skew_Time after a farewell
export const VRRP_WHY_HIGHER = 3; // a better advertisement was heard
export const VRRP_WHY_SHUTDOWN = 4;
export const VRRP_WHY_OWNER = 5;
export const VRRP_WHY_PREEMPT = 6; // the timer ran out while only a lesser master was heard

export const VRRP_RFC5798 = 0; // behaviour on an inferior advertisement: nothing
export const VRRP_RFC9568 = 1; // ... an advertisement at once (keepalived too)

// --- HSRP and GLBP --------------------------------------------------------------------------------
export const HSRP_INITIAL = 0;
export const HSRP_LEARN = 1;
export const HSRP_LISTEN = 2;
export const HSRP_SPEAK = 3;
export const HSRP_STANDBY = 4;
export const HSRP_ACTIVE = 5;

export const HSRP_WHY_STARTUP = 0;
export const HSRP_WHY_ACTIVE_TIMER = 1; // the active router was silent for the hold time
export const HSRP_WHY_STANDBY_TIMER = 2; // no standby router was heard for the hold time
export const HSRP_WHY_BETTER_SPEAKER = 3; // a better router speaks or is standby
export const HSRP_WHY_RESIGN = 4;
export const HSRP_WHY_COUP = 5; // a better router took over
export const HSRP_WHY_PREEMPT = 6; // a lesser active router was heard, preemption is on
export const HSRP_WHY_SHUTDOWN = 7;
export const HSRP_WHY_BETTER_ACTIVE = 8;
export const HSRP_WHY_LESSER_STANDBY = 9;
export const HSRP_WHY_LEARNED = 10; // the virtual address was learned from the active router

export const HSRP_HELLO = 0;
export const HSRP_COUP = 1;
export const HSRP_RESIGN = 2;

export const FHRP_HSRP = 1;
export const FHRP_GLBP = 2;
export const FHRP_ANYCAST = 3; // no protocol: every router answers, with one MAC address

export const GLBP_ROUND_ROBIN = 0;
export const GLBP_WEIGHTED = 1;
export const GLBP_HOST_DEPENDENT = 2;

export const FORWARDER_DISABLED = 0;
export const FORWARDER_LISTEN = 1;
export const FORWARDER_ACTIVE = 2;

export const FORWARDER_WHY_SHUTDOWN = 0;
export const FORWARDER_WHY_ASSIGNED = 1; // the AVG gave it out
export const FORWARDER_WHY_SILENT = 2; // who forwarded was silent for the hold time
export const FORWARDER_WHY_GIVEN_UP = 3; // who forwarded said so
export const FORWARDER_WHY_OWNER = 4; // the owner takes it back
export const FORWARDER_WHY_BETTER = 5; // a better forwarder was heard
export const FORWARDER_WHY_WEIGHTING = 6; // own weighting below the lower threshold
export const FORWARDER_WHY_TIMEOUT = 7; // the owner did not return within the timeout

// --- ARP -----------------------------------------------------------------------------------------
export const ARP_FREE = 0;
export const ARP_INCOMPLETE = 1;
export const ARP_REACHABLE = 2;
export const ARP_STALE = 3;
export const ARP_DELAY = 4;
export const ARP_PROBE = 5;
export const ARP_FAILED = 6;

export const FLUSH_CARRIER = 1;
export const FLUSH_TOPOLOGY = 2;
export const FLUSH_AGED = 3;
export const FLUSH_FALLBACK = 8; // the port is a member of its port-channel again

// --- spanning tree -------------------------------------------------------------------------------
export const STP_OFF = 0;
export const STP_RSTP = 1; // 802.1D-2004 clause 17
export const STP_CLASSIC = 2; // 802.1D-1998 clause 8

// Options of a port
export const STP_PORT_EDGE = 1; // AdminEdge
export const STP_PORT_AUTO_EDGE = 2;
export const STP_PORT_SHARED = 4; // half duplex: operPointToPointMAC is false
export const STP_PORT_BPDU_GUARD = 8;
export const STP_PORT_LOOP_GUARD = 16;

// What a guard has done
export const STP_GUARD_BPDU = 1; // a BPDU on a port that leads to no bridge: the port is shut down
export const STP_GUARD_LOOP = 2; // the port that heard BPDUs hears none: it stays closed
export const STP_GUARD_LOOP_OVER = 3; // and hears them again
export const STP_GUARD_LOOP_GONE = 4; // and its link is lost: the next one is a new one

export const STP_ROLE_DISABLED = 0;
export const STP_ROLE_ROOT = 1;
export const STP_ROLE_DESIGNATED = 2;
export const STP_ROLE_ALTERNATE = 3;
export const STP_ROLE_BACKUP = 4;

export const STP_DISCARDING = 0;
export const STP_LEARNING = 1;
export const STP_FORWARDING = 2;
export const STP_LISTENING = 3; // 1998 only, as the next two
export const STP_BLOCKING = 4;
export const STP_DISABLED = 5;

export const STORM_OVER = 0; //   b VLAN: the loop is gone
export const STORM_FOUND = 1; //  b VLAN, c bridge port by which a flooded frame came back
export const STORM_COPIES = 2; // b copies of one frame sent, c µs since it came back
export const STORM_GROWTH = 3; // b frames a ms in the last half, c ns in which the copies doubled

// --- MC-LAG --------------------------------------------------------------------------------------
// What the secondary does when the peer-link is lost: goes on as it is, suspends itself once it hears the primary, becomes primary.
export const ON_LOSS_STAY = 0;
export const ON_LOSS_SUSPEND = 1;
export const ON_LOSS_SPLIT = 2;
// What it suspends: its dual-homed members, its orphan ports too, every port but peer-link and keepalive.
export const SUSPENDS_MEMBERS = 0;
export const SUSPENDS_ORPHANS = 1;
export const SUSPENDS_ALL = 2;
export const MLAG_NONE = 0;
export const MLAG_PRIMARY = 1;
export const MLAG_SECONDARY = 2;
export const SUSPEND_PEERLINK = 1; // secondary, peer-link lost, the primary is heard
export const SUSPEND_DELAY_RESTORE = 2;
export const SUSPEND_ALONE = 3; // booted without ever hearing the peer, before auto recovery

// --- flows: why a frame is not delivered ----------------------------------------------------------
export const DROP_NONE = 0;
export const DROP_NODE_DOWN = 1; // the node is not running
export const DROP_NO_MEMBER = 2; // the bond or port-channel has no usable member
export const DROP_NO_CARRIER = 3; // the sender's port has no carrier
export const DROP_LINK_DARK = 4; // sent into a link that is cut or loses frames, which the sender has not noticed
export const DROP_NOT_COLLECTING = 5; // the receiver's member does not accept frames
export const DROP_NO_ARP = 6; // next hop not resolved
export const DROP_NO_ROUTE = 7;
export const DROP_NO_GATEWAY = 8; // no router takes frames to this MAC address
export const DROP_STALE_FDB = 9; // a MAC table entry leads where the host is not
export const DROP_LOOP_RULE = 10; // came in by the peer-link, must not leave by a dual-homed member
export const DROP_TTL = 11; // forwarding loop
export const DROP_NOT_FOUND = 12; // flooded, the destination was not reached
export const DROP_BACKUP_MEMBER = 13; // arrived on the inactive member of an active-backup bond
export const DROP_STALE_ARP = 14; // delivered to a host that is not the owner of the address
export const DROP_SUSPENDED = 15; // port-channel suspended by the MC-LAG rules
export const DROP_VRRP_BACKUP = 16; // sent to the virtual MAC, reached a router that is not master
export const DROP_DISCARDING = 17; // spanning tree does not let frames through this port
export const DROP_STORM = 18; // a loop fills the VLAN's links with copies of broadcasts

// --- paths of flows: hop = port left by, with flags -------------------------------------------------
export const PATH_HOPS = 31; // kept of a way
export const PATH_ROUTED = 1 << 30; // the node before this hop routed the frame
export const PATH_FLOODED = 1 << 29; // ... or flooded it
export const PATH_PORT = (1 << 29) - 1;

// --- why run() returned ---------------------------------------------------------------------------
export const STOP_TIME = 1; // reached `until`
export const STOP_TRACE_FULL = 2; // drain and call again
export const STOP_LIMIT = 3; // the slice's number of events
export const STOP_CAPTURE_FULL = 4; // drain the capture ring and call again

// --- frames --------------------------------------------------------------------------------------
export const FRAME_LACPDU = 1;
export const FRAME_ARP = 2;
export const FRAME_VRRP = 3;
export const FRAME_KEEPALIVE = 4; // MC-LAG keepalive between peers
export const FRAME_PEER = 5; // MC-LAG control message over the peer-link
export const FRAME_PROBE = 6; // a flow's measuring frame
export const FRAME_HELLO = 7; // routed adjacency hello (BFD-like liveness between routers)
export const FRAME_DHCP = 20; // PXE firmware and its server
export const FRAME_HSRP = 9;
export const FRAME_GLBP = 10;
export const FRAME_BPDU = 8;
export const FRAME_ND = 11; // neighbour solicitation or advertisement (IPv6)
export const FRAME_MLD = 12; // report of multicast groups joined (IPv6)
export const FRAME_LEARN = 15; // Linux modes 5 and 6: a frame to oneself, to teach the switch where a MAC is

// Capture ring: one record a frame sent or received on a watched port: the header, then the frame's real bytes.
export const CAPTURE_HEADER = 24; // time i64, port i32, direction i32 (0 sent, 1 received), length i32, original kind i32
export const CAPTURE_BYTES = 256; // stride of the ring
