// The three inner loops of dotp: 9 instructions for 4 MAC, 9 for 16 MAC, 10 for 32 MAC.
//
// Roles, in all three
//   a0  next activations                     a1  next values of filter 0
//   a2  where the four sums go               a3-a5  next values of filters 1 to 3
//   t3-t6  sums                              t0, t1  scratch
//   a6, a7, t2  more operands in flight
#include "dotp.h"

        .cfi_sections .debug_frame      // where GCC puts the frames of C code
        .text

// In: a1 = filters. Sets the filter pointers and clears the sums.
        .macro  start
        addi    a3, a1, DOTP_LENGTH
        addi    a4, a3, DOTP_LENGTH
        addi    a5, a4, DOTP_LENGTH
        li      t3, 0
        li      t4, 0
        li      t5, 0
        li      t6, 0
        .endm

        .macro  finish
        sw      t3, 0(a2)
        sw      t4, 4(a2)
        sw      t5, 8(a2)
        sw      t6, 12(a2)
        ret
        .endm

// One value per load: loads come first so that none is used by the instruction behind it.
        .balign 16
        .globl  dotp_scalar
        .type   dotp_scalar, @function
dotp_scalar:
        .cfi_startproc
        start
        li              t0, DOTP_LENGTH
        .balign 4
        lp.setup        x0, t0, .Lscalar_end
        p.lbu           t0, 1(a0!)
        p.lb            t1, 1(a1!)
        p.lb            t2, 1(a3!)
        p.lb            a6, 1(a4!)
        p.lb            a7, 1(a5!)
        p.mac           t3, t0, t1
        p.mac           t4, t0, t2
        p.mac           t5, t0, a6
.Lscalar_end:
        p.mac           t6, t0, a7
        finish
        .cfi_endproc
        .size   dotp_scalar, . - dotp_scalar

// Four values per load, four multiply-accumulates per instruction.
        .balign 16
        .globl  dotp_simd
        .type   dotp_simd, @function
dotp_simd:
        .cfi_startproc
        start
        li              t0, DOTP_LENGTH / 4
        .balign 4
        lp.setup        x0, t0, .Lsimd_end
        p.lw            t0, 4(a0!)
        p.lw            t1, 4(a1!)
        p.lw            t2, 4(a3!)
        p.lw            a6, 4(a4!)
        p.lw            a7, 4(a5!)
        pv.sdotusp.b    t3, t0, t1
        pv.sdotusp.b    t4, t0, t2
        pv.sdotusp.b    t5, t0, a6
.Lsimd_end:
        pv.sdotusp.b    t6, t0, a7
        finish
        .cfi_endproc
        .size   dotp_simd, . - dotp_simd

// No pointers at all: the address generator walks activations (one array) and filters (one word of
// each, then back to the first). A dot product reads its weight register and refills it for the
// next round, so four of five instructions multiply. A0 and A1 take turns: a Mac&Load that needs
// the register loaded directly before it would wait a cycle.
        .balign 16
        .globl  dotp_macload
        .type   dotp_macload, @function
dotp_macload:
        .cfi_startproc
        csrwi           sb_legacy, 0
        csrwi           simd_fmt, 2             // 8 x 8 bit
        csrw            a_addr, a0
        csrwi           a_skip, 0
        csrwi           a_rollback, 4           // always the next word
        csrw            w_addr, a1
        li              t0, DOTP_LENGTH
        csrw            w_stride, t0
        li              t0, 4 - 3 * DOTP_LENGTH
        csrw            w_rollback, t0          // after filter 3: next word of filter 0
        csrwi           w_skip, 3
        start
        li              t0, DOTP_LENGTH / 8
        pv.mlsdotsup.v  zero, zero, 0x10        // W0
        pv.mlsdotsup.v  zero, zero, 0x12        // W1
        pv.mlsdotsup.v  zero, zero, 0x14        // W2
        pv.mlsdotsup.v  zero, zero, 0x16        // W3
        .balign 4
        pv.mlsdotsup.v  zero, zero, 0x08        // A0
        lp.setup        x0, t0, .Lmacload_end
        pv.mlsdotsup.v  zero, zero, 0x09        // A1
        pv.mlsdotsup.v  t3, zero, 0x10          // A0 * W0, refill W0
        pv.mlsdotsup.v  t4, zero, 0x12
        pv.mlsdotsup.v  t5, zero, 0x14
        pv.mlsdotsup.v  t6, zero, 0x16
        pv.mlsdotsup.v  zero, zero, 0x08        // A0
        pv.mlsdotsup.v  t3, zero, 0x11          // A1 * W0, refill W0
        pv.mlsdotsup.v  t4, zero, 0x13
        pv.mlsdotsup.v  t5, zero, 0x15
.Lmacload_end:
        pv.mlsdotsup.v  t6, zero, 0x17
        csrwi           sb_legacy, 1            // the C ABI's state; also keeps t6 away from its reader
        finish
        .cfi_endproc
        .size   dotp_macload, . - dotp_macload
