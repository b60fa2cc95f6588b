// Architectural state of one hart, and the hidden state of the Flex-V units.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "address_map.hpp"
#include "decoded.hpp"
#include "types.hpp"

namespace flexdbg {

// Address walker of the MLC for one operand (activations or weights).
struct Walker {
  u32 addr = 0;
  u32 stride = 0;
  u32 rollback = 0;
  u32 skip = 0;
  u32 count = 0;  // hidden: updates since the last rollback

  void step() {  // without branches: harts take turns, so the host could not predict them
    const u32 now = count;
    addr += (&stride)[now >= skip ? 1 : 0];
    count = now == skip ? 0 : now + 1;
  }
};

struct HwLoop {
  u32 start = 0;
  u32 end = 0;  // address of the LAST instruction of the body
  u32 count = 0;
};

struct Arch {
  u32 x[32] = {};
  u32 pc = 0;
  // NN register file
  u32 nn_w[4] = {};
  u32 nn_a[2] = {};
  // MLC
  Walker a, w;

  // By number, without a branch: NN-RF register 0..3 W, 4..5 A; walker 0 activations, 1 weights.
  u32& nn(u32 i) { return *(nn_w + i); }
  Walker& walker(u32 i) { return *(&a + i); }
  const Walker& walker(u32 i) const { return *(&a + i); }

  // MPC
  u32 simd_fmt = 0;    // 4 bits
  u32 mix_cycle = 0;   // 3 bits
  u32 mix_skip = 0;    // 5 bits
  u32 sb_legacy = 1;   // 1 bit
  u32 skip_count = 0;  // hidden
  u32 mac_lanes = 0;   // activations of a Mac&Load in simd_fmt, 0 while sb_legacy is set
  u32 mac_format = 0;  // simd_fmt, 0 where mac_lanes is
  HwLoop loop[2];
  // Machine CSRs
  u32 mstatus = 0x1800;
  u32 mtvec = 0;
  u32 mscratch = 0;
  u32 mepc = 0;
  u32 mcause = 0;
  u32 mhartid = 0;
  u32 pcer = 0;
  u32 pcmr = 3;
  u32 dcsr = 3;
  u32 dpc = 0;
  u32 dscratch[2] = {};
  // Bookkeeping of the semantics functions.
  u8 attention = 0;   // something the retire step has to look at, see Attention
  u8 last_slice = 0;  // slice of the last counted dot product
  u64 dotps = 0, macs = 0;
};

enum Attention : u8 {
  kAttnFormat = 1,    // dot product under a format that has none
  kAttnLate = 2,      // rtl quirk: a Mac&Load result waits for the next instruction
  kAttnLateNext = 4,  // that instruction is retiring
  kAttnArm = 8,       // rtl quirk: Hart::armed holds from the next instruction on
  kAttnMpc = 16,      // the next advance takes its slice from elsewhere
  kAttnDefer = 32,    // a CSR write reaches the instruction after the next one
};

// Causes a cycle of a hart can be charged to. The ledger of a hart sums to the cycles it has existed.
enum class Cause : u8 {
  kIssue,          // an instruction executed
  kLoadUse,        // operand of the load just before
  kMacloadHazard,  // NN-RF register refilled by the Mac&Load just before
  kBranch,         // taken branch: two killed slots
  kJump,           // jal, jalr
  kJumpRegister,   // jalr waits for its base register
  kFetch,          // instruction not there: private hit path (alignment, queue)
  kIcache,         // instruction not there: miss, refill, bypass
  kBankConflict,   // lost a TCDM bank
  kL2,             // waits for L2
  kPeripheral,     // waits for a peripheral or the event unit
  kMisaligned,     // second half of a split access
  kMultiCycle,     // mulh, div, rem
  kCsrFlush,       // mstatus access, fence
  kTrap,           // exception, interrupt, mret
  kElw,            // event load overhead, not asleep
  kBarrier,        // asleep at a barrier
  kEvent,          // asleep for an event
  kMutex,          // asleep for a mutex
  kDispatch,       // asleep for dispatched work
  kWfi,            // asleep in wfi
  kDma,            // waits for the DMA's command port
  kSlowData,       // data answer later than one cycle
  kStopped,        // fetch disabled, or held by the debugger while others advance
  kCount,
};
extern const char* const kCauseNames[];

// Performance-counter events of the core (PCER bit numbers).
enum PcEvent : u8 {
  kPcCycles,
  kPcInstr,
  kPcLdStall,
  kPcJrStall,
  kPcImiss,
  kPcLd,
  kPcSt,
  kPcJump,
  kPcBranch,
  kPcTaken,
  kPcRvc,
  kPcElw,
  kPcLdExt,
  kPcStExt,
  kPcLdExtCyc,
  kPcStExtCyc,
  kPcTcdmCont,
  kPcCount
};

enum class HartMode : u8 {
  kOff,     // fetch not enabled
  kFast,    // instruction fetch provably without loss: only the queue fill is tracked
  kExact,   // fetch unit stepped every cycle
  kHalted,  // reached `j .` in a harness run, or stopped by the debugger
};

enum class Wait : u8 { kNone, kEvent, kWfi };

// What the posted (next) instruction needs from the data side.
enum class Post : u8 {
  kPrivate,  // nothing: cannot be seen by another hart
  kTcdm,     // one TCDM bank
  kSplit,    // one TCDM bank, half of a misaligned access
  kSlow,     // L2, devices, scripted port
  kSystem,   // CSR, trap, wfi: executes in global order
};

// Fetch unit, queue and ID stage as docs/fetch-model.md describes; used in HartMode::kExact.
struct FrontEnd {
  u32 words[8] = {};  // addresses of the stored words, oldest first
  u8 stored = 0;
  i8 ghosts = 0;  // discarded words behind a loop end that still count as stored; -1: the second word of the
                  // loop end no longer does
  bool waiting = false, inflight = false, drop = false, want = false;
  bool id_valid = false, jump_done = false, loop_done = false;
  bool stopped = false;   // nothing is fetched before the next redirect
  bool id_loops = false;  // the instruction in ID is a loop end behind which the loop start was fetched
  u32 wait_addr = 0, inflight_addr = 0, want_addr = 0, next_addr = 0;
  u32 head_pc = 0;
  u32 id_pc = 0;
  u32 loop_start = 0;
  u32 looped_pc = 1;     // the instruction that moved to ID last, if it is a loop end that goes back
  u64 from = 0;          // first cycle to step: the fast model may have run ahead of the others
  u64 arrives = kNever;  // known answer cycle; kNever: ask the cache
  u64 asked_since = 0;   // first cycle of the request in flight
  u64 id_since = 0;      // cycle in which the instruction moved to ID
  u64 block = 0;         // no instruction moves to ID before this cycle
  u64 redirect_at = kNever;
  u32 redirect_to = 0;
  u64 shadow_end = 0;   // a wrong-path division keeps EX busy up to here
  u64 shadow_slot = 0;  // but the target still moves to ID in this cycle
  u64 redirected = 0;   // cycle of the last redirect, for the ledger
  Cause flow_cause = Cause::kFetch;
};

static_assert(offsetof(Walker, rollback) == offsetof(Walker, stride) + sizeof(u32));
static_assert(offsetof(Arch, nn_a) == offsetof(Arch, nn_w) + 4 * sizeof(u32));
static_assert(offsetof(Arch, w) == offsetof(Arch, a) + sizeof(Walker));

struct alignas(64) Hart {
  Arch a;
  // --- hot ---
  const Decoded* next = nullptr;  // the instruction that executes next; a.pc is its address
  const Decoded* prev = nullptr;  // the instruction executed last
  u64 wake = kNever;              // EX cycle of `next`: first presentation of a request, else execution
  u64 id_from = 0;                // first cycle in which it is in ID
  u64 loop_from = 0;              // first cycle in which the instruction before it was in ID
  u64 instret = 0;
  u32 req_addr = 0;
  u32 bit = 0;                  // 1 << index
  u64 skip_at = 0;              // instructions executed and pc when a breakpoint was last seen
  u64 traps = 0;                // instructions that broke the flow without retiring
  u32 win_lo = 0, win_len = 0;  // addresses for which the fast fetch model holds
  // Lines found in the private cache while fetching has been fast, and the version of the cache then.
  u32 held_lo = 0, held_hi = 0, held_version = 0;
  // What the retire step looks at, in one word: see plain().
  HartMode mode = HartMode::kOff;
  bool slow = false;  // a data answer is later than the next cycle: use the scoreboard
  bool interruptible = false;
  bool pc_pending = false;  // PCER or PCMR written: counters are settled when the next instruction leaves
  Post post = Post::kPrivate;
  u8 index = 0;
  u8 fq = 0;                 // fetch queue, see fetch_queue.hpp
  bool skip_trap = false;    // stopped at an ebreak or illegal instruction: go on with what it does
  bool loop_full = false;    // the queue was full when the loop end became its head
  u32 jr_mask = 0;           // register loaded last, for jalr
  u64 jr_ready = 0;          // first cycle in which a jalr on it redirects
  bool jump_hidden = false;  // the jump counter misses the next one, or has counted it
  u64 jump_at = 0;           // redirect cycle of the posted jalr
  u64 wb_ready = 0;          // WB free, or its answer arrives
  u64 first_present = 0;     // cycle in which the posted request was first presented
  u64 issued = 0;            // cycle in which the posted request's instruction left ID
  u32 denied = 0;            // cycles the posted request was refused
  u32 ahead = 0;             // stall cycles charged before `wake`
  Cause ahead_cause = Cause::kIssue;
  // --- scoreboard of the general rules, kept in kExact or while slow ---
  u64 ex_ready = 0;      // EX accepts an instruction in every cycle from here on
  u64 ex_slot = kNever;  // and in this single cycle before
  u64 load_ready = 0;    // answer cycle of the access in WB
  u32 load_mask = 0;     // register it loads
  u8 nn_mask = 0;        // NN-RF register it refills: bit 0..3 W, bit 4..5 A
  u32 alu_mask = 0;      // registers written by the last instruction in EX
  u64 alu_ready = 0;     // first cycle in which a jalr on them redirects
  u64 last_exec = kNever;
  u64 prev_issue = 0;   // cycle in which the last instruction executed left ID (kExact)
  bool posted = false;  // `next` has left ID (kExact)
  bool loops = false;   // and is a loop end that goes back to loops_to (kExact)
  u32 loops_to = 0;
  HwLoop loop_before[2];           // loop registers before the last lp instruction
  Cause id_cause = Cause::kFetch;  // why ID is empty or held (kExact)
  u64 div_restart = 0;             // kExact: length of the division in EX, 0 = none
  bool div_shown = false;          // and ID, emptied, still shows it
  // --- misaligned and slow accesses ---
  u8 half = 0;  // 1: second half of a split access is next
  u32 half_data = 0;
  u64 slow_grant = kNever;  // cycle in which a slow access is granted, once known
  bool asleep = false;      // waits for the event unit or in wfi
  bool wfi = false;
  bool elw_fix = false;  // the event unit's answer is read one cycle after the grant
  Cause wait_cause = Cause::kPeripheral;
  u64 wait_since = 0;
  u8 fix_rd = 0;                // register of the last load that was not a plain TCDM one
  u32 elw_pc = 0, elw_old = 0;  // last event load: its address, and what rd held before
  u64 elw_at = kNever;          // and the cycle of its grant
  Target req_target{};
  // --- breaking the flow ---
  u32 resume_from = 0;  // where sequential fetch had got to
  u64 resume_not_before = 0;
  u64 ack_at = 0;
  u8 ack_id = 0;
  // --- quirks ---
  u8 armed = 0;
  u32 deferred_csr = 0, deferred_value = 0;
  u32 mpc_successor = 0;  // rtl: slice from which the next dot product's successor is computed
  u32 prev_denied = 0;    // cycles in EX, behind the first, of the access before the posted one
  u8 late_rd = 0;         // rtl: Mac&Load result that the next instruction does not see
  u32 late_value = 0;
  u8 new_late_rd = 0;
  u32 new_late_value = 0;
  // --- interrupts ---
  bool irq_line = false;
  u8 irq_id = 0;
  u64 irq_since = 0;  // first cycle with the line high
  u64 off_since = 0;
  // --- accounting ---
  u64 ledger[static_cast<int>(Cause::kCount)] = {};  // kIssue is instret
  u64 pc_raw[kPcCount] = {};                         // cycles and instructions are derived
  u64 pc_base[kPcCount] = {};                        // raw value at the last enable
  u32 pccr[32] = {};
  u64 pc_changed = kNever;  // cycle of the last change of PCER or PCMR
  u32 pc_tail = 0;          // events of that cycle, seen by reads one cycle later than others
  u32 pc_was = 0;           // events counted before it
  u64 tcdm_accesses = 0, loads = 0, stores = 0, l2_accesses = 0, periph_accesses = 0, clock_off = 0,
      jumps = 0;
  FrontEnd fe;
  // Where `prev` points once its entry may no longer hold what was executed, and which entry that was.
  Decoded kept;
  const Decoded* kept_from = nullptr;
  bool over_itself = false;  // a store is executing that has overwritten its own code: `kept` is what it was

  bool repeats() const { return (prev == &kept ? kept_from : prev) == next; }  // the same instruction

  // The fast fetch model holds and nothing rare is going on: the next instruction follows by the short rules.
  bool plain() const {
    u32 word;
    std::memcpy(&word, &mode, sizeof word);
    return word == std::bit_cast<u32>(std::array<u8, 4>{static_cast<u8>(HartMode::kFast), 0, 0, 0}) &&
           a.attention == 0;
  }
};
static_assert(offsetof(Hart, slow) == offsetof(Hart, mode) + 1 &&
              offsetof(Hart, interruptible) == offsetof(Hart, mode) + 2 &&
              offsetof(Hart, pc_pending) == offsetof(Hart, mode) + 3);

}  // namespace flexdbg
