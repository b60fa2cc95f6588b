// void hammer(const volatile uint32_t *address, unsigned rounds)
// Four loads of the same word per round of a hardware loop, without any stall but the bank's.
//   a0  address      a1  rounds      t0-t3  loaded words
        .cfi_sections .debug_frame      // where GCC puts the frames of C code
        .text
        .balign 16
        .globl  hammer
        .type   hammer, @function
hammer:
        .cfi_startproc
        lp.setup        x0, a1, .Lend
        lw              t0, 0(a0)
        lw              t1, 0(a0)
        lw              t2, 0(a0)
.Lend:
        lw              t3, 0(a0)
        ret
        .cfi_endproc
        .size   hammer, . - hammer
