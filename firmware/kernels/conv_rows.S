// Moves runs of packed activations into im2col rows, a 32-bit word of the source at a time, widening them on
// the way where the MatMul needs it.
//
//   void copy_words(void *to, const void *from, unsigned words)
//   void clear_words(void *to, unsigned words)
//   void widen_4_to_8_u(void *to, const void *from, unsigned words)       _i: signed
//   void widen_2_to_8_u, _i; void widen_2_to_4_u, _i
//
// `words` counts source words (clear_words: words to clear) and is at least 1. Neither side need be aligned.
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

        begin   copy_words
        srli    a3, a2, 1
        andi    a2, a2, 1
        beqz    a3, .Lodd_word
        .balign 4
        lp.setup x0, a3, .Lcopy_end
        p.lw    t0, 4(a1!)
        p.lw    t1, 4(a1!)
        p.sw    t0, 4(a0!)
.Lcopy_end:
        p.sw    t1, 4(a0!)
.Lodd_word:
        beqz    a2, .Lcopied
        lw      t0, 0(a1)
        sw      t0, 0(a0)
.Lcopied:
        end     copy_words

        begin   clear_words
        lp.setup x0, a1, .Lclear_end
        p.sw    zero, 4(a0!)
.Lclear_end:
        nop
        end     clear_words

        // Bytes of a word hold elements 2i and 2i + 1. One register gets the even ones, one the odd ones,
        // both as bytes; the interleaved halves are the two words of the result.
        .macro  interleave even, odd, low_index, high_index, copy
        mv      \copy, \even
        pv.shuffle2.b \copy, \odd, \low_index
        pv.shuffle2.b \even, \odd, \high_index
        .endm

        .macro  indices low, high
        li      \low, 0x05010400        // {even 0, odd 0, even 1, odd 1}
        li      \high, 0x07030602
        .endm

        begin   widen_4_to_8_u
        indices a4, a5
        .balign 4
        lp.setup x0, a2, .L48u_end
        p.lw    t0, 4(a1!)
        nop
        pv.srl.sci.b t1, t0, 4
        pv.and.sci.b t0, t0, 15
        interleave t0, t1, a4, a5, t2
        p.sw    t2, 4(a0!)
.L48u_end:
        p.sw    t0, 4(a0!)
        end     widen_4_to_8_u

        begin   widen_4_to_8_i
        indices a4, a5
        .balign 4
        lp.setup x0, a2, .L48i_end
        p.lw    t0, 4(a1!)
        nop
        pv.sra.sci.b t1, t0, 4
        pv.sll.sci.b t0, t0, 4
        pv.sra.sci.b t0, t0, 4
        interleave t0, t1, a4, a5, t2
        p.sw    t2, 4(a0!)
.L48i_end:
        p.sw    t0, 4(a0!)
        end     widen_4_to_8_i

        // t0, t1, t2, t3 hold elements 4i, 4i + 1, 4i + 2, 4i + 3 in byte i: transpose and store.
        .macro  store_transposed end
        interleave t0, t1, a4, a5, t4   // t4: 0 1 4 5, t0: 8 9 12 13
        interleave t2, t3, a4, a5, t5   // t5: 2 3 6 7, t2: 10 11 14 15
        pv.pack t1, t5, t4
        pv.pack.h t3, t5, t4
        p.sw    t1, 4(a0!)
        p.sw    t3, 4(a0!)
        pv.pack t1, t2, t0
        pv.pack.h t3, t2, t0
        p.sw    t1, 4(a0!)
\end:
        p.sw    t3, 4(a0!)
        .endm

        begin   widen_2_to_8_u
        indices a4, a5
        .balign 4
        lp.setup x0, a2, .L28u_end
        p.lw    t0, 4(a1!)
        nop
        pv.srl.sci.b t1, t0, 2
        pv.srl.sci.b t2, t0, 4
        pv.srl.sci.b t3, t0, 6
        pv.and.sci.b t0, t0, 3
        pv.and.sci.b t1, t1, 3
        pv.and.sci.b t2, t2, 3
        store_transposed .L28u_end
        end     widen_2_to_8_u

        begin   widen_2_to_8_i
        indices a4, a5
        .balign 4
        lp.setup x0, a2, .L28i_end
        p.lw    t0, 4(a1!)
        nop
        pv.sll.sci.b t1, t0, 4
        pv.sll.sci.b t2, t0, 2
        pv.sra.sci.b t3, t0, 6
        pv.sll.sci.b t0, t0, 6
        pv.sra.sci.b t1, t1, 6
        pv.sra.sci.b t2, t2, 6
        pv.sra.sci.b t0, t0, 6
        store_transposed .L28i_end
        end     widen_2_to_8_i

        // Byte i of the source becomes two bytes of two nibbles each: t1 gets the lower ones, t0 the upper.
        .macro  spread_crumbs
        and     t1, t0, a6              // element 4i
        and     t2, t0, a7              // element 4i + 1
        srli    t0, t0, 4
        slli    t2, t2, 2
        or      t1, t1, t2
        and     t2, t0, a7
        and     t0, t0, a6
        slli    t2, t2, 2
        or      t0, t0, t2
        .endm

        .macro  crumb_masks
        li      a6, 0x03030303
        li      a7, 0x0c0c0c0c
        .endm

        begin   widen_2_to_4_u
        indices a4, a5
        crumb_masks
        .balign 4
        lp.setup x0, a2, .L24u_end
        p.lw    t0, 4(a1!)
        nop
        spread_crumbs
        interleave t1, t0, a4, a5, t2
        p.sw    t2, 4(a0!)
.L24u_end:
        p.sw    t1, 4(a0!)
        end     widen_2_to_4_u

        // The sign of a crumb, bit 1 of its nibble, is copied to bits 2 and 3.
        .macro  extend_crumbs register
        and     t2, \register, a3
        slli    t3, t2, 1
        slli    t2, t2, 2
        or      \register, \register, t3
        or      \register, \register, t2
        .endm

        begin   widen_2_to_4_i
        indices a4, a5
        crumb_masks
        li      a3, 0x22222222
        .balign 4
        lp.setup x0, a2, .L24i_end
        p.lw    t0, 4(a1!)
        nop
        spread_crumbs
        extend_crumbs t0
        extend_crumbs t1
        interleave t1, t0, a4, a5, t2
        p.sw    t2, 4(a0!)
.L24i_end:
        p.sw    t1, 4(a0!)
        end     widen_2_to_4_i
