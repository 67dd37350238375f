/* Native baseline of bench/wheel.ts: deadlines in an array, one entry a timer in a binary heap; a restart to a later time only writes the
 * deadline, and the entry is put back when its old time comes. usage: wheel TIMERS ROUNDS TIMEOUT_NS STRIDE. Prints: seconds passes checksum. */
#include "common.h"

struct entry { int64_t at; uint32_t id; };

static struct entry *heap;
static uint32_t size;
static int64_t *deadline; /* -1: not running */

static void push(int64_t at, uint32_t id)
{
	uint32_t i = size++;

	while (i > 0 && heap[(i - 1) / 2].at > at) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = (struct entry){ at, id };
}

/* The last entry, or a renewed first one, sinks from the top. */
static void sink(struct entry e)
{
	uint32_t i = 0;

	for (uint32_t child = 1; child < size; child = 2 * i + 1) {
		if (child + 1 < size && heap[child + 1].at < heap[child].at)
			child++;
		if (heap[child].at >= e.at)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = e;
}

static uint32_t fire(int64_t until, uint32_t sum)
{
	while (size > 0 && heap[0].at <= until) {
		uint32_t id = heap[0].id;

		if (deadline[id] > heap[0].at) {
			sink((struct entry){ deadline[id], id });
			continue;
		}
		deadline[id] = -1;
		sum = fold(sum, id);
		size--;
		if (size > 0)
			sink(heap[size]);
	}
	return sum;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	uint32_t count = (uint32_t)atoi(argv[1]), rounds = (uint32_t)atoi(argv[2]), sum = 2166136261u;
	int64_t timeout = atoll(argv[3]), clock = 0;
	uint32_t stride = (uint32_t)atoll(argv[4]);

	heap = malloc((size_t)count * sizeof *heap);
	deadline = malloc((size_t)count * sizeof *deadline);
	if (!heap || !deadline)
		return 1;
	for (uint32_t i = 0; i < count; i++)
		deadline[i] = -1;
	double start = 0, seconds;
	for (uint32_t round = 0; round <= rounds; round++) { /* the first one starts the timers */
		if (round == 1)
			start = seconds_now();
		for (uint32_t i = 0; i < count; i++) {
			uint32_t id = (i * stride) & (count - 1);

			clock += 1000;
			if ((i & 1023) == 0)
				sum = fire(clock, sum);
			if (deadline[id] < 0)
				push(clock + timeout, id);
			deadline[id] = clock + timeout;
		}
	}
	seconds = seconds_now() - start;
	clock += timeout;
	sum = fire(clock, sum);
	printf("%.9f 1 %u\n", seconds, sum);
	return 0;
}
