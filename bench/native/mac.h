/* What the native arms of bench/mac.ts share: the same addresses, the same frames, the same digest as the TypeScript. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PORTS 48u

static inline uint32_t mix(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352du;
	x ^= x >> 15;
	x *= 0x846ca68bu;
	return x ^ (x >> 16);
}

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

static inline uint32_t digest(uint32_t sum, const int32_t *values, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		sum = (sum ^ (uint32_t)values[i]) * 16777619u;
	return sum;
}

static inline double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
