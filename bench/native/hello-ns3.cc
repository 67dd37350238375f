// The hellos of bench/events.ts in ns-3, as the smallest fair program: both ends of each link send a packet of 124 bytes each second, which
// arrives after the link's delay and restarts the receiver's timer of 3 s. No net device, no channel, no protocol: events, packets, timers.
// usage: hello-ns3 LINKS SECONDS DELAY_NS SCHEDULER. Prints: seconds packets checksum.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>
#include "ns3/core-module.h"
#include "ns3/network-module.h"

using namespace ns3;

static const uint32_t FRAME = 124;
static std::vector<EventId> receiveTimer;
static std::vector<uint32_t> heard;
static uint64_t packets = 0, expired = 0;
static Time delay;

static void Expire(uint32_t end) { (void)end; expired++; }

static void Receive(uint32_t end, Ptr<Packet> packet)
{
  packets++;
  heard[end] += packet->GetSize();
  receiveTimer[end].Cancel();
  receiveTimer[end] = Simulator::Schedule(Seconds(3), &Expire, end);
}

static void Send(uint32_t end)
{
  Simulator::Schedule(delay, &Receive, end ^ 1, Create<Packet>(FRAME));
  Simulator::Schedule(Seconds(1), &Send, end);
}

int main(int argc, char **argv)
{
  if (argc != 5) return 2;
  const uint32_t ends = 2 * std::atoi(argv[1]), seconds = std::atoi(argv[2]);
  delay = NanoSeconds(std::atoll(argv[3]));
  ObjectFactory factory;
  factory.SetTypeId("ns3::" + std::string(argv[4]));
  Simulator::SetScheduler(factory);
  receiveTimer.resize(ends);
  heard.assign(ends, 0);
  const auto start = std::chrono::steady_clock::now();
  for (uint32_t end = 0; end < ends; end++) // links come up over the first second, both ends at once
    Simulator::Schedule(MicroSeconds((end >> 1) * 0x9e3779b1u % 1000000u), &Send, end);
  Simulator::Stop(Seconds(seconds));
  Simulator::Run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  uint32_t sum = 2166136261u;
  for (uint32_t end = 0; end < ends; end++) sum = (sum ^ heard[end]) * 16777619u;
  std::printf("%.9f %llu %u\n", took.count(), (unsigned long long)packets, expired == 0 ? sum : 0);
  Simulator::Destroy();
  return 0;
}
