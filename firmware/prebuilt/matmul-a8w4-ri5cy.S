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
	addi	sp,sp,-160
	.cfi_def_cfa_offset 160
	lhu	t3,168(sp)
	sw	s0,152(sp)
	lhu	t1,164(sp)
	.cfi_offset 8, -8
	srli	s0,t3,2
	lbu	t3,172(sp)
	sw	s1,148(sp)
	.cfi_offset 9, -12
	lhu	s1,160(sp)
	sw	t3,60(sp)
	lbu	t3,176(sp)
	sw	s10,112(sp)
	.cfi_offset 26, -48
	mv	s10,a4
	srai	a4,t1,1
	sw	ra,156(sp)
	sw	s2,144(sp)
	sw	s3,140(sp)
	sw	s4,136(sp)
	sw	s5,132(sp)
	sw	s6,128(sp)
	sw	s7,124(sp)
	sw	s8,120(sp)
	sw	s9,116(sp)
	sw	s11,108(sp)
	.cfi_offset 1, -4
	.cfi_offset 18, -16
	.cfi_offset 19, -20
	.cfi_offset 20, -24
	.cfi_offset 21, -28
	.cfi_offset 22, -32
	.cfi_offset 23, -36
	.cfi_offset 24, -40
	.cfi_offset 25, -44
	.cfi_offset 27, -52
	sw	s0,44(sp)
	sw	s1,84(sp)
	sw	t3,48(sp)
	sw	a0,32(sp)
	sw	a1,24(sp)
	sw	a2,20(sp)
	sw	a5,76(sp)
	sw	a6,80(sp)
	sw	a4,40(sp)
	beq	s0,zero,.L15
	andi	a2,t1,7
	addi	a5,a2,-1
	srli	a5,a5,1
	addi	a5,a5,1
	mv	a1,a4
	sw	a5,68(sp)
	slli	a4,a4,1
	slli	a5,a7,16
	add	a1,a4,a1
	srai	a5,a5,16
	add	a4,a0,t1
	sw	a4,36(sp)
	sw	a5,92(sp)
	addi	a4,a2,-2
	slli	a5,s1,24
	srli	s0,t1,3
	sw	a4,64(sp)
	srai	a5,a5,24
	addi	a4,a2,-4
	sw	a2,28(sp)
	sw	s0,52(sp)
	sw	a1,56(sp)
	sw	a4,72(sp)
	sw	a3,12(sp)
	sw	zero,16(sp)
	sw	a5,88(sp)
	mv	s11,s10
.L14:
	lw	a3,40(sp)
	lw	a2,24(sp)
	add	a4,s11,a3
	add	a5,a4,a3
	add	a3,a5,a3
	sw	a3,8(sp)
	beq	a2,zero,.L16
	addi	a3,a2,16
	lw	a0,0(a2)
	lw	s1,4(a2)
	lw	s0,8(a2)
	lw	s2,12(a2)
	lw	a2,52(sp)
	sw	a3,24(sp)
	beq	a2,zero,.L17
.L30:
 #APP
	lp.count	x0,a2
 #NO_APP
	lw	a2,36(sp)
	lw	a1,32(sp)
	lw	a3,8(sp)
	mv	s3,s2
	mv	s4,s0
	mv	s5,s1
	mv	s6,a0
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
	lw	t4,0(a1)
	lw	t3,0(a2)
	lw	t1,4(a1)
	lw	a7,4(a2)
	addi	a1,a1,8
	addi	a2,a2,8
 #APP
	p.lw a6, 4(s11!)
	p.extract t5, a6, 3, 0
	p.extract t0, a6, 3, 4
	p.extract t2, a6, 3, 8
	p.extract s7, a6, 3, 12
	pv.packlo.b t6, t0, t5
	pv.packhi.b t6, s7, t2
	p.extract t0, a6, 3, 16
	p.extract t2, a6, 3, 20
	p.extract s7, a6, 3, 24
	p.extract a6, a6, 3, 28
	pv.packlo.b t5, t2, t0
	pv.packhi.b t5, a6, s7
	pv.sdotusp.b a0, t4, t6
	pv.sdotusp.b s6, t3, t6
	pv.sdotusp.b a0, t1, t5
	pv.sdotusp.b s6, a7, t5
	p.lw a6, 4(a4!)
	p.extract t5, a6, 3, 0
	p.extract t0, a6, 3, 4
	p.extract t2, a6, 3, 8
	p.extract s7, a6, 3, 12
	pv.packlo.b t6, t0, t5
	pv.packhi.b t6, s7, t2
	p.extract t0, a6, 3, 16
	p.extract t2, a6, 3, 20
	p.extract s7, a6, 3, 24
	p.extract a6, a6, 3, 28
	pv.packlo.b t5, t2, t0
	pv.packhi.b t5, a6, s7
	pv.sdotusp.b s1, t4, t6
	pv.sdotusp.b s5, t3, t6
	pv.sdotusp.b s1, t1, t5
	pv.sdotusp.b s5, a7, t5
	p.lw a6, 4(a5!)
	p.extract t5, a6, 3, 0
	p.extract t0, a6, 3, 4
	p.extract t2, a6, 3, 8
	p.extract s7, a6, 3, 12
	pv.packlo.b t6, t0, t5
	pv.packhi.b t6, s7, t2
	p.extract t0, a6, 3, 16
	p.extract t2, a6, 3, 20
	p.extract s7, a6, 3, 24
	p.extract a6, a6, 3, 28
	pv.packlo.b t5, t2, t0
	pv.packhi.b t5, a6, s7
	pv.sdotusp.b s0, t4, t6
	pv.sdotusp.b s4, t3, t6
	pv.sdotusp.b s0, t1, t5
	pv.sdotusp.b s4, a7, t5
	p.lw a6, 4(a3!)
	p.extract t5, a6, 3, 0
	p.extract t0, a6, 3, 4
	p.extract t2, a6, 3, 8
	p.extract s7, a6, 3, 12
	pv.packlo.b t6, t0, t5
	pv.packhi.b t6, s7, t2
	p.extract t0, a6, 3, 16
	p.extract t2, a6, 3, 20
	p.extract s7, a6, 3, 24
	p.extract a6, a6, 3, 28
	pv.packlo.b t5, t2, t0
	pv.packhi.b t5, a6, s7
	pv.sdotusp.b s2, t4, t6
	pv.sdotusp.b s3, t3, t6
	pv.sdotusp.b s2, t1, t5
.Lend_8:
	pv.sdotusp.b s3, a7, t5
 #NO_APP
	sw	a3,8(sp)
.L7:
	lw	a6,28(sp)
	beq	a6,zero,.L9
	lbu	a6,0(a1)
	lb	t4,0(s11)
 #APP
	p.extract t2, t4, 3, 0
 #NO_APP
	mul	s10,t2,a6
	lw	a3,8(sp)
	lb	t1,0(a5)
 #APP
	p.extract t6, t1, 3, 0
 #NO_APP
	lb	a7,0(a3)
	lb	t3,0(a4)
 #APP
	p.extract t5, a7, 3, 0
	p.extract t0, t3, 3, 0
 #NO_APP
	lbu	s7,1(a1)
	lbu	s9,0(a2)
	mv	a3,s10
	add	a3,a3,a0
	mul	a0,a6,t6
	lbu	s8,1(a2)
 #APP
	p.extract t4, t4, 3, 4
	p.extract t3, t3, 3, 4
	p.extract t1, t1, 3, 4
	p.extract a7, a7, 3, 4
 #NO_APP
	mul	s10,a6,t0
	add	s0,a0,s0
	mul	a6,a6,t5
	add	s10,s10,s1
	mul	a0,s7,t4
	add	a6,a6,s2
	mul	t2,t2,s9
	add	a0,a0,a3
	lw	a3,64(sp)
	mul	t0,s9,t0
	add	t2,t2,s6
	mul	t6,s9,t6
	add	t0,t0,s5
	mul	t5,s9,t5
	add	t6,t6,s4
	mul	s2,s7,t1
	add	t5,t5,s3
	mul	s1,s7,t3
	add	s0,s2,s0
	mul	s7,s7,a7
	add	s1,s1,s10
	mul	t4,t4,s8
	add	s2,s7,a6
	mul	t3,t3,s8
	add	s6,t4,t2
	mul	t1,t1,s8
	add	s5,t3,t0
	mul	a7,a7,s8
	add	s4,t1,t6
	add	s3,a7,t5
	ble	a3,zero,.L10
	lbu	a6,2(a1)
	lw	a3,8(sp)
	lb	t4,1(s11)
 #APP
	p.extract t2, t4, 3, 0
 #NO_APP
	lb	a7,1(a3)
	mul	a3,a6,t2
	lb	t1,1(a5)
 #APP
	p.extract t6, t1, 3, 0
	p.extract t5, a7, 3, 0
 #NO_APP
	lb	t3,1(a4)
 #APP
	p.extract t0, t3, 3, 0
 #NO_APP
	lbu	s7,3(a1)
	lbu	s9,2(a2)
	lbu	s8,3(a2)
 #APP
	p.extract t4, t4, 3, 4
 #NO_APP
	add	a3,a3,a0
	mul	a0,a6,t6
 #APP
	p.extract t3, t3, 3, 4
	p.extract t1, t1, 3, 4
	p.extract a7, a7, 3, 4
 #NO_APP
	mul	s10,a6,t0
	add	s0,a0,s0
	mul	a6,a6,t5
	add	s10,s10,s1
	mul	a0,s7,t4
	add	a6,a6,s2
	mul	t2,s9,t2
	add	a0,a0,a3
	lw	a3,72(sp)
	mul	t0,s9,t0
	add	t2,t2,s6
	mul	t6,s9,t6
	add	t0,t0,s5
	mul	t5,s9,t5
	add	t6,t6,s4
	mul	s2,s7,t1
	add	t5,t5,s3
	mul	s1,s7,t3
	add	s0,s2,s0
	mul	s7,a7,s7
	add	s1,s1,s10
	mul	t4,s8,t4
	add	s2,s7,a6
	mul	t3,s8,t3
	add	s6,t4,t2
	mul	t1,s8,t1
	add	s5,t3,t0
	mul	a7,a7,s8
	add	s4,t1,t6
	add	s3,a7,t5
	ble	a3,zero,.L10
	lbu	a6,4(a1)
	lb	t3,2(s11)
 #APP
	p.extract t0, t3, 3, 0
 #NO_APP
	mul	s10,t0,a6
	lw	a3,8(sp)
	lb	t1,2(a4)
	lb	a7,2(a5)
	lb	s9,2(a3)
 #APP
	p.extract t6, t1, 3, 0
	p.extract a3, s9, 3, 4
	p.extract t5, a7, 3, 0
	p.extract t4, s9, 3, 0
 #NO_APP
	lbu	t2,5(a1)
	mul	s9,t6,a6
	add	s10,s10,a0
 #APP
	p.extract t3, t3, 3, 4
	p.extract t1, t1, 3, 4
	p.extract a7, a7, 3, 4
 #NO_APP
	lbu	s8,4(a2)
	lbu	s7,5(a2)
	mul	a0,t5,a6
	add	s9,s9,s1
	mul	a6,t4,a6
	add	s0,a0,s0
	mul	s1,t1,t2
	add	a6,a6,s2
	mul	a0,t3,t2
	add	s1,s1,s9
	mul	s2,a7,t2
	add	a0,a0,s10
	mul	t2,t2,a3
	add	s0,s2,s0
	mul	t4,s8,t4
	add	s2,t2,a6
	mul	a6,a3,s7
	add	t4,t4,s3
	li	a3,7
	mul	t0,s8,t0
	add	s3,a6,t4
	lw	a6,28(sp)
	mul	t6,s8,t6
	add	t0,t0,s6
	mul	t5,s8,t5
	add	t6,t6,s5
	mul	t3,t3,s7
	add	t5,t5,s4
	mul	t1,t1,s7
	add	s6,t3,t0
	mul	a7,a7,s7
	add	s5,t1,t6
	add	s4,a7,t5
	bne	a6,a3,.L10
	lbu	a6,6(a1)
	lbu	t3,7(a1)
	lb	a1,3(s11)
 #APP
	p.extract t5, a1, 3, 0
 #NO_APP
	mul	t0,t5,a6
	lbu	t1,6(a2)
	lbu	t4,7(a2)
	lb	a2,3(a4)
	lb	a4,3(a5)
 #APP
	p.extract a7, a2, 3, 0
	p.extract t6, a4, 3, 0
 #NO_APP
	lw	a5,8(sp)
 #APP
	p.extract a1, a1, 3, 4
	p.extract a2, a2, 3, 4
 #NO_APP
	mul	t2,a6,a7
	add	t0,t0,a0
	lb	a5,3(a5)
 #APP
	p.extract a3, a5, 3, 0
	p.extract a4, a4, 3, 4
	p.extract a5, a5, 3, 4
 #NO_APP
	mul	a0,t6,a6
	add	t2,t2,s1
	mul	a6,a6,a3
	add	s7,a0,s0
	mul	t5,t5,t1
	add	a6,a6,s2
	mul	a7,a7,t1
	add	t5,t5,s6
	mul	t6,t6,t1
	add	a7,a7,s5
	mul	a3,t1,a3
	add	t6,t6,s4
	mul	a0,a1,t3
	add	a3,a3,s3
	mul	s1,a2,t3
	add	a0,a0,t0
	mul	s0,a4,t3
	add	s1,s1,t2
	mul	t3,a5,t3
	add	s0,s0,s7
	mul	a1,a1,t4
	add	s2,t3,a6
	mul	a2,a2,t4
	add	s6,a1,t5
	mul	a4,a4,t4
	add	s5,a2,a7
	mul	a5,a5,t4
	add	s4,a4,t6
	add	s3,a5,a3
.L10:
	lw	a5,68(sp)
	add	s11,s11,a5
.L9:
	lw	a5,48(sp)
	beq	a5,zero,.L11
	lw	a5,60(sp)
	beq	a5,zero,.L12
	lw	s8,80(sp)
	lw	s9,76(sp)
	lw	s10,88(sp)
	lw	a2,0(s8)
	lw	a1,0(s9)
	mv	a3,s10
	call	normalize
	lw	s7,20(sp)
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a2,0(s8)
	lw	a1,0(s9)
	mv	a3,s10
	mv	a0,s6
	call	normalize
	lw	s6,12(sp)
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a2,4(s8)
	lw	a1,4(s9)
	mv	a3,s10
	mv	a0,s1
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a2,4(s8)
	lw	a1,4(s9)
	mv	a3,s10
	mv	a0,s5
	mv	s1,s8
	call	normalize
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a2,8(s1)
	lw	a1,8(s9)
	mv	a3,s10
	mv	a0,s0
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a2,8(s1)
	lw	a1,8(s9)
	mv	a3,s10
	mv	a0,s4
	call	normalize
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a2,12(s1)
	lw	a1,12(s9)
	mv	a3,s10
	mv	a0,s2
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a2,12(s1)
	lw	a1,12(s9)
	mv	a3,s10
	mv	a0,s3
	sw	s7,20(sp)
	call	normalize
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	addi	a5,s9,16
	sw	a5,76(sp)
	addi	a5,s1,16
	sw	s6,12(sp)
	sw	a5,80(sp)
.L13:
	lw	a4,56(sp)
	lw	a5,16(sp)
	add	s11,s11,a4
	lw	a4,44(sp)
	addi	a5,a5,1
	sw	a5,16(sp)
	bne	a4,a5,.L14
.L4:
	lw	ra,156(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,152(sp)
	.cfi_restore 8
	lw	a0,12(sp)
	lw	s1,148(sp)
	.cfi_restore 9
	lw	s2,144(sp)
	.cfi_restore 18
	lw	s3,140(sp)
	.cfi_restore 19
	lw	s4,136(sp)
	.cfi_restore 20
	lw	s5,132(sp)
	.cfi_restore 21
	lw	s6,128(sp)
	.cfi_restore 22
	lw	s7,124(sp)
	.cfi_restore 23
	lw	s8,120(sp)
	.cfi_restore 24
	lw	s9,116(sp)
	.cfi_restore 25
	lw	s10,112(sp)
	.cfi_restore 26
	lw	s11,108(sp)
	.cfi_restore 27
	addi	sp,sp,160
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	lw	a4,84(sp)
	lw	a5,20(sp)
	sra	a0,a0,a4
 #APP
	p.clipu a0, a0, 9
	p.sb a0, 1(a5!)
 #NO_APP
	sra	s1,s1,a4
 #APP
	p.clipu s1, s1, 9
	p.sb s1, 1(a5!)
 #NO_APP
	sra	s0,s0,a4
 #APP
	p.clipu s0, s0, 9
	p.sb s0, 1(a5!)
 #NO_APP
	sra	s2,s2,a4
 #APP
	p.clipu s2, s2, 9
	p.sb s2, 1(a5!)
 #NO_APP
	sra	s6,s6,a4
	sw	a5,20(sp)
 #APP
	p.clipu s6, s6, 9
 #NO_APP
	lw	a5,12(sp)
 #APP
	p.sb s6, 1(a5!)
 #NO_APP
	sra	s5,s5,a4
 #APP
	p.clipu s5, s5, 9
	p.sb s5, 1(a5!)
 #NO_APP
	sra	s4,s4,a4
 #APP
	p.clipu s4, s4, 9
	p.sb s4, 1(a5!)
 #NO_APP
	sra	s3,s3,a4
 #APP
	p.clipu s3, s3, 9
	p.sb s3, 1(a5!)
 #NO_APP
	sw	a5,12(sp)
	j	.L13
.L11:
	lw	a5,60(sp)
	beq	a5,zero,.L12
	lw	s9,88(sp)
	lw	s8,92(sp)
	mv	a2,s9
	mv	a1,s8
	call	quantize
	lw	s7,20(sp)
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s1
	call	quantize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s0
	call	quantize
	mv	s0,s7
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s2
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s6
	sw	s0,20(sp)
	lw	s0,12(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s5
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s4
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s8
	mv	a0,s3
	call	quantize
	mv	a5,s0
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	sw	a5,12(sp)
	j	.L13
.L16:
	lw	a2,52(sp)
	li	s2,0
	li	s0,0
	li	s1,0
	li	a0,0
	bne	a2,zero,.L30
.L17:
	lw	a2,36(sp)
	lw	a1,32(sp)
	mv	s3,s2
	mv	s4,s0
	mv	s5,s1
	mv	s6,a0
	j	.L7
.L15:
	sw	a3,12(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x2_a8w4_ri5cy
	.type	matmul_4x2_a8w4_ri5cy, @function
matmul_4x2_a8w4_ri5cy:
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
	.size	matmul_4x2_a8w4_ri5cy, .-matmul_4x2_a8w4_ri5cy
