// The world of an mstpd, in virtual time: preloaded into the daemon as it is shipped, this file is its kernel, its cables and its clock. No root, no network, no
// waiting: when the daemon has nothing left to do, a second may pass.
//
// Commands come in on file descriptor 0, a line each; what happens goes out on 3.
//   bridge INDEX NAME MAC                a bridge
//   port INDEX NAME MAC BRIDGE NO FULL   a port of it, without a link; FULL 0 is half duplex
//   lan PORT...                          a cable (two ports), a hub (more), a host's cable (one)
//   link 0|1 PORT...                     these ports lose, or get, their carrier at one instant
//   mute 0|1 PORT...                     what these ports send does not arrive, from 1 on; the carrier stays
//   ctl COMMAND OUT HEX                  what mstpctl would send; "ctl RESULT HEX" comes back
//   tick N                               N seconds, each to rest
// "state PORT STATE", "flush PORT" and "bpdu PORT HEX" are told as they happen, "tick N" when the Nth second since the start begins.
//
//   gcc -shared -fPIC -O2 -o world.so world.c

#define _GNU_SOURCE
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CTL = 1000, PACKET, INET, LISTEN, TALK, EPOLL, PORT_NO, FLUSH, SINK, FAKE_FDS };
enum { MAX_IF = 512, MAX_LANS = 512, QUEUE = 1 << 16, FRAME = 128, LINE = 1 << 14, NETLINK_PID = 77 };

struct interface { char name[IFNAMSIZ]; unsigned char mac[6]; int used, bridge, number, full, carrier, mute, lan; };
struct frame { int to, length; unsigned char bytes[FRAME]; };

static struct interface ifs[MAX_IF];
static int lans;
static struct frame frames[QUEUE];
static unsigned firstFrame, lastFrame;
static int changed[QUEUE];
static unsigned firstChange, lastChange;
static struct { int pending, command, lout, length; unsigned char in[LINE]; } ctl;
static struct epoll_event handlers[FAKE_FDS - CTL];
static int netlinks, dumping, opened, ticksLeft;
static unsigned sequence;
static long second;

// --- the harness's end ------------------------------------------------------------------------------

static void out(const char *format, ...) {
  static char buffer[1 << 16];
  static int used;
  va_list args;
  va_start(args, format);
  if (format == NULL || used > (int)sizeof buffer - LINE) { for (int at = 0; at < used;) at += syscall(SYS_write, 3, buffer + at, used - at); used = 0; }
  if (format != NULL) used += vsnprintf(buffer + used, sizeof buffer - used, format, args);
  va_end(args);
}

static void outHex(const unsigned char *bytes, int length) { for (int i = 0; i < length; i++) out("%02x", bytes[i]); out("\n"); }

static int readLine(char *line) {
  static char buffer[1 << 16];
  static int at, used;
  for (int n = 0;;) {
    if (at == used) { used = syscall(SYS_read, 0, buffer, sizeof buffer); at = 0; if (used <= 0) return 0; }
    char c = buffer[at++];
    if (c == '\n') { line[n] = 0; return 1; }
    if (n < LINE - 1) line[n++] = c;
  }
}

static int fromHex(const char *hex, unsigned char *bytes) {
  int n = 0;
  for (unsigned b; sscanf(hex + 2 * n, "%2x", &b) == 1; n++) bytes[n] = b;
  return n;
}

static void obey(char *line) {
  char *word = strtok(line, " "), *arg;
  if (word == NULL) return;
  if (strcmp(word, "bridge") == 0 || strcmp(word, "port") == 0) {
    struct interface *i = &ifs[atoi(strtok(NULL, " "))];
    i->used = 1;
    strncpy(i->name, strtok(NULL, " "), IFNAMSIZ - 1);
    fromHex(strtok(NULL, " "), i->mac);
    if (word[0] == 'b') { i->carrier = 1; return; }
    i->bridge = atoi(strtok(NULL, " ")); i->number = atoi(strtok(NULL, " ")); i->full = atoi(strtok(NULL, " "));
  } else if (strcmp(word, "lan") == 0) {
    for (lans++; (arg = strtok(NULL, " ")) != NULL;) ifs[atoi(arg)].lan = lans;
  } else if (strcmp(word, "link") == 0) {
    for (int on = atoi(strtok(NULL, " ")); (arg = strtok(NULL, " ")) != NULL;) { ifs[atoi(arg)].carrier = on; changed[lastChange++ % QUEUE] = atoi(arg); }
  } else if (strcmp(word, "mute") == 0) {
    for (int on = atoi(strtok(NULL, " ")); (arg = strtok(NULL, " ")) != NULL;) ifs[atoi(arg)].mute = on;
  } else if (strcmp(word, "ctl") == 0) {
    ctl.pending = 1;
    ctl.command = atoi(strtok(NULL, " ")); ctl.lout = atoi(strtok(NULL, " ")); ctl.length = fromHex(strtok(NULL, " "), ctl.in);
  } else if (strcmp(word, "tick") == 0) ticksLeft = atoi(strtok(NULL, " "));
  else { out("what is \"%s\"?\n", word); }
}

// --- the loop: one thing at a time, and time goes on at rest -----------------------------------------

static int ready(struct epoll_event *events, int fd) { events[0] = handlers[fd - CTL]; events[0].events = EPOLLIN; return 1; }

int epoll_wait(int fd, struct epoll_event *events, int max, int timeout) {
  static char line[LINE];
  (void)fd; (void)max; (void)timeout;
  for (;;) {
    if (firstChange != lastChange) return ready(events, LISTEN);
    if (ctl.pending) return ready(events, CTL);
    if (firstFrame != lastFrame) return ready(events, PACKET);
    if (ticksLeft > 0) { ticksLeft--; second++; out("tick %ld\n", second); return 0; }
    if (!readLine(line)) { out(NULL); syscall(SYS_exit_group, 0); }
    obey(line);
  }
}

int epoll_create(int size) { (void)size; return EPOLL; }
int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event) { (void)epoll; if (op == EPOLL_CTL_ADD && fd >= CTL) handlers[fd - CTL] = *event; return 0; }
/** A little past the whole second, so that the daemon's is over. */
int clock_gettime(clockid_t clock, struct timespec *at) { (void)clock; at->tv_sec = 1000 + second; at->tv_nsec = second == 0 ? 0 : 5000000; return 0; }

// --- sockets ------------------------------------------------------------------------------------------

int socket(int domain, int type, int protocol) {
  (void)type; (void)protocol;
  return domain == AF_UNIX ? CTL : domain == AF_PACKET ? PACKET : domain == AF_INET ? INET : netlinks++ == 0 ? LISTEN : TALK;
}
int bind(int fd, const struct sockaddr *address, socklen_t length) { (void)fd; (void)address; (void)length; return 0; }
/** No groups of VLANs: one tree. */
int setsockopt(int fd, int level, int option, const void *value, socklen_t length) { (void)fd; (void)option; (void)value; (void)length; return level == SOL_NETLINK ? -1 : 0; }
int fcntl(int fd, int command, ...) { (void)fd; (void)command; return 0; }
int getsockname(int fd, struct sockaddr *address, socklen_t *length) {
  struct sockaddr_nl own = { .nl_family = AF_NETLINK, .nl_pid = NETLINK_PID };
  (void)fd;
  memcpy(address, &own, sizeof own);
  *length = sizeof own;
  return 0;
}

static int gather(const struct msghdr *m, unsigned char *bytes, int room) {
  int n = 0;
  for (size_t i = 0; i < m->msg_iovlen; i++) { int l = m->msg_iov[i].iov_len; if (l > room - n) l = room - n; memcpy(bytes + n, m->msg_iov[i].iov_base, l); n += l; }
  return n;
}

static void transmit(int from, const unsigned char *bytes, int length) {
  if (!ifs[from].carrier) return;
  out("bpdu %d ", from);
  outHex(bytes + 17, length - 17); // behind Ethernet and LLC
  if (ifs[from].mute) return;
  for (int to = 0; to < MAX_IF; to++) {
    if (to == from || ifs[to].lan != ifs[from].lan || !ifs[to].used || !ifs[to].carrier || ifs[to].bridge == 0) continue;
    struct frame *f = &frames[lastFrame++ % QUEUE];
    f->to = to; f->length = length;
    memcpy(f->bytes, bytes, length);
  }
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags) {
  unsigned char bytes[LINE];
  int n = gather(m, bytes, sizeof bytes);
  (void)flags;
  if (fd == PACKET) transmit(((struct sockaddr_ll *)m->msg_name)->sll_ifindex, bytes, n);
  else if (fd == CTL) { int *header = (int *)bytes; out("ctl %d ", header[4]); outHex(bytes + 20, header[2]); }
  else {
    struct nlmsghdr *h = (struct nlmsghdr *)bytes;
    sequence = h->nlmsg_seq;
    if (h->nlmsg_type != RTM_SETLINK) return n;
    struct ifinfomsg *info = NLMSG_DATA(h);
    int length = h->nlmsg_len - NLMSG_LENGTH(sizeof *info);
    for (struct rtattr *a = IFLA_RTA(info); RTA_OK(a, length); a = RTA_NEXT(a, length)) if (a->rta_type == IFLA_PROTINFO) out("state %d %d\n", info->ifi_index, *(unsigned char *)RTA_DATA(a));
  }
  return n;
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t room) {
  (void)fd; (void)flags; (void)to; (void)room;
  sequence = ((const struct nlmsghdr *)bytes)->nlmsg_seq;
  dumping = 1;
  return length;
}

ssize_t recvfrom(int fd, void *bytes, size_t room, int flags, struct sockaddr *from, socklen_t *length) {
  struct frame *f = &frames[firstFrame++ % QUEUE];
  struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = ifs[f->to].carrier ? f->to : 0 }; // 0 is nobody's: the cable was cut meanwhile
  (void)fd; (void)flags; (void)room;
  memcpy(from, &at, sizeof at);
  *length = sizeof at;
  memcpy(bytes, f->bytes, f->length);
  return f->length;
}

static void add(struct nlmsghdr *h, int type, const void *data, int length) {
  struct rtattr *a = (struct rtattr *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));
  a->rta_type = type; a->rta_len = RTA_LENGTH(length);
  memcpy(RTA_DATA(a), data, length);
  h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static int linkMessage(struct nlmsghdr *h, int index) {
  struct ifinfomsg *info = NLMSG_DATA(h);
  h->nlmsg_len = NLMSG_LENGTH(sizeof *info); h->nlmsg_type = RTM_NEWLINK;
  info->ifi_family = AF_BRIDGE; info->ifi_index = index; info->ifi_flags = IFF_UP | (ifs[index].carrier ? IFF_RUNNING : 0);
  add(h, IFLA_IFNAME, ifs[index].name, strlen(ifs[index].name) + 1);
  add(h, IFLA_MASTER, &ifs[index].bridge, sizeof(int));
  return h->nlmsg_len;
}

static int ctlMessage(struct msghdr *m) {
  int header[5] = { ctl.command, ctl.length, ctl.lout, 256, 0 };
  struct ucred root = { .pid = 1 };
  memcpy(m->msg_iov[0].iov_base, header, sizeof header);
  memcpy(m->msg_iov[1].iov_base, ctl.in, ctl.length);
  struct cmsghdr *c = CMSG_FIRSTHDR(m);
  c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_CREDENTIALS; c->cmsg_len = CMSG_LEN(sizeof root);
  memcpy(CMSG_DATA(c), &root, sizeof root);
  ctl.pending = 0;
  return sizeof header + ctl.length;
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags) {
  (void)flags;
  m->msg_flags = 0;
  if (fd == CTL) return ctlMessage(m);
  struct nlmsghdr *h = m->msg_iov[0].iov_base;
  memset(h, 0, 256);
  memset(m->msg_name, 0, sizeof(struct sockaddr_nl));
  m->msg_namelen = sizeof(struct sockaddr_nl);
  h->nlmsg_pid = NETLINK_PID; h->nlmsg_seq = sequence;
  if (fd == LISTEN && !dumping) {
    if (firstChange == lastChange) { errno = EAGAIN; return -1; }
    return linkMessage(h, changed[firstChange++ % QUEUE]);
  }
  h->nlmsg_type = dumping ? NLMSG_DONE : NLMSG_ERROR; // of error 0: done
  h->nlmsg_len = NLMSG_LENGTH(sizeof(struct nlmsgerr));
  dumping = 0;
  return h->nlmsg_len;
}

// --- interfaces ---------------------------------------------------------------------------------------

static int named(const char *name) { for (int i = 1; i < MAX_IF; i++) if (ifs[i].used && strcmp(ifs[i].name, name) == 0) return i; return 0; }

char *if_indextoname(unsigned index, char name[IFNAMSIZ]) { return index < MAX_IF && ifs[index].used ? strcpy(name, ifs[index].name) : NULL; }

int ioctl(int fd, unsigned long request, ...) {
  va_list args;
  va_start(args, request);
  struct ifreq *r = va_arg(args, struct ifreq *);
  va_end(args);
  int index = named(r->ifr_name);
  (void)fd;
  if (index == 0) { errno = ENODEV; return -1; }
  if (request == SIOCGIFHWADDR) memcpy(r->ifr_hwaddr.sa_data, ifs[index].mac, 6);
  else if (request == SIOCGIFFLAGS) r->ifr_flags = IFF_UP | (ifs[index].carrier ? IFF_RUNNING : 0);
  else if (request == SIOCETHTOOL) { struct ethtool_cmd *e = (struct ethtool_cmd *)r->ifr_data; e->speed = 1000; e->speed_hi = 0; e->duplex = ifs[index].full; }
  else { errno = EOPNOTSUPP; return -1; }
  return 0;
}

/** /sys/class/net/NAME/WHAT: whose is it, and what? */
static int sysfs(const char *path, const char **what) {
  char name[IFNAMSIZ];
  if (sscanf(path, "/sys/class/net/%15[^/]", name) != 1) return 0;
  *what = path + strlen("/sys/class/net/") + strlen(name) + 1;
  return named(name);
}

int access(const char *path, int mode) { const char *what; int i = sysfs(path, &what); (void)mode; return i != 0 && strcmp(what, "bridge") == 0 && ifs[i].bridge == 0 ? 0 : -1; }

int open(const char *path, int flags, ...) {
  const char *what;
  int i = sysfs(path, &what);
  if (i == 0) return syscall(SYS_openat, -100, path, flags, 0);
  opened = i;
  return strcmp(what, "brport/port_no") == 0 ? PORT_NO : strcmp(what, "brport/flush") == 0 ? FLUSH : SINK;
}
ssize_t read(int fd, void *bytes, size_t room) { return fd == PORT_NO ? snprintf(bytes, room, "%d\n", ifs[opened].number) : fd >= CTL ? 0 : syscall(SYS_read, fd, bytes, room); }
ssize_t write(int fd, const void *bytes, size_t length) {
  if (fd < CTL) return syscall(SYS_write, fd, bytes, length);
  if (fd == FLUSH) out("flush %d\n", opened);
  return length;
}
int close(int fd) { return fd >= CTL ? 0 : syscall(SYS_close, fd); }
