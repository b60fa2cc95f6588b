// Start-up code of every bundled program: vectors, boot of the cluster, one call of main per hart.
//
// With a fabric controller (FC, hart 0x3e0) the machine starts it alone at _start. It prepares
// memory and the instruction cache, releases the cluster harts and sleeps until they report.
// Without one (boot = "cluster") all cluster harts start at _start together; hart 0 then does what
// the FC would have done while the others sleep on software event 0.
//
// Registers that keep their role until main is called:
//   s0  hart number in the cluster (0..15)        s1  event unit, private view
//   s2  address of runtime_state
#include "platform.h"

#define STATE_RESET 0    // nothing prepared yet
#define STATE_FC 1       // prepared by the FC, which waits for the result
#define STATE_CLUSTER 2  // prepared by hart 0, there is no FC

        .cfi_sections .debug_frame      // where GCC puts the frames of C code
        // The cores derive mtvec from the boot address with its low 8 bits cleared: the table lies
        // at 0x1c008000 and _start at +0x80. Slot 0 takes exceptions; interrupts are never enabled.
        .section .vectors, "ax", @progbits
        .option push
        .option norvc
        .globl  _vectors
        .type   _vectors, @function
_vectors:
        .rept   32
        j       trap
        .endr
        .size   _vectors, . - _vectors
        .option pop

        .section .text.start, "ax", @progbits
        .globl  _start
        .type   _start, @function
_start:
        .cfi_startproc
        .cfi_undefined ra               // the outermost frame: an unwinder stops here
        csrr    s0, mhartid
        srli    t0, s0, 5
        andi    t0, t0, 0x3f
        li      t1, FC_CLUSTER_ID
        beq     t0, t1, fc_start

        andi    s0, s0, 0xf
        li      s1, EVENT_UNIT
        la      s2, runtime_state
        la      sp, runtime_stacks
        addi    t0, s0, 1
        li      t1, STACK_BYTES
        mul     t0, t0, t1
        add     sp, sp, t0

        lw      t0, 0(s2)
        bnez    t0, .Lprepared
        beqz    s0, .Lprepare_alone

        // No FC: wait for hart 0. The event is latched even if it comes before this code.
        li      t0, 1 << EVENT_SW0
        sw      t0, EU_MASK(s1)
1:      p.elw   t0, EU_WAIT_CLEAR(s1)
        lw      t0, 0(s2)
        beqz    t0, 1b
        j       .Lprepared

.Lprepare_alone:
        li      a0, STATE_CLUSTER
        jal     prepare
        sw      zero, EU_SW_EVENT(s1)

.Lprepared:
        li      t0, -1
        sw      t0, EU_BUFFER_CLEAR(s1)
        li      t0, 1 << EVENT_BARRIER
        sw      t0, EU_MASK(s1)
        lw      t0, runtime_harts       // every hart writes the same masks, so order is no matter
        li      t1, 1
        sll     t1, t1, t0
        addi    t1, t1, -1
        sw      t1, EU_BARRIER_TRIGGER_MASK(s1)
        sw      t1, EU_BARRIER_TARGET_MASK(s1)
        p.elw   t0, EU_BARRIER_WAIT_CLEAR(s1)

        call    main

        // The status of hart 0 is the program's; the barrier keeps it from ending the others early.
        p.elw   t0, EU_BARRIER_WAIT_CLEAR(s1)
        bnez    s0, .Lidle
        lw      t0, 0(s2)
        li      t1, STATE_FC
        bne     t0, t1, exit
        sw      a0, 4(s2)               // runtime_status
        li      t0, 1
        sw      t0, 8(s2)               // runtime_done, after the status it announces
        li      t1, FC_INTERRUPTS
        li      t0, ITC_DONE
        sw      t0, ITC_STATUS_SET(t1)

.Lidle:
        sw      zero, EU_MASK(s1)       // no event can end this sleep
1:      p.elw   t0, EU_WAIT(s1)
        j       1b
        .cfi_endproc
        .size   _start, . - _start

        .type   fc_start, @function
fc_start:
        .cfi_startproc
        .cfi_undefined ra
        la      t0, _vectors
        csrw    mtvec, t0               // only the FC has a writable one
        li      a0, STATE_FC
        jal     prepare                 // a1 = number of harts
        li      t0, CLUSTER_CONTROL
        addi    t1, t0, CONTROL_BOOT_ADDRESS
        la      t2, _start
        mv      t3, a1
1:      sw      t2, 0(t1)
        addi    t1, t1, 4
        addi    t3, t3, -1
        bnez    t3, 1b
        li      t2, 1
        sll     t2, t2, a1
        addi    t2, t2, -1
        sw      t2, CONTROL_FETCH_ENABLE(t0)

        // The interrupt controller keeps the bit until it is acknowledged, so a report between the
        // load and wfi is not lost; runtime_done tells it from any other wake-up.
        li      t0, FC_INTERRUPTS
        li      t1, ITC_DONE
        sw      t1, ITC_MASK_SET(t0)
        la      s2, runtime_state
2:      lw      t0, 8(s2)
        bnez    t0, 3f
        wfi
        j       2b
3:      lw      a0, 4(s2)
        j       exit
        .cfi_endproc
        .size   fc_start, . - fc_start

        // a0: exit status, 31 bits. Does not return: the machine stops at the store.
        .globl  exit
        .type   exit, @function
exit:
        .cfi_startproc
        .cfi_undefined ra
        li      t0, SOC_CONTROL
        li      t1, 1 << 31
        or      t1, t1, a0
        sw      t1, SOC_EXIT(t0)
1:      j       1b
        .cfi_endproc
        .size   exit, . - exit

        // Exceptions end the program with status 128 + cause (2 illegal instruction, 3 ebreak, 11 ecall).
        .type   trap, @function
trap:
        .cfi_startproc
        .cfi_undefined ra
        csrr    a0, mcause
        andi    a0, a0, 0x1f
        addi    a0, a0, 128
        j       exit
        .cfi_endproc
        .size   trap, . - trap

        // Runs once, on the FC or on hart 0. In: a0 = new runtime_state. Out: a1 = number of harts.
        .type   prepare, @function
prepare:
        .cfi_startproc
        li      t0, ICACHE_CONTROL      // first, so that the rest already runs from the cache
        li      t1, -1
        sw      t1, ICACHE_ENABLE(t0)
        la      t0, bss_start
        la      t1, bss_end
        bgeu    t0, t1, 2f
1:      sw      zero, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 1b
2:      li      t0, SOC_CONTROL
        lw      a1, SOC_INFO(t0)
        srli    a1, a1, 16
        la      t0, runtime_harts
        sw      a1, 0(t0)
        li      t0, CLUSTER_TIMER       // free-running: programs take differences
        li      t1, TIMER_ENABLE
        sw      t1, TIMER_CONFIG_LO(t0)
        la      t0, runtime_state
        sw      a0, 0(t0)               // last: other harts go on when they see it
        ret
        .cfi_endproc
        .size   prepare, . - prepare

        // In L2, where FC and cluster both reach it and where clearing .bss does not.
        .section .l2_data, "aw", @progbits
        .balign 4
runtime_state:
        .word   STATE_RESET
        .word   0                       // runtime_status
        .word   0                       // runtime_done

        // In TCDM: read by every hart_count().
        .section .data, "aw", @progbits
        .balign 4
        .globl  runtime_harts
runtime_harts:
        .word   0

        .section .stacks, "aw", @nobits
        .balign 16
runtime_stacks:
        .space  MAX_HARTS * STACK_BYTES
