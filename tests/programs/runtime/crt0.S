// Start-up in the style of pulp-runtime: FC and cluster harts share one entry and part by cluster id.
#include "../common/vectors.inc"

    .text
    .global entry
entry:
    csrr a0, mhartid
    andi a1, a0, 0x1f
    srli a0, a0, 5
    li   a2, 31
    bne  a0, a2, cluster_hart

    la   t0, bss_start
    la   t1, bss_end
1:  sw   zero, 0(t0)
    addi t0, t0, 4
    bltu t0, t1, 1b

    la   sp, stack_top
    jal  system_init
    li   a0, 0
    li   a1, 0
    la   t2, main
    jalr ra, t2
    jal  exit

cluster_hart:
    la   sp, cluster_stacks
    lw   sp, 0(sp)
    li   t0, 0x400
    addi a1, a1, 1
    mul  t0, t0, a1
    add  sp, sp, t0
    j    cluster_entry

illegal_instruction:
    j    illegal_instruction
interrupt:
    mret
