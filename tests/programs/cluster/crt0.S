// Start-up without an FC, in the style of pulp-runtime with CONFIG_NO_FC: all harts start together, hart 0
// initialises, the others wait for a flag in TCDM. The flag lies beyond 128 kB and wraps.
#include "../common/vectors.inc"

#define FLAG 0x1003fff0

    .text
    .global entry
entry:
    csrr a0, mhartid
    andi a1, a0, 0x1f
    li   t0, FLAG
    bnez a1, wait
    sw   zero, 0(t0)
    la   t1, bss_start
    la   t2, bss_end
1:  sw   zero, 0(t1)
    addi t1, t1, 4
    bltu t1, t2, 1b
    la   sp, stack_top
    jal  system_init
    li   t0, FLAG
    li   t1, 1
    sw   t1, 0(t0)
    li   a1, 0
    j    start
wait:
    lw   t1, 0(t0)
    beqz t1, wait
start:
    la   sp, l1_heap
    li   t0, 0x400
    addi a1, a1, 1
    mul  t0, t0, a1
    add  sp, sp, t0
    j    cluster_entry

illegal_instruction:
    j    illegal_instruction
interrupt:
    mret
