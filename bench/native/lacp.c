/* Native baseline of bench/lacp.ts and bench/events.ts: the machines of bench/lacp-javascript.ts, row for row, on the same calendar: buckets of
 * 2^18 ns as lists, a small heap for the bucket that is open. Both ends of each link with the receive, periodic, selection, mux and transmit machines
 * of IEEE 802.1AX, coupled control, short timeout. usage: lacp LINKS SECONDS DELAY_NS. Prints: seconds LACPDUs checksum. */
#include "common.h"

#define SECOND 1000000000ll
#define BUCKET_SHIFT 18
#define BUCKETS (1u << 14)
#define NONE 0xffffffffu

enum { ACTIVITY = 1, TIMEOUT = 2, AGGREGATION = 4, SYNC = 8, COLLECTING = 16, DISTRIBUTING = 32, DEFAULTED = 64, EXPIRED_BIT = 128 };
enum { PORT_DISABLED = 1, EXPIRED = 3, RX_DEFAULTED = 4, CURRENT = 5 };
enum { DETACHED, WAITING, ATTACHED, COLLECTING_DISTRIBUTING = 5 };
enum { START, RECEIVE, PERIODIC_TIMER, RECEIVE_TIMER, MUX_TIMER, TRANSMIT_TIMER };

#define NTT_BITS (ACTIVITY | TIMEOUT | AGGREGATION | SYNC)
#define TRANSMITS 3

struct identity { uint32_t priority, system, key, port_priority, port; };
struct pdu { struct identity actor, partner; uint32_t actor_state, partner_state, to; };
struct end {
	struct identity self, partner;
	uint32_t state, partner_state;
	uint8_t receive, mux, selected, ready, ntt, sent, receive_queued, transmit_queued;
	int64_t receive_at, mux_at, window;
};
struct event { int64_t at; uint64_t order; uint32_t code, next; };

static struct end *ends;
static struct pdu *frames;
static uint32_t free_frame;
static int64_t now, delay;
static uint64_t pdus;

/* --- the calendar ------------------------------------------------------------------------------------------------------------------------------ */

static struct event *slots, *heap;
static uint32_t heads[BUCKETS], free_slot = NONE, used, heap_size;
static int64_t open_bucket;
static uint64_t made;

static int before(const struct event *a, const struct event *b) { return a->at < b->at || (a->at == b->at && a->order < b->order); }

static void place(struct event e)
{
	uint32_t i = heap_size++;

	while (i > 0 && before(&e, &heap[(i - 1) / 2])) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = e;
}

static void push(int64_t at, int kind, uint32_t index)
{
	struct event e = { at, made++, index << 3 | (uint32_t)kind, NONE };
	int64_t bucket = at >> BUCKET_SHIFT;
	uint32_t slot = free_slot;

	if (bucket <= open_bucket) {
		place(e);
		return;
	}
	if (slot != NONE)
		free_slot = slots[slot].next;
	else
		slot = used++;
	e.next = heads[bucket & (BUCKETS - 1)];
	slots[slot] = e;
	heads[bucket & (BUCKETS - 1)] = slot;
}

static int pop(int64_t until, struct event *out)
{
	while (heap_size == 0) {
		if (open_bucket >= until >> BUCKET_SHIFT)
			return 0;
		uint32_t *head = &heads[++open_bucket & (BUCKETS - 1)];

		for (uint32_t slot = *head, next; slot != NONE; slot = next) {
			next = slots[slot].next;
			place(slots[slot]);
			slots[slot].next = free_slot;
			free_slot = slot;
		}
		*head = NONE;
	}
	if (heap[0].at > until)
		return 0;
	*out = heap[0];
	struct event e = heap[--heap_size];
	uint32_t i = 0;

	for (uint32_t child = 1; child < heap_size; child = 2 * i + 1) {
		if (child + 1 < heap_size && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &e))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = e;
	return 1;
}

/* --- the machines ------------------------------------------------------------------------------------------------------------------------------ */

static void start_receive_timer(uint32_t i)
{
	struct end *e = &ends[i];

	e->receive_at = now + 3 * SECOND;
	if (e->receive_queued)
		return;
	e->receive_queued = 1;
	push(e->receive_at, RECEIVE_TIMER, i);
}

static void periodic(uint32_t i)
{
	ends[i].ntt = 1;
	push(now + SECOND, PERIODIC_TIMER, i);
}

static void start(uint32_t i)
{
	struct end *e = &ends[i];

	e->state |= EXPIRED_BIT;
	e->partner_state = TIMEOUT;
	e->receive = EXPIRED;
	start_receive_timer(i);
	periodic(i);
}

static void receive_timer(uint32_t i)
{
	struct end *e = &ends[i];

	if (now < e->receive_at) { /* a LACPDU has pushed the deadline out since */
		push(e->receive_at, RECEIVE_TIMER, i);
		return;
	}
	e->receive_queued = 0;
	if (e->receive == CURRENT) {
		e->receive = EXPIRED;
		e->partner_state = (e->partner_state & ~(uint32_t)SYNC) | TIMEOUT;
		e->state |= EXPIRED_BIT;
		start_receive_timer(i);
	} else if (e->receive == EXPIRED) {
		e->receive = RX_DEFAULTED;
		e->selected = 0;
		e->state = (e->state & ~(uint32_t)EXPIRED_BIT) | DEFAULTED;
		memset(&e->partner, 0, sizeof e->partner);
		e->partner_state = SYNC;
	}
}

/* The receive machine on the LACPDU in a slot; returns the end that got it. */
static uint32_t handle(uint32_t slot)
{
	struct pdu *p = &frames[slot];
	uint32_t i = p->to;
	struct end *e = &ends[i];
	int known = memcmp(&p->actor, &e->partner, sizeof p->actor) == 0; /* the sender is the partner that we had */
	int same = memcmp(&p->partner, &e->self, sizeof p->partner) == 0; /* the sender knows us */
	uint32_t difference = p->partner_state ^ e->state;

	pdus++;
	e->partner = p->actor;
	if (!known || ((p->actor_state ^ e->partner_state) & AGGREGATION))
		e->selected = 0;
	if (!same || (difference & NTT_BITS))
		e->ntt = 1;
	int matched = (same && !(difference & AGGREGATION)) || !(p->actor_state & AGGREGATION);

	e->partner_state = matched ? p->actor_state : p->actor_state & ~(uint32_t)SYNC;
	e->state &= ~(uint32_t)(DEFAULTED | EXPIRED_BIT);
	e->receive = CURRENT;
	start_receive_timer(i);
	p->to = free_frame;
	free_frame = slot;
	return i;
}

static int mux_step(uint32_t i)
{
	struct end *e = &ends[i];
	int synchronous = (e->partner_state & SYNC) != 0;

	switch (e->mux) {
	case DETACHED:
		if (!e->selected)
			return 0;
		e->mux = WAITING;
		e->ready = 0;
		e->mux_at = now + 2 * SECOND;
		push(e->mux_at, MUX_TIMER, i);
		return 1;
	case WAITING:
		if (e->selected && !e->ready)
			return 0;
		e->mux = e->selected ? ATTACHED : DETACHED;
		if (e->selected)
			e->state |= SYNC;
		break;
	case ATTACHED:
		if (e->selected && !synchronous)
			return 0;
		e->mux = e->selected ? COLLECTING_DISTRIBUTING : DETACHED;
		if (e->selected)
			e->state |= COLLECTING | DISTRIBUTING;
		else
			e->state &= ~(uint32_t)SYNC;
		break;
	default:
		if (e->selected && synchronous)
			return 0;
		e->mux = ATTACHED;
		e->state &= ~(uint32_t)(COLLECTING | DISTRIBUTING);
	}
	e->ntt = 1;
	return 1;
}

static void transmit(uint32_t i)
{
	struct end *e = &ends[i];

	if (now - e->window >= SECOND) {
		e->window = now;
		e->sent = 0;
	}
	if (e->sent == TRANSMITS) {
		if (!e->transmit_queued)
			push(e->window + SECOND, TRANSMIT_TIMER, i);
		e->transmit_queued = 1;
		return;
	}
	e->sent++;
	e->ntt = 0;
	uint32_t slot = free_frame;

	free_frame = frames[slot].to;
	frames[slot] = (struct pdu){ e->self, e->partner, e->state, e->partner_state, i ^ 1 };
	push(now + delay, RECEIVE, slot);
}

static void settle(uint32_t i)
{
	struct end *e = &ends[i];

	if (!e->selected && e->receive == CURRENT && e->mux == DETACHED)
		e->selected = 1; /* one link, one aggregator */
	while (mux_step(i))
		;
	if (e->ntt)
		transmit(i);
}

static void run(int64_t until)
{
	struct event e;

	while (pop(until, &e)) {
		uint32_t i = e.code >> 3;

		now = e.at;
		switch (e.code & 7) {
		case START: start(i); break;
		case RECEIVE: i = handle(i); break;
		case PERIODIC_TIMER: periodic(i); break;
		case RECEIVE_TIMER: receive_timer(i); break;
		case MUX_TIMER: ends[i].ready = now >= ends[i].mux_at; break;
		case TRANSMIT_TIMER: ends[i].transmit_queued = 0; break;
		}
		settle(i);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	uint32_t count = 2 * (uint32_t)atoi(argv[1]), sum = 2166136261u;
	int64_t until = atoll(argv[2]) * SECOND;

	delay = atoll(argv[3]);
	ends = calloc(count, sizeof *ends);
	frames = calloc((size_t)count * TRANSMITS, sizeof *frames);
	slots = malloc((size_t)count * 8 * sizeof *slots);
	heap = malloc((size_t)count * 8 * sizeof *heap);
	if (!ends || !frames || !slots || !heap)
		return 1;
	double began = seconds_now();

	memset(heads, 0xff, sizeof heads);
	for (uint32_t i = 0; i < count * TRANSMITS; i++)
		frames[i].to = i + 1;
	for (uint32_t i = 0; i < count; i++) {
		ends[i].self = (struct identity){ 32768, i, 15, 32768, i % 48 + 1 };
		ends[i].state = ACTIVITY | TIMEOUT | AGGREGATION;
		ends[i].receive = PORT_DISABLED;
		push((int64_t)((i >> 1) * 0x9e3779b1u % 1000000u) * 1000, START, i);
	}
	run(until);
	double seconds = seconds_now() - began;

	for (uint32_t i = 0; i < count; i++) {
		if (ends[i].mux != COLLECTING_DISTRIBUTING || ends[i].receive != CURRENT)
			return 1;
		sum = fold(sum, ends[i].state ^ ends[i].partner_state << 8 ^ ends[i].partner.port << 16);
	}
	printf("%.9f %llu %u\n", seconds, (unsigned long long)pdus, sum);
	return 0;
}
