// Start-up in the style of pulp-sdk (PulpOS): the FC runs the program, cluster harts sit in a dispatch loop.
// Cluster hart 0 is the master: it sleeps until the FC posts a task, runs it and tells the FC.
#include "../common/vectors.inc"

#define EU            0x00204000
#define EVENT_WAIT_CLEAR 0x3c
#define MASK          0x00
#define MASK_OR       0x08
#define MASK_AND      0x04
#define DISPATCH      0x80
#define TEAM          0x84
#define BARRIER       0x200
#define CALL_EVENT    (1 << 1)         // software event 1: the FC calls
#define FC_ENQUEUE    (1 << 3)         // FC interrupt 3: a task has ended
#define ITC_STATUS_SET 0x1a109810

#define TASK_ENTRY 0
#define TASK_ARG   4
#define TASK_STACK 8
#define TASK_MASK  12
#define TASK_DONE  16

// p.elw rd, offset(rs1)
.macro elw rd, offset, base
    .insn i 0x03, 6, \rd, \offset(\base)
.endm

    .text
    .global entry
entry:
    csrr a0, mhartid
    srli t0, a0, 5
    li   t1, 31
    beq  t0, t1, fc_start
    la   t0, pe_start
    jr   t0

fc_start:
    la   t0, bss_start
    la   t1, bss_end
1:  sw   zero, 0(t0)
    addi t0, t0, 4
    bltu t0, t1, 1b
    la   sp, stack_top
    la   t0, vector_base
    csrw mtvec, t0
    jal  main
    li   t0, 0x1a1040a0
    li   t1, 0x80000000
    or   a0, a0, t1
    sw   a0, 0(t0)
2:  wfi
    j    2b

// FC interrupt: remember which one, then go on. Uses its own stack slot below sp.
interrupt:
    addi sp, sp, -16
    sw   t0, 0(sp)
    sw   t1, 4(sp)
    la   t0, fc_interrupts
    lw   t1, 0(t0)
    addi t1, t1, 1
    sw   t1, 0(t0)
    csrr t1, mcause
    sw   t1, 4(t0)
    lw   t0, 0(sp)
    lw   t1, 4(sp)
    addi sp, sp, 16
    mret

illegal_instruction:
    j    illegal_instruction

    .section .cluster.text, "ax"
    .global pe_start
pe_start:
    csrr a0, mhartid
    andi s3, a0, 0x1f
    li   s2, EU
    li   t0, (1 << 18) | (1 << 17) | (1 << 16)
    sw   t0, MASK(s2)
    bnez s3, slave_start

    la   s0, task_pool
    li   s4, CALL_EVENT
    li   s8, FC_ENQUEUE
    li   s9, ITC_STATUS_SET
    la   s10, set_slave_stack
    ori  s10, s10, 1               // odd: no barrier at the end

master_loop:
    lw   s6, 0(s0)
    beqz s6, master_sleep
    sw   zero, 0(s0)
    lw   t1, TASK_MASK(s6)
    lw   sp, TASK_STACK(s6)
    andi t2, t1, -2                // the master never reads the dispatch FIFO
    sw   t2, TEAM(s2)
    sw   t1, BARRIER+0x00(s2)
    sw   t1, BARRIER+0x0c(s2)
    sw   s10, DISPATCH(s2)         // the slaves take their stacks
    li   t2, 0x400
    sw   t2, DISPATCH(s2)
    sw   sp, DISPATCH(s2)
    lw   t0, TASK_ENTRY(s6)
    lw   a0, TASK_ARG(s6)
    jalr t0
    li   t1, 1
    sw   t1, TASK_DONE(s6)
    sw   s8, 0(s9)                 // wakes the FC
    j    master_loop

master_sleep:
    sw   s4, MASK_OR(s2)
    elw  x0, EVENT_WAIT_CLEAR, s2
    sw   s4, MASK_AND(s2)
    j    master_loop

slave_start:
    la   s4, fork_return
    la   s5, wait_for_dispatch
    j    wait_for_dispatch

fork_return:
    elw  t0, BARRIER+0x1c, s2
wait_for_dispatch:
    elw  t0, DISPATCH, s2
    elw  a0, DISPATCH, s2
    andi t1, t0, 1
    bnez t1, other_entry
    mv   ra, s4
    jr   t0
other_entry:
    mv   ra, s5
    jr   t0

set_slave_stack:
    elw  t0, DISPATCH, s2
    mul  t1, s3, a0
    add  sp, t0, t1
    ret

// void fork_team(void (*function)(void *), void *argument): runs it on the team and waits for all.
    .global fork_team
fork_team:
    addi sp, sp, -16
    sw   ra, 0(sp)
    li   t1, EU
    sw   a0, DISPATCH(t1)
    sw   a1, DISPATCH(t1)
    mv   t0, a0
    mv   a0, a1
    jalr t0
    li   t1, EU
    elw  t0, BARRIER+0x1c, t1
    lw   ra, 0(sp)
    addi sp, sp, 16
    ret
