// ns-3's schedulers on the timers of bench/wheel.ts. Favourable to ns-3: its Scheduler alone, with no EventImpl to allocate and no
// Simulator around it. EAGER 1 takes the old event out before the new one goes in; 0 leaves it, as Cancel does, and skips it when it comes up.
// usage: wheel-ns3 TIMERS ROUNDS TIMEOUT_NS STRIDE SCHEDULER EAGER. Prints: seconds passes checksum.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>
#include "ns3/core-module.h"

using namespace ns3;

int main(int argc, char **argv)
{
  if (argc != 7) return 2;
  const uint32_t count = std::atoi(argv[1]), rounds = std::atoi(argv[2]);
  const uint32_t stride = std::strtoull(argv[4], nullptr, 10);
  const uint64_t timeout = std::strtoull(argv[3], nullptr, 10);
  const bool eager = std::atoi(argv[6]) != 0;
  ObjectFactory factory;
  factory.SetTypeId("ns3::" + std::string(argv[5]));
  Ptr<Scheduler> scheduler = factory.Create<Scheduler>();
  std::vector<Scheduler::EventKey> current(count, Scheduler::EventKey{0, 0, 0}); // m_uid 0: not running
  uint64_t clock = 0;
  uint32_t uid = 0, sum = 2166136261u;
  auto fire = [&](uint64_t until) {
    while (!scheduler->IsEmpty() && scheduler->PeekNext().key.m_ts <= until) {
      const Scheduler::Event event = scheduler->RemoveNext();
      const uint32_t id = event.key.m_context;
      if (current[id].m_uid != event.key.m_uid) continue; // cancelled
      current[id].m_uid = 0;
      sum = (sum ^ id) * 16777619u;
    }
  };
  auto start = std::chrono::steady_clock::now();
  for (uint32_t round = 0; round <= rounds; round++) { // the first one starts the timers
    if (round == 1) start = std::chrono::steady_clock::now();
    for (uint32_t i = 0; i < count; i++) {
      const uint32_t id = (i * stride) & (count - 1);
      clock += 1000;
      if ((i & 1023) == 0) fire(clock);
      if (eager && current[id].m_uid != 0) scheduler->Remove(Scheduler::Event{nullptr, current[id]});
      current[id] = Scheduler::EventKey{clock + timeout, ++uid, id};
      scheduler->Insert(Scheduler::Event{nullptr, current[id]});
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  clock += timeout;
  fire(clock);
  std::printf("%.9f 1 %u\n", took.count(), sum);
  return 0;
}
