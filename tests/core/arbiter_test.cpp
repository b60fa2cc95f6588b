// The bank arbiters: recorded RTL decisions (file as argument, written by test_arbiter.py) and the rules as
// plain loops under random requests.
#include "../../flexdbg/core/arbiter.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "check.hpp"

using namespace flexdbg;

namespace {

Config config_of(Arbiter kind, u32 harts) {
  Config config;
  config.tcdm_arbiter = kind;
  config.harts = harts;
  return config;
}

Arbiter kind_of(const std::string& name) {
  return name == "hci"         ? Arbiter::kHci
         : name == "classic"   ? Arbiter::kClassic
         : name == "classic12" ? Arbiter::kClassic12
                               : Arbiter::kRoundRobin;
}

// ---- recorded decisions

struct Access {
  u64 request, grant;
  int bank;
};

void contend(BankArbiter arbiter, const std::vector<std::vector<Access>>& harts) {
  std::vector<std::size_t> next(harts.size());
  for (u64 cycle = 0, left = 1; left; ++cycle) {
    u32 requests[16] = {};
    left = 0;
    for (std::size_t h = 0; h < harts.size(); ++h) {
      if (next[h] == harts[h].size()) continue;
      ++left;
      const Access& a = harts[h][next[h]];
      if (a.request <= cycle) requests[a.bank] |= 1u << h;
    }
    for (int bank = 0; bank < 16; ++bank) {
      const int winner = arbiter.grant(bank, requests[bank]);
      if (winner < 0) continue;
      const Access& a = harts[winner][next[winner]++];
      CHECK_EQ(a.grant, cycle);
      if (a.grant != cycle) return;
    }
  }
}

void recorded(const char* path) {
  std::ifstream file(path);
  std::string line;
  BankArbiter arbiter{Config{}};
  std::vector<std::vector<Access>> harts;
  Arbiter kind = Arbiter::kHci;
  int decisions = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string word, name;
    words >> word;
    if (word == "arbiter") {  // kind, harts, last winner of channel 0
      u32 count;
      bool last_winner;
      words >> name >> count >> last_winner;
      kind = kind_of(name);
      arbiter = BankArbiter(config_of(kind, count));
      arbiter.set_last_winner(0, last_winner);
    } else if (word == "reset") {
      arbiter.reset();
    } else if (word == "r") {  // request bits, winner's bit number or -1
      u32 requests;
      int winner;
      words >> std::hex >> requests >> std::dec >> winner;
      CHECK_EQ(arbiter.grant(5, requests), winner);
      ++decisions;
    } else if (word == "table") {  // pointer, then the winner for core masks 1..255
      int pointer, winner;
      words >> pointer;
      for (u32 mask = 1; words >> winner; ++mask) {
        BankArbiter fresh = arbiter;
        fresh.reset();
        if (kind == Arbiter::kHci) {
          fresh.grant(0, 1u << pointer);
        } else {
          for (int i = 0; i < pointer; ++i) fresh.grant(0, 1);
        }
        CHECK_EQ(fresh.grant(0, mask), winner);
        ++decisions;
      }
    } else if (word == "a") {  // hart, request, grant, bank
      std::size_t hart;
      Access a;
      words >> hart >> a.request >> a.grant >> a.bank;
      if (harts.size() <= hart) harts.resize(hart + 1);
      harts[hart].push_back(a);
    } else if (word == "contend") {
      contend(BankArbiter(config_of(kind, 8)), harts);
      harts.clear();
    }
  }
  CHECK(decisions > 5000);
}

// ---- the rules as plain loops

struct Plain {
  Arbiter kind;
  u32 harts;
  u32 pointer = 0, pointer1 = 0, toggle = 0;

  static int nearest(u32 set, u32 pointer) {
    int best = -1;
    for (u32 i = 0; i < 32; ++i) {
      if (set >> i & 1 && (best < 0 || (i ^ pointer) < (static_cast<u32>(best) ^ pointer)))
        best = static_cast<int>(i);
    }
    return best;
  }
  u32 port_of(u32 bit) const { return bit < 16 ? bit : bit - 16 + harts; }
  int bit_of(int port) const {
    return port < static_cast<int>(harts) ? port : port - static_cast<int>(harts) + 16;
  }

  int grant(u32 requests) {
    u32 set = 0;
    for (u32 bit = 0; bit < 24; ++bit) {
      if (requests >> bit & 1) set |= 1u << port_of(bit);
    }
    if (set == 0) return -1;
    const u32 ports = harts + 8;
    if (kind == Arbiter::kHci) {
      const int winner = nearest(set, pointer);
      u32 next = pointer;
      do {
        next = (next + 1) % ports;
      } while (!(set >> next & 1));
      pointer = next;
      return bit_of(winner);
    }
    if (kind == Arbiter::kRoundRobin) {
      while (!(set >> pointer & 1)) pointer = (pointer + 1) % ports;
      const int winner = static_cast<int>(pointer);
      pointer = (pointer + 1) % ports;
      return bit_of(winner);
    }
    const u32 cores = requests & 0xffff, others = requests >> 16;
    const u32 channel = cores && others ? toggle : cores ? 0 : 1;
    toggle = 1 - toggle;
    if (channel == 1) {
      const int winner = nearest(others, pointer1);
      pointer1 = (pointer1 + 1) % 8;
      return winner + 16;
    }
    const int winner = nearest(cores, pointer);
    pointer = (pointer + 1) % (harts + (kind == Arbiter::kClassic12 ? 4 : 0));
    return winner;
  }
};

void against_plain_rules() {
  check::Random random;
  for (const Arbiter kind : {Arbiter::kHci, Arbiter::kClassic, Arbiter::kClassic12, Arbiter::kRoundRobin}) {
    for (u32 harts = 1; harts <= 16; ++harts) {
      BankArbiter arbiter(config_of(kind, harts));
      Plain plain{kind, harts};
      const u32 all = ((1u << harts) - 1) | 0xff0000;
      for (int i = 0; i < 3000; ++i) {
        u32 requests = random.next() & all;
        if (i % 3 == 0) requests &= random.next() & random.next();
        if (i % 5 == 0) requests &= 0xffff;
        CHECK_EQ(arbiter.grant(63, requests), plain.grant(requests));
      }
    }
  }
}

// With plain round robin only the harts count: after hart c, hart c + 1 modulo the number of harts is first.
void round_robin_of_harts() {
  BankArbiter arbiter(config_of(Arbiter::kRoundRobin, 8));
  for (int i = 0; i < 24; ++i) CHECK_EQ(arbiter.grant(0, 0xff), i % 8);
  CHECK_EQ(arbiter.grant(0, 0), -1);
  CHECK_EQ(arbiter.grant(0, 0x84), 2);
  CHECK_EQ(arbiter.grant(0, 0x84), 7);
  CHECK_EQ(arbiter.grant(1, 0x84), 2);  // every bank has its own pointer
  CHECK_EQ(arbiter.grant(0, 0x84), 2);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    recorded(argv[1]);
    return check::report("bank arbiters, recorded decisions");
  }
  against_plain_rules();
  round_robin_of_harts();
  return check::report("bank arbiters");
}
