/* Native baseline of bench/hash.ts: the same flows, the same members, the same checksum.
 * usage: hash ROWS MEMBERS DISCARD ARM SECONDS; ARM 0: h % n with n a variable; 1: one loop for each n, n a constant.
 * Prints: seconds passes checksum. */
#include "common.h"

static inline uint32_t hash(uint32_t first, uint32_t src, uint32_t dst, int discard)
{
	uint32_t h = first ^ src ^ dst;

	h ^= h >> 16;
	h ^= h >> 8;
	return h >> discard;
}

#define LOOP(n, discard) \
	for (uint32_t i = 0; i < rows; i++) \
		out[i] = (uint8_t)(hash(first[i], src[i], dst[i], discard) % (n))

#define CASES(discard) \
	switch (n) { \
	case 2: LOOP(2u, discard); break; \
	case 3: LOOP(3u, discard); break; \
	case 4: LOOP(4u, discard); break; \
	case 5: LOOP(5u, discard); break; \
	case 6: LOOP(6u, discard); break; \
	case 7: LOOP(7u, discard); break; \
	case 8: LOOP(8u, discard); break; \
	}

#define COLUMNS \
	const uint32_t *restrict first, const uint32_t *restrict src, const uint32_t *restrict dst, \
	uint8_t *restrict out, uint32_t rows, uint32_t n, int discard

static __attribute__((noinline)) void variable(COLUMNS)
{
	LOOP(n, discard);
}

static __attribute__((noinline)) void constant(COLUMNS)
{
	if (discard) {
		CASES(1)
	} else {
		CASES(0)
	}
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	uint32_t rows = (uint32_t)atoi(argv[1]), n = (uint32_t)atoi(argv[2]);
	int discard = atoi(argv[3]), arm = atoi(argv[4]);
	double least = atof(argv[5]);
	size_t bytes = ((size_t)rows * 4 + 63) & ~(size_t)63;
	uint32_t *first = aligned_alloc(64, bytes), *src = aligned_alloc(64, bytes), *dst = aligned_alloc(64, bytes);
	uint8_t *out = aligned_alloc(64, bytes);

	if (!first || !src || !dst || !out)
		return 1;
	for (uint32_t i = 0; i < rows; i++) {
		first[i] = mix(i * 3);
		src[i] = mix(i * 3 + 1);
		dst[i] = mix(i * 3 + 2);
		out[i] = 0;
	}
	void (*run)(COLUMNS) = arm ? constant : variable;
	run(first, src, dst, out, rows, n, discard);

	long passes = 0;
	double start = seconds_now(), seconds;
	do {
		run(first, src, dst, out, rows, n, discard);
		passes++;
		seconds = seconds_now() - start;
	} while (seconds < least);

	uint32_t sum = 2166136261u;
	for (uint32_t i = 0; i < rows; i++)
		sum = (sum ^ out[i]) * 16777619u;
	printf("%.9f %ld %u\n", seconds, passes, sum);
	return 0;
}
