/* Native baseline of bench/mac.ts: a MAC table as a good C programmer would write it: open addressing, half full, 16-byte entries.
 * usage: mac ENTRIES FRAMES WHAT SECONDS; WHAT 0: look-ups, 1: learning. Prints: seconds passes checksum. */
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

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	uint32_t entries = (uint32_t)atoi(argv[1]), frames = (uint32_t)atoi(argv[2]);
	int learning = atoi(argv[3]);
	double least = atof(argv[4]), start, seconds;
	uint64_t slots = 16, *keys = malloc((size_t)frames * 8), *known = malloc((size_t)entries * 8);
	uint32_t *ports = malloc((size_t)frames * 4), *at = malloc((size_t)entries * 4), moves = 0;
	int32_t *out = malloc((size_t)frames * 4);
	long passes = 0;

	while (slots < (uint64_t)entries * 2)
		slots <<= 1;
	mask = slots - 1;
	table = aligned_alloc(64, slots * sizeof *table);
	if (!keys || !known || !ports || !at || !out || !table)
		return 1;
	memset(table, 0, slots * sizeof *table);
	for (uint32_t i = 0; i < entries; i++) {
		known[i] = key_of(i);
		at[i] = port_of(i);
	}
	for (uint32_t j = 0; j < frames; j++) {
		uint32_t i = learning ? heard(j, entries) : sought(j, entries);

		keys[j] = key_of(i);
		ports[j] = heard_at(j, i);
	}
	learn(known, at, entries);
	if (learning)
		learn(keys, ports, frames);
	else
		look_up(keys, out, frames);
	start = seconds_now();
	do {
		if (learning)
			moves = learn(keys, ports, frames);
		else
			look_up(keys, out, frames);
		passes++;
		seconds = seconds_now() - start;
	} while (seconds < least);
	if (learning)
		look_up(keys, out, frames);
	printf("%.9f %ld %u\n", seconds, passes, digest(2166136261u ^ moves, out, frames));
	return 0;
}
