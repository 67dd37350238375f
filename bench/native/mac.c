/* Native baseline of bench/mac.ts: a MAC table as a good C programmer would write it: open addressing, half full, 16-byte entries.
 * usage: mac.h. */
#include "mac.h"

struct entry { uint64_t key; int32_t port; uint32_t seen; };

static struct entry *table;
static uint64_t mask;
static uint32_t now = 1;

static inline struct entry *find(uint64_t key)
{
	uint64_t at = (key * 0x9e3779b97f4a7c15ull) >> 32;

	for (;; at++) {
		struct entry *e = &table[at & mask];

		if (e->key == key || e->key == 0)
			return e;
	}
}

static uint32_t learn(const uint64_t *keys, const uint32_t *ports, uint32_t count)
{
	uint32_t moves = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct entry *e = find(keys[i]);

		if (e->key != 0 && e->port != (int32_t)ports[i])
			moves++;
		e->key = keys[i];
		e->port = (int32_t)ports[i];
		e->seen = now;
	}
	return moves;
}

static void look_up(const uint64_t *keys, int32_t *out, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct entry *e = find(keys[i]);

		out[i] = e->key != 0 && now - e->seen < 300 ? e->port : -1;
	}
}

static int make_table(uint32_t entries)
{
	uint64_t slots = 16;

	while (slots < (uint64_t)entries * 2)
		slots <<= 1;
	mask = slots - 1;
	table = aligned_alloc(64, slots * sizeof *table);
	if (!table)
		return 1;
	memset(table, 0, slots * sizeof *table);
	return 0;
}

int main(int argc, char **argv) { return argc == 5 ? measure(argv) : 2; }
