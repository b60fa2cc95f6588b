// Compiled from firmware/kernels/published/matmul_4x2.c, hardware loops by firmware/kernels/xpulp_code.py.
	.cfi_sections	.debug_frame
	.option nopic
	.option norelax
	.attribute arch, "rv32i2p1_m2p0_c2p0_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	1
	.type	quantize, @function
quantize:
.LFB6:
	.cfi_startproc
	mul	a0,a1,a0
	sra	a0,a0,a2
 #APP
	p.clipu a0, a0, 9
 #NO_APP
	andi	a0,a0,0xff
	ret
	.cfi_endproc
.LFE6:
	.size	quantize, .-quantize
	.align	1
	.type	normalize, @function
normalize:
.LFB7:
	.cfi_startproc
	mul	a1,a1,a0
	add	a1,a1,a2
	sra	a0,a1,a3
 #APP
	p.clipu a0, a0, 9
 #NO_APP
	andi	a0,a0,0xff
	ret
	.cfi_endproc
.LFE7:
	.size	normalize, .-normalize
	.align	1
	.type	matmul, @function
matmul:
.LFB9:
	.cfi_startproc
	addi	sp,sp,-128
	.cfi_def_cfa_offset 128
	lhu	t3,136(sp)
	sw	s0,120(sp)
	.cfi_offset 8, -8
	lbu	s0,140(sp)
	sw	s10,80(sp)
	srli	t2,t3,2
	sw	ra,124(sp)
	sw	s1,116(sp)
	sw	s2,112(sp)
	sw	s3,108(sp)
	sw	s4,104(sp)
	sw	s5,100(sp)
	sw	s6,96(sp)
	sw	s7,92(sp)
	sw	s8,88(sp)
	sw	s9,84(sp)
	sw	s11,76(sp)
	.cfi_offset 26, -48
	.cfi_offset 1, -4
	.cfi_offset 9, -12
	.cfi_offset 18, -16
	.cfi_offset 19, -20
	.cfi_offset 20, -24
	.cfi_offset 21, -28
	.cfi_offset 22, -32
	.cfi_offset 23, -36
	.cfi_offset 24, -40
	.cfi_offset 25, -44
	.cfi_offset 27, -52
	sw	s0,28(sp)
	sw	a2,12(sp)
	lhu	t1,132(sp)
	lhu	s10,128(sp)
	lbu	t3,144(sp)
	beq	t2,zero,.L13
	srai	s11,t1,1
	mv	s0,a4
	slli	a4,s11,1
	mv	s1,a5
	add	a5,a4,s11
	add	a4,a0,s11
	sw	a4,48(sp)
	slli	a4,a7,16
	srai	a4,a4,16
	sw	a4,44(sp)
	slli	a4,s10,24
	srli	t0,t1,3
	srai	a4,a4,24
	mv	t1,s11
	mv	a7,s10
	mv	t6,a0
	li	t4,0
	sw	a4,16(sp)
	sw	t0,32(sp)
	sw	t2,36(sp)
	sw	a5,40(sp)
	mv	s11,a1
	mv	s3,a6
	mv	s10,a3
.L12:
	add	a5,s0,t1
	add	a4,a5,t1
	add	a3,a4,t1
	beq	s11,zero,.L14
	lw	a2,32(sp)
	lw	a0,0(s11)
	lw	s5,4(s11)
	lw	s4,8(s11)
	lw	s2,12(s11)
	addi	s11,s11,16
	beq	a2,zero,.L15
.L26:
 #APP
	lp.count	x0,a2
 #NO_APP
	lw	a1,48(sp)
	mv	s6,s2
	mv	s7,s4
	mv	s8,s5
	mv	s9,a0
	mv	a2,t6
	sw	t1,20(sp)
	sw	t4,24(sp)
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	p.lw t2, 4(s0!)
	p.lw t0, 4(a5!)
	p.lw t5, 4(a4!)
	p.lw t4, 4(a3!)
	p.lw t1, 4(a2!)
	p.lw a6, 4(a1!)
	pv.sdotusp.v a0, t1, t2
	pv.sdotusp.v s5, t1, t0
	pv.sdotusp.v s4, t1, t5
	pv.sdotusp.v s2, t1, t4
	pv.sdotusp.v s9, a6, t2
	pv.sdotusp.v s8, a6, t0
	pv.sdotusp.v s7, a6, t5
.Lend_8:
	pv.sdotusp.v s6, a6, t4
 #NO_APP
	lw	t1,20(sp)
	lw	t4,24(sp)
.L7:
	lw	a5,28(sp)
	beq	t3,zero,.L9
	beq	a5,zero,.L10
	lw	a2,0(s3)
	lw	a1,0(s1)
	lw	a3,16(sp)
	sw	t3,60(sp)
	sw	a7,56(sp)
	sw	t6,52(sp)
	sw	t4,24(sp)
	sw	t1,20(sp)
	call	normalize
	lw	a5,12(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a2,0(s3)
	lw	a1,0(s1)
	lw	a3,16(sp)
	mv	a0,s9
	sw	a5,12(sp)
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	s9,16(sp)
	lw	a2,4(s3)
	lw	a1,4(s1)
	mv	a3,s9
	mv	a0,s5
	call	normalize
	lw	a5,12(sp)
	mv	s5,a5
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	a2,4(s3)
	lw	a1,4(s1)
	mv	a3,s9
	mv	a0,s8
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a2,8(s3)
	lw	a1,8(s1)
	mv	a3,s9
	mv	a0,s4
	call	normalize
	mv	s4,s5
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a2,8(s3)
	lw	a1,8(s1)
	mv	a3,s9
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a2,12(s3)
	lw	a1,12(s1)
	mv	a3,s9
	mv	a0,s2
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a2,12(s3)
	lw	a1,12(s1)
	mv	a3,s9
	mv	a0,s6
	sw	s4,12(sp)
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	addi	s1,s1,16
	addi	s3,s3,16
.L25:
	lw	t1,20(sp)
	lw	t4,24(sp)
	lw	t6,52(sp)
	lw	a7,56(sp)
	lw	t3,60(sp)
.L11:
	lw	a5,40(sp)
	addi	t4,t4,1
	add	s0,s0,a5
	lw	a5,36(sp)
	bne	a5,t4,.L12
	mv	t5,s10
.L4:
	lw	ra,124(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,120(sp)
	.cfi_restore 8
	lw	s1,116(sp)
	.cfi_restore 9
	lw	s2,112(sp)
	.cfi_restore 18
	lw	s3,108(sp)
	.cfi_restore 19
	lw	s4,104(sp)
	.cfi_restore 20
	lw	s5,100(sp)
	.cfi_restore 21
	lw	s6,96(sp)
	.cfi_restore 22
	lw	s7,92(sp)
	.cfi_restore 23
	lw	s8,88(sp)
	.cfi_restore 24
	lw	s9,84(sp)
	.cfi_restore 25
	lw	s10,80(sp)
	.cfi_restore 26
	lw	s11,76(sp)
	.cfi_restore 27
	mv	a0,t5
	addi	sp,sp,128
	.cfi_def_cfa_offset 0
	jr	ra
.L10:
	.cfi_restore_state
	sra	a0,a0,a7
	lw	a5,12(sp)
 #APP
	p.clipu a0, a0, 9
	p.sb a0, 1(a5!)
 #NO_APP
	sra	s5,s5,a7
 #APP
	p.clipu s5, s5, 9
	p.sb s5, 1(a5!)
 #NO_APP
	sra	s4,s4,a7
 #APP
	p.clipu s4, s4, 9
	p.sb s4, 1(a5!)
 #NO_APP
	sra	s2,s2,a7
 #APP
	p.clipu s2, s2, 9
	p.sb s2, 1(a5!)
 #NO_APP
	sra	s9,s9,a7
	sw	a5,12(sp)
 #APP
	p.clipu s9, s9, 9
	p.sb s9, 1(s10!)
 #NO_APP
	sra	s8,s8,a7
 #APP
	p.clipu s8, s8, 9
	p.sb s8, 1(s10!)
 #NO_APP
	sra	s7,s7,a7
 #APP
	p.clipu s7, s7, 9
	p.sb s7, 1(s10!)
 #NO_APP
	sra	s6,s6,a7
 #APP
	p.clipu s6, s6, 9
	p.sb s6, 1(s10!)
 #NO_APP
	j	.L11
.L9:
	beq	a5,zero,.L10
	lw	a2,16(sp)
	lw	a1,44(sp)
	sw	t3,60(sp)
	sw	a7,56(sp)
	sw	t6,52(sp)
	sw	t4,24(sp)
	sw	t1,20(sp)
	call	quantize
	lw	a5,12(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a2,16(sp)
	lw	a1,44(sp)
	mv	a0,s5
	sw	a5,12(sp)
	call	quantize
	lw	a5,12(sp)
	mv	s5,a5
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	a2,16(sp)
	lw	a1,44(sp)
	mv	a0,s4
	call	quantize
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	s4,44(sp)
	lw	a2,16(sp)
	mv	a0,s2
	mv	a1,s4
	call	quantize
	mv	a5,s5
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	s5,16(sp)
	mv	a1,s4
	mv	a0,s9
	mv	a2,s5
	sw	a5,12(sp)
	call	quantize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	mv	a2,s5
	mv	a1,s4
	mv	a0,s8
	call	quantize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	mv	a2,s5
	mv	a1,s4
	mv	a0,s7
	call	quantize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	mv	a2,s5
	mv	a1,s4
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	j	.L25
.L14:
	lw	a2,32(sp)
	li	s2,0
	li	s4,0
	li	s5,0
	li	a0,0
	bne	a2,zero,.L26
.L15:
	mv	s6,s2
	mv	s7,s4
	mv	s8,s5
	mv	s9,a0
	j	.L7
.L13:
	mv	t5,a3
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x2_a4w4_mpic
	.type	matmul_4x2_a4w4_mpic, @function
matmul_4x2_a4w4_mpic:
.LFB10:
	.cfi_startproc
	addi	sp,sp,-48
	.cfi_def_cfa_offset 48
	sw	ra,44(sp)
	.cfi_offset 1, -4
	mv	a5,a0
	mv	a0,a1
 #APP
	csrw sb_legacy, 0
	csrw simd_fmt, 3
	csrw mix_skip, 8
	csrw mix_cycle, 0
 #NO_APP
	lw	a6,20(a5)
	lw	t1,24(a5)
	lhu	t3,32(a5)
	lhu	a7,28(a5)
	slli	a6,a6,2
	lw	a4,0(a5)
	lw	a1,4(a5)
	slli	a5,a6,16
	srli	a5,a5,16
	sw	a5,8(sp)
	sw	a7,0(sp)
	sw	zero,16(sp)
	sw	zero,12(sp)
	sw	t3,4(sp)
	li	a7,0
	li	a6,0
	li	a5,0
	add	a3,a2,t1
	call	matmul
 #APP
	csrw sb_legacy, 1
 #NO_APP
	lw	ra,44(sp)
	.cfi_restore 1
	addi	sp,sp,48
	.cfi_def_cfa_offset 0
	jr	ra
	.cfi_endproc
.LFE10:
	.size	matmul_4x2_a4w4_mpic, .-matmul_4x2_a4w4_mpic
