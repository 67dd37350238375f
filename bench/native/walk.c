/* Native baseline of bench/walk.ts: the walk of walk-javascript.ts, on the same tables (walk-tables.ts), which come as a file.
 * usage: walk FILE PREFIXES SECONDS. Prints: seconds passes checksum. */
#include "common.h"

#define SECTIONS 12
#define LAG (1 << 28)
#define TTL 32
#define HOPS_MAX 64
#define FNV 0x01000193u

enum { BRIDGED = -1, NONE = -1, TO_ROUTER = -2 };

struct slot { int32_t a, b, value, used; };
struct table { const struct slot *slots; uint32_t mask; };
struct port { int32_t far, node, pvid, owner; };
struct lag { int32_t first, count; uint32_t seed; int32_t linux_hash; };
struct l3 { uint32_t ip, mask, gateway; int32_t lag, port, mac, node, vlan; };
struct node { uint32_t seed; int32_t routes; };
struct walk { int32_t from, to; uint32_t tcp; };

static const struct port *ports;
static const struct lag *lags;
static const struct l3 *l3s;
static const struct node *nodes;
static const struct walk *walks;
static const int32_t *members, *routes, *hops_of, *lengths;
static struct table prefixes, neighbours, macs;
static uint32_t width, walk_count, length_count;
static uint32_t hops, digest; /* of the last walk */

static inline int32_t find(struct table t, uint32_t a, uint32_t b)
{
	for (uint32_t at = mix(a * 0x9e3779b1u ^ b) & t.mask; t.slots[at].used; at = (at + 1) & t.mask)
		if ((uint32_t)t.slots[at].a == a && (uint32_t)t.slots[at].b == b)
			return t.slots[at].value;
	return NONE;
}

static inline uint32_t layer34(uint32_t tcp, uint32_t from, uint32_t to)
{
	uint32_t h = __builtin_bswap32(tcp ^ from ^ to);

	h ^= h >> 16;
	h ^= h >> 8;
	return h >> 1;
}

static inline uint32_t seeded(uint32_t hash, uint32_t seed)
{
	uint32_t h = hash ^ seed;

	h = (h ^ h >> 16) * 0x7feb352du;
	h = (h ^ h >> 15) * 0x846ca68bu;
	return h ^ h >> 16;
}

static inline int32_t leave(int32_t out, uint32_t hash)
{
	if (out < LAG)
		return out;
	const struct lag *l = &lags[out - LAG];

	if (l->count < 2)
		return l->count == 0 ? NONE : members[l->first];
	return members[l->first + (int32_t)((l->linux_hash ? hash : seeded(hash, l->seed)) % (uint32_t)l->count)];
}

static inline int32_t longest_match(uint32_t ip)
{
	for (uint32_t i = 0; i < length_count; i++) {
		uint32_t length = (uint32_t)lengths[i];
		int32_t prefix = find(prefixes, length == 0 ? 0 : ip & 0xffffffffu << (32 - length), length);

		if (prefix != NONE)
			return prefix;
	}
	return NONE;
}

static int walk(const struct walk *w)
{
	const struct l3 *source = &l3s[w->from];
	uint32_t ip = l3s[w->to].ip, hash = layer34(w->tcp, source->ip, ip);
	int32_t mac = find(neighbours, (uint32_t)w->from, ((ip ^ source->ip) & source->mask) == 0 ? ip : source->gateway);
	int32_t port = source->lag >= 0 ? leave(LAG + source->lag, hash) : source->port, tag = 0, ttl = TTL;

	hops = 0;
	digest = 0x811c9dc5u;
	if (mac == NONE)
		return 0;
	while (port >= 0 && hops < HOPS_MAX) {
		hops++;
		digest = (digest ^ (uint32_t)port) * FNV;
		if (ports[port].far < 0)
			return 0;
		const struct port *far = &ports[ports[port].far];

		if (far->owner >= 0)
			return l3s[far->owner].mac == mac && l3s[far->owner].ip == ip;
		int32_t vlan = tag != 0 ? tag : far->pvid;
		int32_t out = far->owner == BRIDGED ? find(macs, (uint32_t)(far->node << 12 | vlan), (uint32_t)mac) : TO_ROUTER;

		if (out == TO_ROUTER) {
			if (--ttl < 1)
				return 0;
			int32_t prefix = longest_match(ip);

			if (prefix == NONE)
				return 0;
			const struct node *n = &nodes[far->node];
			int32_t route = routes[(uint32_t)n->routes * width + (uint32_t)prefix];

			if (route >= 0) {
				port = hops_of[route + 1 + (int32_t)(seeded(hash, n->seed) % (uint32_t)hops_of[route])];
				tag = 0;
				continue;
			}
			if (route == NONE)
				return 0;
			int32_t l3 = -2 - route;

			mac = find(neighbours, (uint32_t)l3, ip);
			vlan = l3s[l3].vlan;
			out = mac == NONE ? NONE : find(macs, (uint32_t)(far->node << 12 | vlan), (uint32_t)mac);
		}
		if (out < 0)
			return 0;
		port = leave(out, hash);
		if (port >= 0)
			tag = ports[port].pvid == vlan ? 0 : vlan;
	}
	return 0;
}

static uint32_t all(void)
{
	uint32_t sum = 0x811c9dc5u;

	for (uint32_t i = 0; i < walk_count; i++) {
		int arrives = walk(&walks[i]);

		sum = fold(sum, arrives ? digest : 0);
		sum = fold(sum, arrives ? hops : 0);
	}
	return sum;
}

static int read_sections(const char *path, const int32_t **at, int32_t *words)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return 1;
	for (int i = 0; i < SECTIONS; i++) {
		int32_t *section;

		if (fread(&words[i], 4, 1, file) != 1 || !(section = aligned_alloc(64, ((size_t)words[i] * 4 + 64) & ~(size_t)63)))
			return 1;
		if (fread(section, 4, (size_t)words[i], file) != (size_t)words[i])
			return 1;
		at[i] = section;
	}
	fclose(file);
	return 0;
}

static struct table table_of(const int32_t *at, int32_t words)
{
	return (struct table){ (const struct slot *)at, (uint32_t)words / 4 - 1 };
}

int main(int argc, char **argv)
{
	const int32_t *at[SECTIONS];
	int32_t words[SECTIONS];

	if (argc != 4 || read_sections(argv[1], at, words))
		return 2;
	ports = (const void *)at[0];
	lags = (const void *)at[1];
	members = at[2];
	l3s = (const void *)at[3];
	nodes = (const void *)at[4];
	routes = at[5];
	hops_of = at[6];
	lengths = at[7];
	length_count = (uint32_t)words[7];
	prefixes = table_of(at[8], words[8]);
	neighbours = table_of(at[9], words[9]);
	macs = table_of(at[10], words[10]);
	walks = (const void *)at[11];
	walk_count = (uint32_t)words[11] / 3;
	width = (uint32_t)atoi(argv[2]);

	double least = atof(argv[3]), seconds;
	uint32_t sum = all();
	long passes = 0;
	double start = seconds_now();

	do {
		sum = all();
		passes++;
		seconds = seconds_now() - start;
	} while (seconds < least);
	printf("%.9f %ld %u\n", seconds, passes, sum);
	return 0;
}
