// Compiled from firmware/kernels/published/matmul_4x4.c, hardware loops by firmware/kernels/xpulp_code.py.
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
	addi	sp,sp,-208
	.cfi_def_cfa_offset 208
	lhu	t1,224(sp)
	sw	s1,196(sp)
	sw	s0,200(sp)
	.cfi_offset 9, -12
	.cfi_offset 8, -8
	srli	s1,t1,2
	lbu	t1,228(sp)
	lhu	s0,220(sp)
	sw	ra,204(sp)
	sw	t1,76(sp)
	lbu	t1,232(sp)
	sw	s2,192(sp)
	sw	s3,188(sp)
	sw	s4,184(sp)
	sw	s5,180(sp)
	sw	s6,176(sp)
	sw	s7,172(sp)
	sw	s8,168(sp)
	sw	s9,164(sp)
	sw	s10,160(sp)
	sw	s11,156(sp)
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
	sw	s1,64(sp)
	sw	s0,72(sp)
	sw	t1,80(sp)
	sw	a0,68(sp)
	sw	a1,40(sp)
	sw	a2,28(sp)
	sw	a3,32(sp)
	sw	a4,36(sp)
	sw	a7,16(sp)
	lhu	t6,216(sp)
	beq	s1,zero,.L15
	andi	a1,s0,3
	srli	a4,s0,2
	sw	a5,20(sp)
	sub	a5,a1,s0
	slli	a2,a4,2
	sw	a5,136(sp)
	lh	a5,212(sp)
	sw	a2,132(sp)
	add	a2,a0,a2
	sw	a4,84(sp)
	sw	a2,104(sp)
	slli	a4,s0,1
	add	a2,a2,s0
	add	a3,a0,a4
	sw	a2,108(sp)
	sw	a5,140(sp)
	add	a2,a2,s0
	slli	a5,t6,24
	srai	a5,a5,24
	sw	a3,96(sp)
	sw	a2,112(sp)
	add	a3,a3,s0
	add	a2,a2,s0
	sw	a2,116(sp)
	sub	a4,a3,a4
	slli	a2,s0,2
	sw	a5,52(sp)
	mv	a5,t6
	sw	a3,100(sp)
	sw	a1,48(sp)
	sw	a2,88(sp)
	sw	a4,92(sp)
	sw	zero,24(sp)
	mv	t6,a6
	mv	t0,a5
.L14:
	lw	a4,72(sp)
	add	a5,t6,a4
	add	a3,a5,a4
	add	t2,a3,a4
	sw	a5,56(sp)
	sw	a3,60(sp)
	mv	a4,t6
 #APP
	pv.mlsdotsup.b zero, a4, 16
	pv.mlsdotsup.b zero, a5, 18
	pv.mlsdotsup.b zero, a3, 20
 #NO_APP
	mv	a1,t2
 #APP
	pv.mlsdotsup.b zero, a1, 22
 #NO_APP
	lw	a2,68(sp)
 #APP
	pv.mlsdotsup.b zero, a2, 8
 #NO_APP
	lw	s1,40(sp)
	beq	s1,zero,.L16
	lw	a0,0(s1)
	lw	s8,4(s1)
	lw	s7,8(s1)
	lw	s0,12(s1)
	addi	s1,s1,16
	sw	s1,40(sp)
	lw	s1,84(sp)
	beq	s1,zero,.L17
.L31:
 #APP
	lp.count	x0,s1
 #NO_APP
	lw	a7,100(sp)
	lw	a6,96(sp)
	lw	t5,92(sp)
	mv	s1,s0
	mv	s2,s7
	mv	s3,s8
	mv	s4,a0
	mv	s5,s0
	mv	s9,s7
	mv	s10,s8
	mv	s11,a0
	mv	s6,s0
	mv	t1,s7
	mv	t3,s8
	mv	t4,a0
	sw	t2,44(sp)
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	pv.mlsdotsup.b zero, t5, 9
	pv.mlsdotsup.b a0, a4, 0
	pv.mlsdotsup.b s8, a5, 2
	pv.mlsdotsup.b s7, a3, 4
	pv.mlsdotsup.b s0, a6, 14
	pv.mlsdotsup.b t4, a4, 1
	pv.mlsdotsup.b t3, a5, 3
	pv.mlsdotsup.b t1, a3, 5
	pv.mlsdotsup.b s6, a7, 15
	pv.mlsdotsup.b s11, a4, 0
	pv.mlsdotsup.b s10, a5, 2
	pv.mlsdotsup.b s9, a3, 4
	pv.mlsdotsup.b s5, a2, 14
	pv.mlsdotsup.b s4, a4, 17
	pv.mlsdotsup.b s3, a5, 19
	pv.mlsdotsup.b s2, a3, 21
.Lend_8:
	pv.mlsdotsup.b s1, a1, 23
 #NO_APP
	lw	a5,48(sp)
	sw	s1,12(sp)
	lw	t2,44(sp)
	bne	a5,zero,.L30
.L9:
	lw	a5,80(sp)
	beq	a5,zero,.L11
	lw	a5,76(sp)
	beq	a5,zero,.L12
	lw	a5,208(sp)
	lw	s1,52(sp)
	sw	t0,128(sp)
	lw	a2,0(a5)
	lw	a5,16(sp)
	mv	a3,s1
	sw	t6,124(sp)
	lw	a1,0(a5)
	sw	t1,120(sp)
	sw	t3,60(sp)
	sw	t4,56(sp)
	call	normalize
	lw	a5,28(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a4,208(sp)
	sw	a5,44(sp)
	lw	a5,16(sp)
	lw	t4,56(sp)
	lw	a2,0(a4)
	lw	a1,0(a5)
	mv	a3,s1
	mv	a0,t4
	call	normalize
	lw	a4,32(sp)
 #APP
	p.sb a0, 1(a4!)
 #NO_APP
	lw	a5,16(sp)
	sw	a4,28(sp)
	lw	a4,208(sp)
	lw	a1,0(a5)
	mv	a3,s1
	lw	a2,0(a4)
	mv	a0,s11
	call	normalize
	lw	s11,36(sp)
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a4,208(sp)
	lw	a5,16(sp)
	mv	a3,s1
	lw	a2,0(a4)
	lw	a1,0(a5)
	mv	a0,s4
	call	normalize
	lw	s4,20(sp)
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a5,16(sp)
	lw	a4,208(sp)
	mv	a3,s1
	lw	a1,4(a5)
	lw	a2,4(a4)
	mv	a0,s8
	call	normalize
	lw	a5,44(sp)
	mv	s8,a5
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a4,208(sp)
	lw	a5,16(sp)
	lw	t3,60(sp)
	lw	a2,4(a4)
	lw	a1,4(a5)
	mv	a3,s1
	mv	a0,t3
	call	normalize
	lw	a4,28(sp)
 #APP
	p.sb a0, 1(a4!)
 #NO_APP
	lw	a5,16(sp)
	sw	a4,20(sp)
	lw	a4,208(sp)
	lw	a1,4(a5)
	mv	a3,s1
	lw	a2,4(a4)
	mv	a0,s10
	call	normalize
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a4,208(sp)
	lw	s10,16(sp)
	mv	a3,s1
	lw	a2,4(a4)
	lw	a1,4(s10)
	mv	a0,s3
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,8(s10)
	mv	a3,s1
	lw	a2,8(a5)
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,208(sp)
	lw	t1,120(sp)
	lw	a1,8(s10)
	lw	a2,8(a5)
	mv	a3,s1
	mv	a0,t1
	call	normalize
	lw	a4,20(sp)
	mv	s3,a4
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,8(s10)
	mv	a3,s1
	lw	a2,8(a5)
	mv	a0,s9
	call	normalize
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,8(s10)
	mv	a3,s1
	lw	a2,8(a5)
	mv	a0,s2
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,12(s10)
	mv	a3,s1
	lw	a2,12(a5)
	mv	a0,s0
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,12(s10)
	mv	a3,s1
	lw	a2,12(a5)
	mv	a0,s6
	sw	s8,28(sp)
	call	normalize
	mv	a4,s3
 #APP
	p.sb a0, 1(a4!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,12(s10)
	mv	a3,s1
	lw	a2,12(a5)
	mv	a0,s5
	sw	a4,32(sp)
	call	normalize
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a5,208(sp)
	lw	a1,12(s10)
	lw	a0,12(sp)
	lw	a2,12(a5)
	mv	a3,s1
	sw	s11,36(sp)
	call	normalize
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	addi	a5,s10,16
	sw	a5,16(sp)
	lw	a5,208(sp)
	lw	t6,124(sp)
	lw	t0,128(sp)
	addi	a5,a5,16
	sw	s4,20(sp)
	sw	a5,208(sp)
.L13:
	lw	a4,88(sp)
	lw	a5,24(sp)
	add	t6,t6,a4
	lw	a4,64(sp)
	addi	a5,a5,1
	sw	a5,24(sp)
	bne	a5,a4,.L14
.L4:
	lw	ra,204(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,200(sp)
	.cfi_restore 8
	lw	a0,20(sp)
	lw	s1,196(sp)
	.cfi_restore 9
	lw	s2,192(sp)
	.cfi_restore 18
	lw	s3,188(sp)
	.cfi_restore 19
	lw	s4,184(sp)
	.cfi_restore 20
	lw	s5,180(sp)
	.cfi_restore 21
	lw	s6,176(sp)
	.cfi_restore 22
	lw	s7,172(sp)
	.cfi_restore 23
	lw	s8,168(sp)
	.cfi_restore 24
	lw	s9,164(sp)
	.cfi_restore 25
	lw	s10,160(sp)
	.cfi_restore 26
	lw	s11,156(sp)
	.cfi_restore 27
	addi	sp,sp,208
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	sra	a0,a0,t0
	lw	a5,28(sp)
 #APP
	p.clipu a0, a0, 9
	p.sb a0, 1(a5!)
 #NO_APP
	sra	s8,s8,t0
 #APP
	p.clipu s8, s8, 9
	p.sb s8, 1(a5!)
 #NO_APP
	sra	s7,s7,t0
 #APP
	p.clipu s7, s7, 9
	p.sb s7, 1(a5!)
 #NO_APP
	sra	s0,s0,t0
 #APP
	p.clipu s0, s0, 9
	p.sb s0, 1(a5!)
 #NO_APP
	sra	t4,t4,t0
	sw	a5,28(sp)
 #APP
	p.clipu t4, t4, 9
 #NO_APP
	lw	a5,32(sp)
 #APP
	p.sb t4, 1(a5!)
 #NO_APP
	sra	t3,t3,t0
 #APP
	p.clipu t3, t3, 9
	p.sb t3, 1(a5!)
 #NO_APP
	sra	t1,t1,t0
 #APP
	p.clipu t1, t1, 9
	p.sb t1, 1(a5!)
 #NO_APP
	sra	s6,s6,t0
 #APP
	p.clipu s6, s6, 9
	p.sb s6, 1(a5!)
 #NO_APP
	sra	s11,s11,t0
	sw	a5,32(sp)
 #APP
	p.clipu s11, s11, 9
 #NO_APP
	lw	a5,36(sp)
 #APP
	p.sb s11, 1(a5!)
 #NO_APP
	sra	s10,s10,t0
 #APP
	p.clipu s10, s10, 9
	p.sb s10, 1(a5!)
 #NO_APP
	sra	s9,s9,t0
 #APP
	p.clipu s9, s9, 9
	p.sb s9, 1(a5!)
 #NO_APP
	sra	s5,s5,t0
 #APP
	p.clipu s5, s5, 9
	p.sb s5, 1(a5!)
 #NO_APP
	sra	s4,s4,t0
	sw	a5,36(sp)
 #APP
	p.clipu s4, s4, 9
 #NO_APP
	lw	a5,20(sp)
 #APP
	p.sb s4, 1(a5!)
 #NO_APP
	sra	s3,s3,t0
 #APP
	p.clipu s3, s3, 9
	p.sb s3, 1(a5!)
 #NO_APP
	sra	s2,s2,t0
 #APP
	p.clipu s2, s2, 9
	p.sb s2, 1(a5!)
 #NO_APP
	lw	a4,12(sp)
	sra	s1,a4,t0
 #APP
	p.clipu s1, s1, 9
	p.sb s1, 1(a5!)
 #NO_APP
	sw	a5,20(sp)
	j	.L13
.L11:
	lw	a5,76(sp)
	beq	a5,zero,.L12
	lw	s1,140(sp)
	lw	a2,52(sp)
	sw	t0,124(sp)
	mv	a1,s1
	sw	t6,120(sp)
	sw	t1,60(sp)
	sw	t3,56(sp)
	sw	t4,44(sp)
	call	quantize
	lw	a5,28(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a2,52(sp)
	mv	a1,s1
	mv	a0,s8
	sw	a5,28(sp)
	call	quantize
	lw	a5,28(sp)
	mv	s8,a5
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a2,52(sp)
	mv	a1,s1
	mv	a0,s7
	call	quantize
	mv	s7,s8
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	s8,52(sp)
	mv	a1,s1
	mv	a0,s0
	mv	a2,s8
	call	quantize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	t4,44(sp)
	mv	a2,s8
	mv	a1,s1
	mv	a0,t4
	sw	s7,28(sp)
	lw	s0,32(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t3,56(sp)
	mv	a2,s8
	mv	a1,s1
	mv	a0,t3
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t1,60(sp)
	mv	a2,s8
	mv	a1,s1
	mv	a0,t1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s11
	sw	s0,32(sp)
	lw	s0,36(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s10
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s9
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s5
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s4
	sw	s0,36(sp)
	lw	s0,20(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s3
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s8
	mv	a1,s1
	mv	a0,s2
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,12(sp)
	mv	a2,s8
	mv	a1,s1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t6,120(sp)
	lw	t0,124(sp)
	sw	s0,20(sp)
	j	.L13
.L16:
	lw	s1,84(sp)
	li	s0,0
	li	s7,0
	li	s8,0
	li	a0,0
	bne	s1,zero,.L31
.L17:
	lw	a5,48(sp)
	sw	s0,12(sp)
	mv	s2,s7
	mv	s3,s8
	mv	s4,a0
	mv	s5,s0
	mv	s9,s7
	mv	s10,s8
	mv	s11,a0
	mv	s6,s0
	mv	t1,s7
	mv	t3,s8
	mv	t4,a0
	beq	a5,zero,.L9
.L30:
	lw	a5,132(sp)
	lw	a2,60(sp)
	lw	a3,56(sp)
	add	a4,t6,a5
	add	a1,a2,a5
	add	a3,a3,a5
	lw	t6,108(sp)
	add	t2,t2,a5
	lw	a5,104(sp)
	lb	a2,0(a4)
	lbu	a6,0(t6)
	lbu	a7,0(a5)
	lw	t6,116(sp)
	lw	a5,112(sp)
	sw	a4,44(sp)
	sw	a1,60(sp)
	lb	a4,0(a1)
	lbu	a1,0(a5)
	lbu	a5,0(t6)
	mul	t6,a7,a2
	lb	t5,0(t2)
	sw	a3,56(sp)
	lb	a3,0(a3)
	add	a0,a0,t6
	mul	s1,a7,a3
	mul	t6,a7,a4
	add	s8,s8,s1
	li	s1,1
	mul	a7,a7,t5
	add	s7,s7,t6
	add	s0,s0,a7
	mul	a7,a6,a3
	mul	t6,a6,a2
	add	t3,t3,a7
	mul	a7,a1,a2
	add	t4,t4,t6
	mul	t6,a6,a4
	add	s11,s11,a7
	mul	a6,a6,t5
	add	t1,t1,t6
	mul	a7,a1,a4
	add	s6,s6,a6
	mul	a4,a5,a4
	add	s9,s9,a7
	mul	a2,a5,a2
	add	s2,s2,a4
	lw	a4,12(sp)
	mul	a6,a1,a3
	add	s4,s4,a2
	lw	a2,48(sp)
	mul	a3,a5,a3
	add	s10,s10,a6
	mul	a5,a5,t5
	add	s3,s3,a3
	mul	a1,a1,t5
	add	a4,a4,a5
	sw	a4,12(sp)
	add	s5,s5,a1
	beq	a2,s1,.L10
	lw	a4,44(sp)
	lw	a6,104(sp)
	lw	t6,108(sp)
	lb	a2,1(a4)
	lbu	a7,1(a6)
	lbu	a6,1(t6)
	lw	a1,60(sp)
	mul	t6,a2,a7
	lw	a3,56(sp)
	lb	a4,1(a1)
	lb	a5,1(t2)
	lb	a3,1(a3)
	lw	t5,112(sp)
	lbu	a1,1(t5)
	lw	t5,116(sp)
	mul	s1,a3,a7
	add	a0,a0,t6
	lbu	t5,1(t5)
	mul	t6,a4,a7
	add	s8,s8,s1
	li	s1,2
	mul	a7,a5,a7
	add	s7,s7,t6
	add	s0,s0,a7
	mul	a7,a3,a6
	mul	t6,a2,a6
	add	t3,t3,a7
	mul	a7,a2,a1
	add	t4,t4,t6
	mul	t6,a4,a6
	add	s11,s11,a7
	mul	a6,a5,a6
	add	t1,t1,t6
	mul	a7,a4,a1
	add	s6,s6,a6
	mul	a4,a4,t5
	add	s9,s9,a7
	mul	a2,a2,t5
	add	s2,s2,a4
	lw	a4,12(sp)
	mul	a6,a3,a1
	add	s4,s4,a2
	lw	a2,48(sp)
	mul	a1,a5,a1
	add	s10,s10,a6
	mul	a5,a5,t5
	add	s5,s5,a1
	mul	a3,a3,t5
	add	a4,a4,a5
	sw	a4,12(sp)
	add	s3,s3,a3
	beq	a2,s1,.L10
	lw	a4,44(sp)
	lw	a6,104(sp)
	lw	t6,108(sp)
	lb	a2,2(a4)
	lbu	a7,2(a6)
	lbu	a6,2(t6)
	lw	a1,60(sp)
	mul	t6,a2,a7
	lw	a3,56(sp)
	lb	a4,2(a1)
	lb	a5,2(t2)
	lb	a3,2(a3)
	lw	t5,112(sp)
	lbu	a1,2(t5)
	lw	t5,116(sp)
	mul	t2,a3,a7
	add	a0,a0,t6
	lbu	t5,2(t5)
	mul	t6,a4,a7
	add	s8,s8,t2
	mul	a7,a5,a7
	add	s7,s7,t6
	add	s0,s0,a7
	mul	a7,a6,a3
	mul	t6,a6,a2
	add	t3,t3,a7
	mul	a7,a1,a2
	add	t4,t4,t6
	mul	t6,a6,a4
	add	s11,s11,a7
	mul	a6,a5,a6
	add	t1,t1,t6
	mul	a7,a1,a4
	add	s6,s6,a6
	mul	a4,t5,a4
	add	s9,s9,a7
	mul	a6,a1,a3
	add	s2,s2,a4
	lw	a4,12(sp)
	mul	a1,a5,a1
	add	s10,s10,a6
	mul	a5,a5,t5
	add	s5,s5,a1
	mul	a2,t5,a2
	add	a5,a4,a5
	sw	a5,12(sp)
	mul	a3,t5,a3
	add	s4,s4,a2
	add	s3,s3,a3
.L10:
	lw	a5,44(sp)
	lw	a4,136(sp)
	add	t6,a5,a4
	j	.L9
.L15:
	sw	a5,20(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x4_a8w8_xpulpnn
	.type	matmul_4x4_a8w8_xpulpnn, @function
matmul_4x4_a8w8_xpulpnn:
.LFB10:
	.cfi_startproc
	lw	a7,20(a0)
	lw	a5,24(a0)
	lhu	t3,32(a0)
	lhu	t1,28(a0)
	mv	a4,a0
	slli	a7,a7,2
	lw	a6,0(a4)
	add	a3,a2,a5
	mv	a0,a1
	slli	a7,a7,16
	lw	a1,4(a4)
	addi	sp,sp,-48
	.cfi_def_cfa_offset 48
	add	a4,a3,a5
	srli	a7,a7,16
	sw	a7,16(sp)
	sw	zero,24(sp)
	sw	zero,20(sp)
	sw	t3,12(sp)
	sw	t1,8(sp)
	sw	zero,4(sp)
	sw	zero,0(sp)
	li	a7,0
	add	a5,a4,a5
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
	.size	matmul_4x4_a8w8_xpulpnn, .-matmul_4x4_a8w8_xpulpnn
