/* What the native arms of bench/mac.ts share: the same addresses, the same frames, the same digest as the TypeScript, and the frame of the
 * measurement. A program gives make_table(), learn() and look_up() and calls measure().
 * arguments: ENTRIES FRAMES WHAT SECONDS; WHAT 0: look-ups, 1: learning. Prints: seconds passes checksum. */
#include "common.h"

#define PORTS 48u

static inline uint64_t key_of(uint32_t i) { return ((uint64_t)10 << 48) | (0x020000000000ull + mix(i)); }
static inline uint32_t port_of(uint32_t i) { return mix(i + 7u) % PORTS; }

/* Frame j of the look-ups: nine of ten are known. */
static inline uint32_t sought(uint32_t j, uint32_t entries)
{
	uint32_t r = mix(j ^ 0x5bd1e995u);

	return r % 10 == 0 ? entries + (r >> 12) : (r >> 8) % entries;
}

/* Frame j of the learning: whose, and one of a hundred comes in by another port. */
static inline uint32_t heard(uint32_t j, uint32_t entries) { return (mix(j + 99u) >> 8) % entries; }
static inline uint32_t heard_at(uint32_t j, uint32_t i) { return j % 100 == 0 ? (port_of(i) + 1) % PORTS : port_of(i); }

static int make_table(uint32_t entries); /* 0: done */
static uint32_t learn(const uint64_t *keys, const uint32_t *ports, uint32_t count); /* how many had moved */
static void look_up(const uint64_t *keys, int32_t *out, uint32_t count);

static int measure(char **argv)
{
	uint32_t entries = (uint32_t)atoi(argv[1]), frames = (uint32_t)atoi(argv[2]), moves = 0, sum;
	int learning = atoi(argv[3]);
	double least = atof(argv[4]), start, seconds;
	uint64_t *keys = malloc((size_t)frames * 8), *known = malloc((size_t)entries * 8);
	uint32_t *ports = malloc((size_t)frames * 4), *at = malloc((size_t)entries * 4);
	int32_t *out = malloc((size_t)frames * 4);
	long passes = 0;

	if (!keys || !known || !ports || !at || !out || make_table(entries) != 0)
		return 1;
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
	sum = 2166136261u ^ moves;
	for (uint32_t j = 0; j < frames; j++)
		sum = fold(sum, (uint32_t)out[j]);
	printf("%.9f %ld %u\n", seconds, passes, sum);
	return 0;
}
