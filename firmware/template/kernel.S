// Four dot products with Mac&Load: no load instruction and no pointer in the loop.
//
// The address generator walks the row word by word (a_*), and the filters one word of each, then back to the first
// (w_*). A dot product multiplies a weight register W0-W3 with an activation register A0 or A1, and may refill one of
// them. The immediate: 0x10 refill W, 0x08 refill A, bits 2:1 the W register, bit 0 the A register.
//
// A word holds eight weights but four activations, so each weight word is used twice: slice 0 with A0, slice 1 with
// A1. The core counts the dot products and takes the next slice after mix_skip of them.
#include "kernel.h"

        .cfi_sections .debug_frame
        .text
        .balign 4
        .globl  dot_macload
        .type   dot_macload, @function
dot_macload:                                    // a0 row, a1 filters, a2 sums
        .cfi_startproc
        csrwi   sb_legacy, 0                    // formats come from simd_fmt
        csrwi   simd_fmt, 8                     // 8-bit activations, 4-bit weights
        csrwi   mix_skip, 4                     // dot products of a slice
        csrwi   mix_cycle, 0
        csrw    a_addr, a0
        csrwi   a_skip, 0
        csrwi   a_rollback, 4                   // always the next word
        csrw    w_addr, a1
        li      t0, FILTER_BYTES
        csrw    w_stride, t0                    // from filter to filter
        li      t0, 4 - 3 * FILTER_BYTES
        csrw    w_rollback, t0                  // from filter 3 to the next word of filter 0
        csrwi   w_skip, 3
        li      t3, 0
        li      t4, 0
        li      t5, 0
        li      t6, 0
        li      t0, FILTER_BYTES / 4            // weight words of a filter
        pv.mlsdotsup.v zero, zero, 0x10         // W0
        pv.mlsdotsup.v zero, zero, 0x12         // W1
        pv.mlsdotsup.v zero, zero, 0x14         // W2
        pv.mlsdotsup.v zero, zero, 0x16         // W3
        pv.mlsdotsup.v zero, zero, 0x08         // A0
        .balign 4
        lp.setup x0, t0, .Lend
        pv.mlsdotsup.v zero, zero, 0x09         // A1
        pv.mlsdotsup.v t3, zero, 0x00           // slice 0
        pv.mlsdotsup.v t4, zero, 0x02
        pv.mlsdotsup.v t5, zero, 0x04
        pv.mlsdotsup.v t6, zero, 0x06
        // Not as 0x0e in the line above: behind a dot product of slice 0, the first refill of slice 1 might have
        // to wait for its bank, and the real core would then multiply with slice 0.
        pv.mlsdotsup.v zero, zero, 0x08         // A0
        pv.mlsdotsup.v t3, zero, 0x11           // slice 1, refill W0
        pv.mlsdotsup.v t4, zero, 0x13
        pv.mlsdotsup.v t5, zero, 0x15
.Lend:
        pv.mlsdotsup.v t6, zero, 0x17
        csrwi   sb_legacy, 1                    // what C code expects; also keeps t6 away from its reader
        sw      t3, 0(a2)
        sw      t4, 4(a2)
        sw      t5, 8(a2)
        sw      t6, 12(a2)
        ret
        .cfi_endproc
        .size   dot_macload, . - dot_macload
