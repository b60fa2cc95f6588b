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
	sw	s0,120(sp)
	.cfi_offset 8, -8
	lbu	s0,140(sp)
	lhu	t1,136(sp)
	sw	s1,116(sp)
	sw	s0,52(sp)
	lbu	s0,144(sp)
	.cfi_offset 9, -12
	srli	s1,t1,2
	sw	s10,80(sp)
	sw	s11,76(sp)
	sw	ra,124(sp)
	sw	s2,112(sp)
	sw	s3,108(sp)
	sw	s4,104(sp)
	sw	s5,100(sp)
	sw	s6,96(sp)
	sw	s7,92(sp)
	sw	s8,88(sp)
	sw	s9,84(sp)
	.cfi_offset 26, -48
	.cfi_offset 27, -52
	.cfi_offset 1, -4
	.cfi_offset 18, -16
	.cfi_offset 19, -20
	.cfi_offset 20, -24
	.cfi_offset 21, -28
	.cfi_offset 22, -32
	.cfi_offset 23, -36
	.cfi_offset 24, -40
	.cfi_offset 25, -44
	sw	s1,36(sp)
	sw	s0,40(sp)
	sw	a0,28(sp)
	sw	a2,16(sp)
	sw	a5,20(sp)
	sw	a6,24(sp)
	lhu	s10,128(sp)
	lhu	s11,132(sp)
	beq	s1,zero,.L15
	slli	a5,s11,1
	mv	s0,a4
	srli	a4,s11,2
	sw	a4,44(sp)
	add	a4,a5,s11
	add	a5,a0,s11
	sw	a5,32(sp)
	slli	a5,a7,16
	srai	a5,a5,16
	sw	a5,56(sp)
	slli	a5,s10,24
	srai	a5,a5,24
	andi	t1,s11,3
	li	s5,0
	sw	a5,8(sp)
	mv	a5,s11
	mv	s9,a1
	mv	s11,s5
	sw	a4,48(sp)
	mv	s5,t1
	sw	a3,12(sp)
	mv	t1,a5
.L14:
	add	a4,s0,t1
	add	a5,a4,t1
	add	a1,a5,t1
	beq	s9,zero,.L16
	lw	a3,44(sp)
	lw	a0,0(s9)
	lw	s3,4(s9)
	lw	s2,8(s9)
	lw	s1,12(s9)
	addi	s9,s9,16
	beq	a3,zero,.L17
.L30:
 #APP
	lp.count	x0,a3
 #NO_APP
	lw	a3,32(sp)
	lw	a2,28(sp)
	mv	s4,s1
	mv	s6,s2
	mv	s7,s3
	mv	s8,a0
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	p.lw t6, 4(s0!)
	p.lw t5, 4(a4!)
	p.lw t4, 4(a5!)
	p.lw t3, 4(a1!)
	p.lw a7, 4(a2!)
	p.lw a6, 4(a3!)
	pv.sdotusp.b a0, a7, t6
	pv.sdotusp.b s3, a7, t5
	pv.sdotusp.b s2, a7, t4
	pv.sdotusp.b s1, a7, t3
	pv.sdotusp.b s8, a6, t6
	pv.sdotusp.b s7, a6, t5
	pv.sdotusp.b s6, a6, t4
.Lend_8:
	pv.sdotusp.b s4, a6, t3
 #NO_APP
.L7:
	beq	s5,zero,.L9
	lbu	a7,0(a2)
	lb	t5,0(s0)
	lbu	a6,0(a3)
	lb	t4,0(a4)
	mul	t0,a7,t5
	lb	t3,0(a5)
	lb	t6,0(a1)
	mul	t2,a7,t4
	add	a0,a0,t0
	mul	t5,a6,t5
	add	s3,s3,t2
	mul	t0,a7,t3
	add	s8,s8,t5
	mul	t4,a6,t4
	add	s2,s2,t0
	mul	t3,a6,t3
	add	s7,s7,t4
	mul	a6,a6,t6
	add	s6,s6,t3
	mul	a7,a7,t6
	add	s4,s4,a6
	li	a6,1
	add	s1,s1,a7
	beq	s5,a6,.L10
	lbu	a7,1(a2)
	lb	t5,1(s0)
	lbu	a6,1(a3)
	lb	t4,1(a4)
	mul	t0,a7,t5
	lb	t3,1(a5)
	lb	t6,1(a1)
	mul	t2,a7,t4
	add	a0,a0,t0
	mul	t5,a6,t5
	add	s3,s3,t2
	mul	t0,a7,t3
	add	s8,s8,t5
	mul	t4,a6,t4
	add	s2,s2,t0
	mul	t3,a6,t3
	add	s7,s7,t4
	mul	a6,a6,t6
	add	s6,s6,t3
	mul	a7,a7,t6
	add	s4,s4,a6
	li	a6,2
	add	s1,s1,a7
	beq	s5,a6,.L10
	lbu	a2,2(a2)
	lb	a6,2(s0)
	lb	a7,2(a4)
	lb	a4,2(a5)
	lb	a5,2(a1)
	mul	a1,a2,a6
	lbu	a3,2(a3)
	mul	t3,a2,a7
	add	a0,a0,a1
	mul	a6,a3,a6
	add	s3,s3,t3
	mul	a1,a2,a4
	add	s8,s8,a6
	mul	a2,a2,a5
	add	s2,s2,a1
	mul	a7,a3,a7
	add	s1,s1,a2
	mul	a4,a4,a3
	add	s7,s7,a7
	mul	a5,a5,a3
	add	s6,s6,a4
	add	s4,s4,a5
.L10:
	add	s0,s0,s5
.L9:
	lw	a5,40(sp)
	beq	a5,zero,.L11
	lw	a5,52(sp)
	beq	a5,zero,.L12
	lw	a5,24(sp)
	lw	a4,20(sp)
	lw	a3,8(sp)
	lw	a2,0(a5)
	lw	a1,0(a4)
	sw	t1,60(sp)
	call	normalize
	lw	a5,16(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a4,20(sp)
	sw	a5,16(sp)
	lw	a5,24(sp)
	lw	a1,0(a4)
	lw	a3,8(sp)
	lw	a2,0(a5)
	mv	a0,s8
	call	normalize
	lw	s8,12(sp)
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,24(sp)
	lw	a4,20(sp)
	lw	a3,8(sp)
	lw	a2,4(a5)
	lw	a1,4(a4)
	mv	a0,s3
	call	normalize
	lw	a5,16(sp)
	mv	s3,a5
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,24(sp)
	lw	a4,20(sp)
	lw	a3,8(sp)
	lw	a2,4(a5)
	lw	a1,4(a4)
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,20(sp)
	lw	s7,24(sp)
	lw	a3,8(sp)
	lw	a1,8(a5)
	lw	a2,8(s7)
	mv	a0,s2
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a2,8(s7)
	mv	s2,s7
	lw	s7,20(sp)
	lw	a3,8(sp)
	mv	a0,s6
	lw	a1,8(s7)
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a1,12(s7)
	mv	s6,s7
	lw	s7,8(sp)
	lw	a2,12(s2)
	mv	a0,s1
	mv	a3,s7
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a2,12(s2)
	lw	a1,12(s6)
	mv	a3,s7
	mv	a0,s4
	sw	s3,16(sp)
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	addi	a5,s6,16
	lw	t1,60(sp)
	sw	a5,20(sp)
	addi	a5,s2,16
	sw	s8,12(sp)
	sw	a5,24(sp)
.L13:
	lw	a5,48(sp)
	addi	s11,s11,1
	add	s0,s0,a5
	lw	a5,36(sp)
	bne	a5,s11,.L14
.L4:
	lw	ra,124(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,120(sp)
	.cfi_restore 8
	lw	a0,12(sp)
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
	addi	sp,sp,128
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	sra	a0,a0,s10
	lw	a5,16(sp)
 #APP
	p.clipu a0, a0, 9
	p.sb a0, 1(a5!)
 #NO_APP
	sra	s3,s3,s10
 #APP
	p.clipu s3, s3, 9
	p.sb s3, 1(a5!)
 #NO_APP
	sra	s2,s2,s10
 #APP
	p.clipu s2, s2, 9
	p.sb s2, 1(a5!)
 #NO_APP
	sra	s1,s1,s10
 #APP
	p.clipu s1, s1, 9
	p.sb s1, 1(a5!)
 #NO_APP
	sra	s8,s8,s10
	sw	a5,16(sp)
 #APP
	p.clipu s8, s8, 9
 #NO_APP
	lw	a5,12(sp)
 #APP
	p.sb s8, 1(a5!)
 #NO_APP
	sra	s7,s7,s10
 #APP
	p.clipu s7, s7, 9
	p.sb s7, 1(a5!)
 #NO_APP
	sra	s6,s6,s10
 #APP
	p.clipu s6, s6, 9
	p.sb s6, 1(a5!)
 #NO_APP
	sra	s4,s4,s10
 #APP
	p.clipu s4, s4, 9
	p.sb s4, 1(a5!)
 #NO_APP
	sw	a5,12(sp)
	j	.L13
.L11:
	lw	a5,52(sp)
	beq	a5,zero,.L12
	lw	a2,8(sp)
	lw	a1,56(sp)
	sw	t1,60(sp)
	call	quantize
	lw	a5,16(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a2,8(sp)
	lw	a1,56(sp)
	mv	a0,s3
	sw	a5,16(sp)
	call	quantize
	lw	a5,16(sp)
	mv	s3,a5
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a2,8(sp)
	lw	a1,56(sp)
	mv	a0,s2
	mv	s2,s3
	call	quantize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	s3,56(sp)
	lw	a2,8(sp)
	mv	a0,s1
	mv	a1,s3
	call	quantize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a2,8(sp)
	mv	a1,s3
	mv	a0,s8
	sw	s2,16(sp)
	lw	s1,12(sp)
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	s8,8(sp)
	mv	a1,s3
	mv	a0,s7
	mv	a2,s8
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s8
	mv	a1,s3
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s8
	mv	a1,s3
	mv	a0,s4
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	t1,60(sp)
	sw	s1,12(sp)
	j	.L13
.L16:
	lw	a3,44(sp)
	li	s1,0
	li	s2,0
	li	s3,0
	li	a0,0
	bne	a3,zero,.L30
.L17:
	lw	a3,32(sp)
	lw	a2,28(sp)
	mv	s4,s1
	mv	s6,s2
	mv	s7,s3
	mv	s8,a0
	j	.L7
.L15:
	sw	a3,12(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x2_a8w8_ri5cy
	.type	matmul_4x2_a8w8_ri5cy, @function
matmul_4x2_a8w8_ri5cy:
.LFB10:
	.cfi_startproc
	lw	a6,20(a0)
	lw	a3,24(a0)
	lhu	a7,28(a0)
	lhu	t1,32(a0)
	mv	a5,a0
	slli	a6,a6,2
	lw	a4,0(a5)
	mv	a0,a1
	lw	a1,4(a5)
	slli	a5,a6,16
	addi	sp,sp,-48
	.cfi_def_cfa_offset 48
	srli	a5,a5,16
	sw	a5,8(sp)
	sw	a7,0(sp)
	sw	zero,16(sp)
	sw	zero,12(sp)
	sw	t1,4(sp)
	li	a7,0
	li	a6,0
	li	a5,0
	add	a3,a2,a3
	sw	ra,44(sp)
	.cfi_offset 1, -4
	call	matmul
	lw	ra,44(sp)
	.cfi_restore 1
	addi	sp,sp,48
	.cfi_def_cfa_offset 0
	jr	ra
	.cfi_endproc
.LFE10:
	.size	matmul_4x2_a8w8_ri5cy, .-matmul_4x2_a8w8_ri5cy
