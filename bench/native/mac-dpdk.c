/* DPDK's rte_hash on the look-ups of bench/mac.ts: 8-byte keys, CRC hash, rte_hash_lookup_bulk in bursts of 64.
 * usage: mac.h. */
#include "mac.h"
#include <rte_eal.h>
#include <rte_hash.h>
#include <rte_hash_crc.h>

#define BURST 64u

static struct rte_hash *table;
static int32_t *port_at; /* by the position of the key */

static uint32_t learn(const uint64_t *keys, const uint32_t *ports, uint32_t count)
{
	const void *burst[BURST];
	int32_t found[BURST];
	uint32_t moves = 0;

	for (uint32_t i = 0; i < count; i += BURST) {
		uint32_t n = count - i < BURST ? count - i : BURST;

		for (uint32_t k = 0; k < n; k++)
			burst[k] = &keys[i + k];
		rte_hash_lookup_bulk(table, burst, n, found);
		for (uint32_t k = 0; k < n; k++) {
			if (found[k] < 0)
				found[k] = rte_hash_add_key(table, &keys[i + k]);
			else if (port_at[found[k]] != (int32_t)ports[i + k])
				moves++;
			if (found[k] < 0)
				exit(1);
			port_at[found[k]] = (int32_t)ports[i + k];
		}
	}
	return moves;
}

static void look_up(const uint64_t *keys, int32_t *out, uint32_t count)
{
	const void *burst[BURST];
	int32_t found[BURST];

	for (uint32_t i = 0; i < count; i += BURST) {
		uint32_t n = count - i < BURST ? count - i : BURST;

		for (uint32_t k = 0; k < n; k++)
			burst[k] = &keys[i + k];
		rte_hash_lookup_bulk(table, burst, n, found);
		for (uint32_t k = 0; k < n; k++)
			out[i + k] = found[k] < 0 ? -1 : port_at[found[k]];
	}
}

static int make_table(uint32_t entries)
{
	struct rte_hash_parameters parameters = {
		.name = "mac", .entries = entries * 2, .key_len = 8, .hash_func = rte_hash_crc, .hash_func_init_val = 0, .socket_id = 0,
	};

	table = rte_hash_create(&parameters);
	port_at = malloc((size_t)entries * 2 * 4 + 4096);
	return table && port_at ? 0 : 1;
}

int main(int argc, char **argv)
{
	char *eal[] = { argv[0], "--no-huge", "--no-shconf", "--no-pci", "--no-telemetry", "--log-level=error", "--lcores=0@(0-1)", "-m", "256", NULL };

	return argc == 5 && rte_eal_init(9, eal) >= 0 ? measure(argv) : 2;
}
