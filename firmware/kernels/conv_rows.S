// Moves runs of packed activations into im2col rows, a 32-bit word of the source at a time, widening them on
// the way where the MatMul needs it.
//
//   void copy_words(void *to, const void *from, unsigned words, unsigned runs, unsigned to_step, unsigned from_step)
//   widen_4_to_8_u, widen_2_to_8_u, widen_2_to_4_u: the same; _i for signed elements
//   void clear_words(void *to, unsigned words)
//
// `runs` runs of `words` source words each begin the given steps apart, in bytes. Both counts are at least 1.
// Neither side need be aligned. Loop 1 runs over runs, loop 0 over words.
        .cfi_sections .debug_frame
        .text

        .macro  begin name
        .balign 4
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        .endm

        .macro  end name
        ret
        .cfi_endproc
        .size   \name, . - \name
        .endm

        // One pass of loop 1 is a run; `to` and `from` of the next one are kept in a6 and a7.
#define RUNS(end) \
        mv      a6, a0; \
        mv      a7, a1; \
        .balign 4; \
        lp.setup x1, a3, end; \
        mv      a0, a6; \
        mv      a1, a7; \
        add     a6, a6, a4

        begin   copy_words
        srli    t2, a2, 1
        andi    a2, a2, 1
        bnez    a2, .Lodd
        RUNS(.Leven_end)
        .balign 4
        lp.setup x0, t2, .Leven_word
        p.lw    t0, 4(a1!)
        p.lw    t1, 4(a1!)
        p.sw    t0, 4(a0!)
.Leven_word:
        p.sw    t1, 4(a0!)
.Leven_end:
        add     a7, a7, a5
        ret
.Lodd:
        slli    a2, t2, 1
        addi    a2, a2, 1
        RUNS(.Lodd_end)
        .balign 4
        lp.setup x0, a2, .Lodd_word
        p.lw    t0, 4(a1!)
.Lodd_word:
        p.sw    t0, 4(a0!)
.Lodd_end:
        add     a7, a7, a5
        end     copy_words

        begin   clear_words
        lp.setup x0, a1, .Lclear_end
        p.sw    zero, 4(a0!)
.Lclear_end:
        nop
        end     clear_words

        // Bytes of a word hold elements 2i and 2i + 1. One register gets the even ones, one the odd ones,
        // both as bytes; the interleaved halves are the two words of the result.
        .macro  interleave even, odd, copy
        mv      \copy, \even
        pv.shuffle2.b \copy, \odd, t3
        pv.shuffle2.b \even, \odd, t4
        .endm

        .macro  indices
        li      t3, 0x05010400          // {even 0, odd 0, even 1, odd 1}
        li      t4, 0x07030602
        .endm

        // Around the body of a widening routine: a source word in t0, and the last store of its words.
#define WORDS(end) \
        .balign 4; \
        lp.setup x0, a2, end; \
        p.lw    t0, 4(a1!)

        .macro  store name, register
.L\name\()_word:
        p.sw    \register, 4(a0!)
.L\name\()_run:
        add     a7, a7, a5
        .endm

        begin   widen_4_to_8_u
        indices
        RUNS(.L48u_run)
        WORDS(.L48u_word)
        pv.srl.sci.b t1, t0, 4
        pv.and.sci.b t0, t0, 15
        interleave t0, t1, t2
        p.sw    t2, 4(a0!)
        store   48u, t0
        end     widen_4_to_8_u

        begin   widen_4_to_8_i
        indices
        RUNS(.L48i_run)
        WORDS(.L48i_word)
        pv.sra.sci.b t1, t0, 4
        pv.sll.sci.b t0, t0, 4
        pv.sra.sci.b t0, t0, 4
        interleave t0, t1, t2
        p.sw    t2, 4(a0!)
        store   48i, t0
        end     widen_4_to_8_i

        // t0, t1, t2, t5 hold elements 4i, 4i + 1, 4i + 2, 4i + 3 in byte i. Pairs of them are interleaved, then
        // halves of these make words; the last word is left in t1.
        .macro  transpose
        interleave t0, t1, t6           // t6: 0 1 4 5, t0: 8 9 12 13
        interleave t2, t5, s0           // s0: 2 3 6 7, t2: 10 11 14 15
        pv.pack t1, s0, t6
        pv.pack.h t5, s0, t6
        p.sw    t1, 4(a0!)
        p.sw    t5, 4(a0!)
        pv.pack t5, t2, t0
        pv.pack.h t1, t2, t0
        p.sw    t5, 4(a0!)
        .endm

        begin   widen_2_to_8_u
        addi    sp, sp, -16
        .cfi_def_cfa_offset 16
        sw      s0, 12(sp)
        .cfi_offset s0, -4
        indices
        RUNS(.L28u_run)
        WORDS(.L28u_word)
        pv.srl.sci.b t1, t0, 2
        pv.srl.sci.b t2, t0, 4
        pv.srl.sci.b t5, t0, 6
        pv.and.sci.b t0, t0, 3
        pv.and.sci.b t1, t1, 3
        pv.and.sci.b t2, t2, 3
        transpose
        store   28u, t1
        lw      s0, 12(sp)
        .cfi_restore s0
        addi    sp, sp, 16
        .cfi_def_cfa_offset 0
        end     widen_2_to_8_u

        begin   widen_2_to_8_i
        addi    sp, sp, -16
        .cfi_def_cfa_offset 16
        sw      s0, 12(sp)
        .cfi_offset s0, -4
        indices
        RUNS(.L28i_run)
        WORDS(.L28i_word)
        pv.sll.sci.b t1, t0, 4
        pv.sll.sci.b t2, t0, 2
        pv.sra.sci.b t5, t0, 6
        pv.sll.sci.b t0, t0, 6
        pv.sra.sci.b t1, t1, 6
        pv.sra.sci.b t2, t2, 6
        pv.sra.sci.b t0, t0, 6
        transpose
        store   28i, t1
        lw      s0, 12(sp)
        .cfi_restore s0
        addi    sp, sp, 16
        .cfi_def_cfa_offset 0
        end     widen_2_to_8_i

        // Byte i of the source becomes two bytes of two nibbles each: t1 gets the lower ones, t0 the upper.
        .macro  spread_crumbs
        and     t1, t0, t5              // element 4i
        and     t2, t0, t6              // element 4i + 1
        srli    t0, t0, 4
        slli    t2, t2, 2
        or      t1, t1, t2
        and     t2, t0, t6
        and     t0, t0, t5
        slli    t2, t2, 2
        or      t0, t0, t2
        .endm

        .macro  crumb_masks
        li      t5, 0x03030303
        li      t6, 0x0c0c0c0c
        .endm

        begin   widen_2_to_4_u
        indices
        crumb_masks
        RUNS(.L24u_run)
        WORDS(.L24u_word)
        spread_crumbs
        interleave t1, t0, t2
        p.sw    t2, 4(a0!)
        store   24u, t1
        end     widen_2_to_4_u

        // The sign of a crumb, bit 1 of its nibble, is copied to bits 2 and 3.
        .macro  extend_crumbs register
        and     t2, \register, s0
        slli    s1, t2, 1
        slli    t2, t2, 2
        or      \register, \register, s1
        or      \register, \register, t2
        .endm

        begin   widen_2_to_4_i
        addi    sp, sp, -16
        .cfi_def_cfa_offset 16
        sw      s0, 12(sp)
        sw      s1, 8(sp)
        .cfi_offset s0, -4
        .cfi_offset s1, -8
        indices
        crumb_masks
        li      s0, 0x22222222
        RUNS(.L24i_run)
        WORDS(.L24i_word)
        spread_crumbs
        extend_crumbs t0
        extend_crumbs t1
        interleave t1, t0, t2
        p.sw    t2, 4(a0!)
        store   24i, t1
        lw      s0, 12(sp)
        lw      s1, 8(sp)
        .cfi_restore s0
        .cfi_restore s1
        addi    sp, sp, 16
        .cfi_def_cfa_offset 0
        end     widen_2_to_4_i
