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
	addi	sp,sp,-224
	.cfi_def_cfa_offset 224
	sw	s0,216(sp)
	sw	s1,212(sp)
	.cfi_offset 8, -8
	.cfi_offset 9, -12
	lhu	s0,224(sp)
	lbu	s1,236(sp)
	mv	t4,a7
	lhu	a7,232(sp)
	sw	ra,220(sp)
	sw	s2,208(sp)
	srli	t6,a7,2
	sw	s3,204(sp)
	sw	s4,200(sp)
	sw	s5,196(sp)
	sw	s6,192(sp)
	sw	s7,188(sp)
	sw	s8,184(sp)
	sw	s9,180(sp)
	sw	s10,176(sp)
	sw	s11,172(sp)
	.cfi_offset 1, -4
	.cfi_offset 18, -16
	.cfi_offset 19, -20
	.cfi_offset 20, -24
	.cfi_offset 21, -28
	.cfi_offset 22, -32
	.cfi_offset 23, -36
	.cfi_offset 24, -40
	.cfi_offset 25, -44
	.cfi_offset 26, -48
	.cfi_offset 27, -52
	sw	s0,140(sp)
	sw	s1,108(sp)
	sw	a4,16(sp)
	lhu	t1,228(sp)
	lbu	a7,240(sp)
	beq	t6,zero,.L15
	mv	a4,t4
	srai	s7,t1,2
	andi	t2,t1,15
	slli	a4,a4,16
	mv	t3,a2
	mv	s9,a5
	srai	a4,a4,16
	addi	a2,t2,-1
	slli	a5,s7,1
	srli	a2,a2,2
	add	a5,a5,s7
	sw	a4,156(sp)
	slli	a4,s0,24
	srli	t4,t1,4
	add	t0,a0,t1
	sw	a5,112(sp)
	li	t1,0
	addi	a5,a2,1
	srai	a4,a4,24
	sw	a2,80(sp)
	sw	a5,136(sp)
	sw	a4,144(sp)
	sw	s7,116(sp)
	sw	t4,120(sp)
	sw	t6,124(sp)
	sw	t2,128(sp)
	sw	t1,88(sp)
	sw	t0,100(sp)
	sw	a3,84(sp)
	sw	a0,104(sp)
	sw	a1,96(sp)
	sw	t3,92(sp)
	sw	s9,148(sp)
	sw	a6,152(sp)
	sw	a7,132(sp)
.L14:
	lw	a5,116(sp)
	lw	a4,16(sp)
	add	a4,a4,a5
	sw	a4,72(sp)
	add	a4,a4,a5
	add	a5,a4,a5
	sw	a5,68(sp)
	lw	a5,96(sp)
	sw	a4,76(sp)
	beq	a5,zero,.L16
	lw	s8,0(a5)
	lw	s6,4(a5)
	lw	s3,8(a5)
	lw	s2,12(a5)
	addi	a5,a5,16
	sw	a5,96(sp)
	lw	a5,120(sp)
	beq	a5,zero,.L17
.L31:
 #APP
 #NO_APP
	lw	s9,100(sp)
	lw	s4,104(sp)
	lw	a4,68(sp)
	lw	a3,72(sp)
	lw	a2,76(sp)
	lw	a1,16(sp)
	mv	s0,s2
	mv	s11,s3
	mv	s10,s6
	mv	a0,s8
	mv	a6,s6
	mv	a7,s8
	.balign	4
	lp.setup	x0,a5,.Lend_8
.L8:
	lw	a5,8(s9)
	lw	s1,12(s4)
	lw	t0,12(s9)
	lw	t6,0(s4)
	lw	t5,0(s9)
	lw	t4,4(s4)
	lw	t3,4(s9)
	lw	t1,8(s4)
	sw	a5,12(sp)
	sw	s1,16(sp)
	sw	t0,20(sp)
	addi	s4,s4,16
	addi	s9,s9,16
 #APP
	p.lw a5, 4(a1!)
	p.extract t0, a5, 1, 0
	p.extract t2, a5, 1, 2
	p.extract s5, a5, 1, 4
	p.extract s6, a5, 1, 6
	pv.packlo.b s1, t2, t0
	pv.packhi.b s1, s6, s5
	p.extract t0, a5, 1, 8
	p.extract s5, a5, 1, 10
	p.extract s6, a5, 1, 12
	p.extract s7, a5, 1, 14
	pv.packlo.b t2, s5, t0
	pv.packhi.b t2, s7, s6
	p.extract s5, a5, 1, 16
	p.extract s6, a5, 1, 18
	p.extract s7, a5, 1, 20
	p.extract s8, a5, 1, 22
	pv.packlo.b t0, s6, s5
	pv.packhi.b t0, s8, s7
	p.extract s5, a5, 1, 24
	p.extract s6, a5, 1, 26
	p.extract s7, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b s8, s6, s5
	pv.packhi.b s8, a5, s7
	pv.sdotusp.b a0, t6, s1
	pv.sdotusp.b a7, t5, s1
 #NO_APP
	lw	a5,12(sp)
	lw	s1,16(sp)
 #APP
	pv.sdotusp.b a0, t4, t2
	pv.sdotusp.b a7, t3, t2
	pv.sdotusp.b a0, t1, t0
	pv.sdotusp.b a7, a5, t0
	pv.sdotusp.b a0, s1, s8
 #NO_APP
	lw	t0,20(sp)
 #APP
	pv.sdotusp.b a7, t0, s8
	p.lw a5, 4(a3!)
	p.extract t0, a5, 1, 0
	p.extract t2, a5, 1, 2
	p.extract s5, a5, 1, 4
	p.extract s6, a5, 1, 6
	pv.packlo.b s1, t2, t0
	pv.packhi.b s1, s6, s5
	p.extract t0, a5, 1, 8
	p.extract s5, a5, 1, 10
	p.extract s6, a5, 1, 12
	p.extract s7, a5, 1, 14
	pv.packlo.b t2, s5, t0
	pv.packhi.b t2, s7, s6
	p.extract s5, a5, 1, 16
	p.extract s6, a5, 1, 18
	p.extract s7, a5, 1, 20
	p.extract s8, a5, 1, 22
	pv.packlo.b t0, s6, s5
	pv.packhi.b t0, s8, s7
	p.extract s5, a5, 1, 24
	p.extract s6, a5, 1, 26
	p.extract s7, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b s8, s6, s5
	pv.packhi.b s8, a5, s7
	pv.sdotusp.b a6, t6, s1
	pv.sdotusp.b s10, t5, s1
 #NO_APP
	lw	a5,12(sp)
	lw	s1,16(sp)
 #APP
	pv.sdotusp.b a6, t4, t2
	pv.sdotusp.b s10, t3, t2
	pv.sdotusp.b a6, t1, t0
	pv.sdotusp.b s10, a5, t0
	pv.sdotusp.b a6, s1, s8
 #NO_APP
	lw	t0,20(sp)
 #APP
	pv.sdotusp.b s10, t0, s8
	p.lw a5, 4(a2!)
	p.extract t0, a5, 1, 0
	p.extract t2, a5, 1, 2
	p.extract s5, a5, 1, 4
	p.extract s6, a5, 1, 6
	pv.packlo.b s1, t2, t0
	pv.packhi.b s1, s6, s5
	p.extract t0, a5, 1, 8
	p.extract s5, a5, 1, 10
	p.extract s6, a5, 1, 12
	p.extract s7, a5, 1, 14
	pv.packlo.b t2, s5, t0
	pv.packhi.b t2, s7, s6
	p.extract s5, a5, 1, 16
	p.extract s6, a5, 1, 18
	p.extract s7, a5, 1, 20
	p.extract s8, a5, 1, 22
	pv.packlo.b t0, s6, s5
	pv.packhi.b t0, s8, s7
	p.extract s5, a5, 1, 24
	p.extract s6, a5, 1, 26
	p.extract s7, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b s8, s6, s5
	pv.packhi.b s8, a5, s7
	pv.sdotusp.b s3, t6, s1
	pv.sdotusp.b s11, t5, s1
 #NO_APP
	lw	a5,12(sp)
	lw	s1,16(sp)
 #APP
	pv.sdotusp.b s3, t4, t2
	pv.sdotusp.b s11, t3, t2
	pv.sdotusp.b s3, t1, t0
	pv.sdotusp.b s11, a5, t0
	pv.sdotusp.b s3, s1, s8
 #NO_APP
	lw	t0,20(sp)
 #APP
	pv.sdotusp.b s11, t0, s8
	p.lw a5, 4(a4!)
	p.extract t0, a5, 1, 0
	p.extract t2, a5, 1, 2
	p.extract s5, a5, 1, 4
	p.extract s6, a5, 1, 6
	pv.packlo.b s1, t2, t0
	pv.packhi.b s1, s6, s5
	p.extract t0, a5, 1, 8
	p.extract s5, a5, 1, 10
	p.extract s6, a5, 1, 12
	p.extract s7, a5, 1, 14
	pv.packlo.b t2, s5, t0
	pv.packhi.b t2, s7, s6
	p.extract s5, a5, 1, 16
	p.extract s6, a5, 1, 18
	p.extract s7, a5, 1, 20
	p.extract s8, a5, 1, 22
	pv.packlo.b t0, s6, s5
	pv.packhi.b t0, s8, s7
	p.extract s5, a5, 1, 24
	p.extract s6, a5, 1, 26
	p.extract s7, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b s8, s6, s5
	pv.packhi.b s8, a5, s7
	pv.sdotusp.b s2, t6, s1
	pv.sdotusp.b s0, t5, s1
 #NO_APP
	lw	a5,12(sp)
	lw	s1,16(sp)
 #APP
	pv.sdotusp.b s2, t4, t2
	pv.sdotusp.b s0, t3, t2
	pv.sdotusp.b s2, t1, t0
	pv.sdotusp.b s0, a5, t0
	pv.sdotusp.b s2, s1, s8
 #NO_APP
	lw	t0,20(sp)
 #APP
.Lend_8:
	pv.sdotusp.b s0, t0, s8
 #NO_APP
	sw	a4,68(sp)
	sw	a3,72(sp)
	sw	a2,76(sp)
	mv	s8,a0
	mv	s6,a6
	mv	s1,a7
	sw	a1,16(sp)
.L7:
	lw	a5,128(sp)
	beq	a5,zero,.L9
	li	s5,0
	sw	s2,24(sp)
	sw	s11,32(sp)
	sw	s8,36(sp)
	sw	s0,20(sp)
	sw	s3,28(sp)
	mv	s11,s4
	mv	s2,s5
	mv	s8,s9
	sw	s6,40(sp)
	sw	s10,44(sp)
.L10:
	lw	a2,16(sp)
	lbu	a3,0(s11)
	lbu	s0,3(s8)
	add	a6,a2,s2
	lw	a2,72(sp)
	lbu	s5,0(s8)
	lb	s10,0(a6)
	add	a0,a2,s2
	lw	a2,76(sp)
	sw	s0,52(sp)
 #APP
	p.extract s0, s10, 1, 0
 #NO_APP
	add	a1,a2,s2
	lw	a2,68(sp)
	lb	s9,0(a0)
 #APP
	p.extract t5, s10, 1, 2
 #NO_APP
	add	a2,a2,s2
	lb	s6,0(a2)
	mul	a2,s0,a3
 #APP
	p.extract t2, s9, 1, 0
	p.extract a6, s10, 1, 4
	p.extract s10, s10, 1, 6
 #NO_APP
	sw	s10,56(sp)
	lb	s7,0(a1)
 #APP
	p.extract t6, s6, 1, 0
	p.extract t0, s7, 1, 0
	p.extract t1, s6, 1, 2
	p.extract a1, s7, 1, 4
 #NO_APP
	mul	s0,s0,s5
	sw	a1,12(sp)
 #APP
	p.extract a1, s6, 1, 4
	p.extract s6, s6, 1, 6
 #NO_APP
	sw	s6,64(sp)
 #APP
	p.extract t3, s7, 1, 2
	p.extract s7, s7, 1, 6
 #NO_APP
	sw	s7,60(sp)
	lw	s7,36(sp)
	lbu	a4,1(s11)
	mul	s10,a3,t2
	add	s7,a2,s7
	lw	a2,40(sp)
	add	s0,s0,s1
	lbu	s4,1(s8)
 #APP
	p.extract t4, s9, 1, 2
 #NO_APP
	lbu	a5,2(s11)
 #APP
	p.extract a0, s9, 1, 4
 #NO_APP
	lbu	s3,2(s8)
	lbu	a7,3(s11)
	mul	s6,t0,a3
	add	s10,s10,a2
	lw	a2,28(sp)
	sw	s2,48(sp)
 #APP
	p.extract s9, s9, 1, 6
 #NO_APP
	addi	s11,s11,4
	addi	s8,s8,4
	addi	s2,s2,1
	mul	a3,a3,t6
	add	s6,s6,a2
	lw	a2,24(sp)
	mul	s1,t5,a4
	add	a3,a3,a2
	lw	a2,44(sp)
	mul	t2,t2,s5
	add	s1,s1,s7
	mul	t0,t0,s5
	add	t2,t2,a2
	lw	a2,32(sp)
	mul	t6,s5,t6
	add	t0,t0,a2
	lw	a2,20(sp)
	mul	s5,t4,a4
	add	t6,t6,a2
	lw	a2,12(sp)
	mul	s7,t3,a4
	add	s5,s5,s10
	mul	a4,t1,a4
	add	s7,s7,s6
	mul	t3,t3,s4
	add	a4,a4,a3
	mul	t1,t1,s4
	add	t3,t3,t0
	mul	a3,a6,a5
	add	t1,t1,t6
	mul	t0,a2,a5
	mv	a2,a1
	add	a3,a3,s1
	lw	s1,56(sp)
	mul	t6,a0,a5
	add	t0,t0,s7
	mul	a5,a1,a5
	add	t6,t6,s5
	add	a5,a5,a4
	lw	a4,12(sp)
	mul	t4,t4,s4
	mul	a1,a4,s3
	add	t4,t4,t2
	add	a1,a1,t3
	mul	a0,a0,s3
	mul	t3,s1,a7
	add	a0,a0,t4
	mul	a2,a2,s3
	add	t4,t3,a3
	sw	t4,36(sp)
	lw	t3,64(sp)
	add	a2,a2,t1
	lw	t1,60(sp)
	mul	a4,s9,a7
	mul	a3,t1,a7
	add	a4,a4,t6
	sw	a4,40(sp)
	add	a4,a3,t0
	lw	a3,52(sp)
	mul	t5,t5,s4
	sw	a4,28(sp)
	mul	a6,a6,s3
	add	t5,t5,s0
	mul	a7,t3,a7
	add	a6,a6,t5
	mul	a4,s1,a3
	add	a5,a7,a5
	sw	a5,24(sp)
	add	s1,a4,a6
	mul	a5,t1,a3
	mv	a4,a3
	mul	a4,t3,a4
	add	a5,a5,a1
	sw	a5,32(sp)
	mul	s9,s9,a3
	add	a5,a4,a2
	sw	a5,20(sp)
	lw	a4,48(sp)
	lw	a5,80(sp)
	add	a3,s9,a0
	sw	a3,44(sp)
	bne	a5,a4,.L10
	lw	a5,16(sp)
	lw	a4,136(sp)
	lw	s0,20(sp)
	lw	s2,24(sp)
	lw	s3,28(sp)
	lw	s11,32(sp)
	lw	s6,40(sp)
	add	a5,a5,a4
	mv	s8,t4
	mv	s10,a3
	sw	a5,16(sp)
.L9:
	lw	a5,132(sp)
	beq	a5,zero,.L11
	lw	a5,108(sp)
	beq	a5,zero,.L12
	lw	s5,152(sp)
	lw	s7,148(sp)
	lw	s9,144(sp)
	lw	a2,0(s5)
	lw	a1,0(s7)
	mv	a3,s9
	mv	a0,s8
	call	normalize
	lw	s4,92(sp)
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a2,0(s5)
	lw	a1,0(s7)
	mv	a3,s9
	mv	a0,s1
	call	normalize
	lw	s1,84(sp)
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a2,4(s5)
	lw	a1,4(s7)
	mv	a3,s9
	mv	a0,s6
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a2,4(s5)
	lw	a1,4(s7)
	mv	a3,s9
	mv	a0,s10
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a2,8(s5)
	lw	a1,8(s7)
	mv	a3,s9
	mv	a0,s3
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a2,8(s5)
	lw	a1,8(s7)
	mv	a3,s9
	mv	a0,s11
	call	normalize
	mv	s3,s1
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a2,12(s5)
	lw	a1,12(s7)
	mv	a3,s9
	mv	a0,s2
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a2,12(s5)
	lw	a1,12(s7)
	mv	a3,s9
	mv	a0,s0
	sw	s4,92(sp)
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	addi	a5,s7,16
	sw	a5,148(sp)
	addi	a5,s5,16
	sw	s3,84(sp)
	sw	a5,152(sp)
.L13:
	lw	a4,16(sp)
	lw	a3,112(sp)
	lw	a5,88(sp)
	add	a4,a4,a3
	sw	a4,16(sp)
	lw	a4,124(sp)
	addi	a5,a5,1
	sw	a5,88(sp)
	bne	a4,a5,.L14
	lw	a5,84(sp)
.L4:
	lw	ra,220(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,216(sp)
	.cfi_restore 8
	lw	s1,212(sp)
	.cfi_restore 9
	lw	s2,208(sp)
	.cfi_restore 18
	lw	s3,204(sp)
	.cfi_restore 19
	lw	s4,200(sp)
	.cfi_restore 20
	lw	s5,196(sp)
	.cfi_restore 21
	lw	s6,192(sp)
	.cfi_restore 22
	lw	s7,188(sp)
	.cfi_restore 23
	lw	s8,184(sp)
	.cfi_restore 24
	lw	s9,180(sp)
	.cfi_restore 25
	lw	s10,176(sp)
	.cfi_restore 26
	lw	s11,172(sp)
	.cfi_restore 27
	mv	a0,a5
	addi	sp,sp,224
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	lw	a3,140(sp)
	lw	a4,92(sp)
	sra	s8,s8,a3
 #APP
	p.clipu s8, s8, 9
	p.sb s8, 1(a4!)
 #NO_APP
	sra	a5,s6,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s3,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s2,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s1,a3
	sw	a4,92(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,84(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s10,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s11,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s0,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sw	a4,84(sp)
	j	.L13
.L11:
	lw	a5,108(sp)
	beq	a5,zero,.L12
	lw	s7,144(sp)
	lw	s5,156(sp)
	mv	a0,s8
	mv	a2,s7
	mv	a1,s5
	call	quantize
	lw	s4,92(sp)
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s3
	call	quantize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s2
	call	quantize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s1
	sw	s4,92(sp)
	lw	s3,84(sp)
	call	quantize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s10
	call	quantize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s11
	call	quantize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	mv	a2,s7
	mv	a1,s5
	mv	a0,s0
	call	quantize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	sw	s3,84(sp)
	j	.L13
.L16:
	lw	a5,120(sp)
	li	s2,0
	li	s3,0
	li	s6,0
	li	s8,0
	bne	a5,zero,.L31
.L17:
	lw	s9,100(sp)
	lw	s4,104(sp)
	mv	s0,s2
	mv	s11,s3
	mv	s10,s6
	mv	s1,s8
	j	.L7
.L15:
	mv	a5,a3
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x2_a8w2_ri5cy
	.type	matmul_4x2_a8w2_ri5cy, @function
matmul_4x2_a8w2_ri5cy:
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
	.size	matmul_4x2_a8w2_ri5cy, .-matmul_4x2_a8w2_ri5cy
