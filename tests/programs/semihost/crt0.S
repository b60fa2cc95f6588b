// The FC alone, talking to its host.
#include "../common/vectors.inc"

    .text
    .global entry
entry:
    csrr a0, mhartid
    li   t0, 0x3e0
    bne  a0, t0, other
    la   t0, bss_start
    la   t1, bss_end
1:  sw   zero, 0(t0)
    addi t0, t0, 4
    bltu t0, t1, 1b
    la   sp, stack_top
    jal  main
    // SYS_EXIT: application exit if main returned 0, run-time error otherwise
    li   a1, 0x20026
    beqz a0, 2f
    li   a1, 0x20023
2:  li   a0, 0x18
    jal  semihost
other:
    wfi
    j    other

    .global semihost
    .option push
    .option norvc
    .balign 16                      // the three words must not straddle anything
semihost:
    slli x0, x0, 0x1f
    ebreak
    srai x0, x0, 7
    ret
    .option pop

illegal_instruction:
    j    illegal_instruction
interrupt:
    mret
