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
	addi	sp,sp,-256
	.cfi_def_cfa_offset 256
	lhu	t3,272(sp)
	sw	s0,248(sp)
	lhu	t1,268(sp)
	.cfi_offset 8, -8
	srli	s0,t3,2
	lbu	t3,276(sp)
	sw	a3,100(sp)
	srai	a3,t1,1
	sw	t3,124(sp)
	lbu	t3,280(sp)
	sw	s1,244(sp)
	sw	ra,252(sp)
	sw	s2,240(sp)
	sw	s3,236(sp)
	sw	s4,232(sp)
	sw	s5,228(sp)
	sw	s6,224(sp)
	sw	s7,220(sp)
	sw	s8,216(sp)
	sw	s9,212(sp)
	sw	s10,208(sp)
	sw	s11,204(sp)
	.cfi_offset 9, -12
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
	sw	s0,116(sp)
	sw	t3,128(sp)
	sw	a0,120(sp)
	sw	a2,96(sp)
	sw	a4,104(sp)
	sw	a6,16(sp)
	sw	a7,76(sp)
	sw	a3,112(sp)
	lhu	s1,264(sp)
	beq	s0,zero,.L15
	srli	a4,t1,3
	slli	s0,a4,2
	mv	a2,a0
	sw	a4,132(sp)
	sw	a5,88(sp)
	slli	a4,a3,1
	lh	a5,260(sp)
	add	a0,a0,s0
	andi	a6,t1,7
	sw	s0,172(sp)
	add	s0,a2,a4
	mv	a2,a3
	sw	a0,176(sp)
	sw	s0,148(sp)
	add	a0,a0,a3
	add	s0,s0,a2
	addi	a3,a6,-1
	sub	a4,s0,a4
	sw	a0,180(sp)
	srli	a3,a3,1
	add	a0,a0,a2
	sw	a5,144(sp)
	slli	a5,s1,24
	sw	a0,184(sp)
	sw	a4,156(sp)
	add	a0,a0,a2
	addi	a4,a3,1
	slli	a2,a2,2
	srai	a5,a5,24
	sw	a6,140(sp)
	sw	s0,152(sp)
	sw	a0,188(sp)
	sw	a2,136(sp)
	sw	a4,168(sp)
	sw	zero,92(sp)
	sw	a5,12(sp)
	mv	s3,a1
	mv	s2,s1
.L14:
	lw	a2,112(sp)
	lw	a5,16(sp)
	add	a3,a5,a2
	add	a4,a3,a2
	sw	a3,24(sp)
	sw	a4,28(sp)
	add	t5,a4,a2
 #APP
	pv.mlsdotsup.n zero, a5, 16
	pv.mlsdotsup.n zero, a3, 18
	pv.mlsdotsup.n zero, a4, 20
 #NO_APP
	mv	a1,t5
 #APP
	pv.mlsdotsup.n zero, a1, 22
 #NO_APP
	lw	a2,120(sp)
 #APP
	pv.mlsdotsup.n zero, a2, 8
 #NO_APP
	beq	s3,zero,.L16
	lw	a6,132(sp)
	lw	a0,0(s3)
	lw	s1,4(s3)
	lw	s11,8(s3)
	lw	s0,12(s3)
	addi	s3,s3,16
	beq	a6,zero,.L17
.L32:
 #APP
	lp.count	x0,a6
 #NO_APP
	lw	a7,152(sp)
	lw	a6,148(sp)
	lw	t4,156(sp)
	mv	s8,s0
	mv	s9,s11
	mv	s6,s1
	mv	s4,a0
	mv	t6,s0
	mv	t2,s11
	mv	t1,s1
	mv	s5,a0
	mv	t0,s0
	mv	t3,s11
	mv	s7,s1
	mv	s10,a0
	sw	t5,20(sp)
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	pv.mlsdotsup.n zero, t4, 9
	pv.mlsdotsup.n a0, a5, 0
	pv.mlsdotsup.n s1, a3, 2
	pv.mlsdotsup.n s11, a4, 4
	pv.mlsdotsup.n s0, a6, 14
	pv.mlsdotsup.n s10, a5, 1
	pv.mlsdotsup.n s7, a3, 3
	pv.mlsdotsup.n t3, a4, 5
	pv.mlsdotsup.n t0, a7, 15
	pv.mlsdotsup.n s5, a5, 0
	pv.mlsdotsup.n t1, a3, 2
	pv.mlsdotsup.n t2, a4, 4
	pv.mlsdotsup.n t6, a2, 14
	pv.mlsdotsup.n s4, a5, 17
	pv.mlsdotsup.n s6, a3, 19
	pv.mlsdotsup.n s9, a4, 21
.Lend_8:
	pv.mlsdotsup.n s8, a1, 23
 #NO_APP
	lw	a5,140(sp)
	lw	t5,20(sp)
	bne	a5,zero,.L31
.L9:
	lw	a5,128(sp)
	beq	a5,zero,.L11
	lw	a5,124(sp)
	beq	a5,zero,.L12
	lw	a5,256(sp)
	lw	a3,12(sp)
	sw	t6,40(sp)
	lw	a2,0(a5)
	lw	a5,76(sp)
	sw	t2,36(sp)
	sw	t1,32(sp)
	lw	a1,0(a5)
	sw	t0,28(sp)
	sw	t3,24(sp)
	call	normalize
	lw	a5,96(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a4,256(sp)
	sw	a5,20(sp)
	lw	a5,76(sp)
	lw	a2,0(a4)
	lw	a3,12(sp)
	lw	a1,0(a5)
	mv	a0,s10
	call	normalize
	lw	s10,100(sp)
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a4,256(sp)
	lw	a5,76(sp)
	lw	a3,12(sp)
	lw	a2,0(a4)
	lw	a1,0(a5)
	mv	a0,s5
	call	normalize
	lw	s5,104(sp)
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	a4,256(sp)
	lw	a5,76(sp)
	lw	a3,12(sp)
	lw	a2,0(a4)
	lw	a1,0(a5)
	mv	a0,s4
	call	normalize
	lw	s4,88(sp)
 #APP
	p.sb a0, 1(s4!)
 #NO_APP
	lw	a5,76(sp)
	lw	a4,256(sp)
	lw	a3,12(sp)
	lw	a1,4(a5)
	lw	a2,4(a4)
	mv	a0,s1
	call	normalize
	lw	a5,20(sp)
	mv	s1,a5
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a4,256(sp)
	lw	a5,76(sp)
	lw	a3,12(sp)
	lw	a2,4(a4)
	lw	a1,4(a5)
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a4,256(sp)
	lw	s7,76(sp)
	lw	t1,32(sp)
	lw	a2,4(a4)
	lw	a1,4(s7)
	lw	a3,12(sp)
	mv	a0,t1
	call	normalize
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	a5,256(sp)
	lw	a1,4(s7)
	lw	a3,12(sp)
	lw	a2,4(a5)
	mv	a0,s6
	sw	s7,76(sp)
	call	normalize
	mv	s7,s4
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a5,256(sp)
	lw	s4,76(sp)
	lw	s6,12(sp)
	lw	a2,8(a5)
	lw	a1,8(s4)
	mv	a3,s6
	mv	a0,s11
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,256(sp)
	lw	t3,24(sp)
	lw	a1,8(s4)
	lw	a2,8(a5)
	mv	a3,s6
	mv	a0,t3
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a5,256(sp)
	lw	t2,36(sp)
	lw	a1,8(s4)
	lw	a2,8(a5)
	mv	a3,s6
	mv	a0,t2
	call	normalize
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	a5,256(sp)
	lw	a1,8(s4)
	mv	a3,s6
	lw	a2,8(a5)
	mv	a0,s9
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a5,256(sp)
	lw	a1,12(s4)
	mv	a3,s6
	lw	a2,12(a5)
	mv	a0,s0
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,256(sp)
	lw	t0,28(sp)
	lw	a1,12(s4)
	lw	a2,12(a5)
	mv	a3,s6
	mv	a0,t0
	sw	s1,96(sp)
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a5,256(sp)
	lw	t6,40(sp)
	lw	a1,12(s4)
	lw	a2,12(a5)
	mv	a3,s6
	mv	a0,t6
	sw	s10,100(sp)
	call	normalize
 #APP
	p.sb a0, 1(s5!)
 #NO_APP
	lw	a5,256(sp)
	lw	a1,12(s4)
	mv	a3,s6
	lw	a2,12(a5)
	mv	a0,s8
	sw	s5,104(sp)
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	addi	a5,s4,16
	sw	a5,76(sp)
	lw	a5,256(sp)
	sw	s7,88(sp)
	addi	a5,a5,16
	sw	a5,256(sp)
.L13:
	lw	a4,16(sp)
	lw	a3,136(sp)
	lw	a5,92(sp)
	add	a4,a4,a3
	sw	a4,16(sp)
	lw	a4,116(sp)
	addi	a5,a5,1
	sw	a5,92(sp)
	bne	a4,a5,.L14
.L4:
	lw	ra,252(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,248(sp)
	.cfi_restore 8
	lw	a0,88(sp)
	lw	s1,244(sp)
	.cfi_restore 9
	lw	s2,240(sp)
	.cfi_restore 18
	lw	s3,236(sp)
	.cfi_restore 19
	lw	s4,232(sp)
	.cfi_restore 20
	lw	s5,228(sp)
	.cfi_restore 21
	lw	s6,224(sp)
	.cfi_restore 22
	lw	s7,220(sp)
	.cfi_restore 23
	lw	s8,216(sp)
	.cfi_restore 24
	lw	s9,212(sp)
	.cfi_restore 25
	lw	s10,208(sp)
	.cfi_restore 26
	lw	s11,204(sp)
	.cfi_restore 27
	addi	sp,sp,256
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	sra	a0,a0,s2
	lw	a5,96(sp)
 #APP
	p.clipu a0, a0, 9
	p.sb a0, 1(a5!)
 #NO_APP
	sra	s1,s1,s2
 #APP
	p.clipu s1, s1, 9
	p.sb s1, 1(a5!)
 #NO_APP
	sra	s11,s11,s2
 #APP
	p.clipu s11, s11, 9
	p.sb s11, 1(a5!)
 #NO_APP
	sra	s0,s0,s2
 #APP
	p.clipu s0, s0, 9
	p.sb s0, 1(a5!)
 #NO_APP
	sra	s10,s10,s2
	lw	a4,100(sp)
	sw	a5,96(sp)
 #APP
	p.clipu s10, s10, 9
	p.sb s10, 1(a4!)
 #NO_APP
	sra	s7,s7,s2
 #APP
	p.clipu s7, s7, 9
	p.sb s7, 1(a4!)
 #NO_APP
	sra	a5,t3,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t0,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	s5,s5,s2
	sw	a4,100(sp)
 #APP
	p.clipu s5, s5, 9
 #NO_APP
	lw	a4,104(sp)
 #APP
	p.sb s5, 1(a4!)
 #NO_APP
	sra	a5,t1,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t2,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t6,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s4,s2
	sw	a4,104(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,88(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s6,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s9,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s8,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sw	a4,88(sp)
	j	.L13
.L11:
	lw	a5,124(sp)
	beq	a5,zero,.L12
	lw	a2,12(sp)
	lw	a1,144(sp)
	sw	t6,40(sp)
	sw	t2,36(sp)
	sw	t1,32(sp)
	sw	t0,28(sp)
	sw	t3,24(sp)
	call	quantize
	lw	a5,96(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	lw	a2,12(sp)
	lw	a1,144(sp)
	mv	a0,s1
	sw	a5,20(sp)
	call	quantize
	lw	a5,20(sp)
	mv	s1,a5
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a2,12(sp)
	lw	a1,144(sp)
	mv	a0,s11
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	s11,144(sp)
	lw	a2,12(sp)
	mv	a0,s0
	mv	a1,s11
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a2,12(sp)
	mv	a1,s11
	mv	a0,s10
	sw	s1,96(sp)
	lw	s0,100(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	s10,12(sp)
	mv	a1,s11
	mv	a0,s7
	mv	a2,s10
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t3,24(sp)
	mv	a2,s10
	mv	a1,s11
	mv	a0,t3
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t0,28(sp)
	mv	a2,s10
	mv	a1,s11
	mv	a0,t0
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s10
	mv	a1,s11
	mv	a0,s5
	sw	s0,100(sp)
	lw	s0,104(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t1,32(sp)
	mv	a2,s10
	mv	a1,s11
	mv	a0,t1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t2,36(sp)
	mv	a2,s10
	mv	a1,s11
	mv	a0,t2
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t6,40(sp)
	mv	a2,s10
	mv	a1,s11
	mv	a0,t6
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s10
	mv	a1,s11
	mv	a0,s4
	sw	s0,104(sp)
	lw	s0,88(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s10
	mv	a1,s11
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s10
	mv	a1,s11
	mv	a0,s9
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s10
	mv	a1,s11
	mv	a0,s8
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	sw	s0,88(sp)
	j	.L13
.L16:
	lw	a6,132(sp)
	li	s0,0
	li	s11,0
	li	s1,0
	li	a0,0
	bne	a6,zero,.L32
.L17:
	lw	a5,140(sp)
	mv	s8,s0
	mv	s9,s11
	mv	s6,s1
	mv	s4,a0
	mv	t6,s0
	mv	t2,s11
	mv	t1,s1
	mv	s5,a0
	mv	t0,s0
	mv	t3,s11
	mv	s7,s1
	mv	s10,a0
	beq	a5,zero,.L9
.L31:
	lw	a5,172(sp)
	lw	a3,24(sp)
	lw	a4,16(sp)
	sw	s5,48(sp)
	add	a3,a3,a5
	sw	a3,80(sp)
	lw	a3,28(sp)
	add	a4,a4,a5
	sw	t2,56(sp)
	add	a3,a3,a5
	add	a5,t5,a5
	sw	a5,20(sp)
	lw	a5,168(sp)
	sw	s9,72(sp)
	sw	a4,16(sp)
	add	a5,a4,a5
	sw	a5,108(sp)
	lw	a5,188(sp)
	mv	s9,s11
	sw	a3,84(sp)
	sw	a5,36(sp)
	lw	a5,184(sp)
	sw	s8,40(sp)
	sw	t0,44(sp)
	sw	a5,32(sp)
	lw	a5,180(sp)
	mv	s5,t3
	sw	t1,52(sp)
	sw	a5,28(sp)
	lw	a5,176(sp)
	sw	t6,60(sp)
	sw	s4,64(sp)
	sw	a5,24(sp)
	mv	t2,s0
	sw	s6,68(sp)
	mv	s11,s1
	sw	s3,160(sp)
	sw	s2,164(sp)
.L10:
	lw	s4,16(sp)
	lw	a1,24(sp)
	lw	s6,80(sp)
	lb	a2,0(s4)
	lbu	a7,0(a1)
 #APP
	p.extract t5, a2, 3, 0
	p.extractu s2, a7, 3, 0
 #NO_APP
	mul	s3,t5,s2
	lw	s8,84(sp)
	lb	a3,0(s6)
	addi	s6,s6,1
	sw	s6,80(sp)
	addi	s6,s8,1
	sw	s6,84(sp)
	lw	a5,20(sp)
	lw	s0,28(sp)
	addi	s4,s4,1
	add	a0,s3,a0
	lw	s3,20(sp)
 #APP
	p.extract t4, a3, 3, 0
 #NO_APP
	lb	a4,0(s8)
	addi	s6,s3,1
	lw	s3,24(sp)
	sw	s6,20(sp)
 #APP
	p.extract t3, a4, 3, 0
 #NO_APP
	addi	s6,s3,1
	lw	s3,28(sp)
	sw	s6,24(sp)
	lw	t6,36(sp)
	addi	s6,s3,1
	lw	s3,32(sp)
	sw	s6,28(sp)
	lb	a5,0(a5)
	addi	s6,s3,1
	lw	s3,36(sp)
 #APP
	p.extract t1, a5, 3, 0
 #NO_APP
	sw	s4,16(sp)
	addi	s3,s3,1
	mul	s4,t4,s2
	sw	s3,36(sp)
	lbu	a6,0(s0)
 #APP
	p.extractu t0, a6, 3, 0
 #NO_APP
	lw	s1,32(sp)
	sw	s6,32(sp)
	lbu	s0,0(t6)
	lbu	a1,0(s1)
 #APP
	p.extractu t6, a1, 3, 0
	p.extractu s1, s0, 3, 0
 #NO_APP
	mul	s3,s2,t3
	add	s11,s4,s11
 #APP
	p.extract a2, a2, 3, 4
	p.extractu a7, a7, 3, 4
	p.extract a3, a3, 3, 4
	p.extract a4, a4, 3, 4
	p.extract a5, a5, 3, 4
	p.extractu a6, a6, 3, 4
	p.extractu a1, a1, 3, 4
	p.extractu s0, s0, 3, 4
 #NO_APP
	mul	s2,t1,s2
	add	s9,s3,s9
	add	t2,s2,t2
	mul	s2,t0,t3
	mul	s8,t0,t5
	add	s5,s2,s5
	lw	s2,44(sp)
	mul	s6,t0,t4
	add	s8,s8,s10
	mul	t0,t0,t1
	add	s6,s6,s7
	lw	s7,52(sp)
	mul	s4,t6,t5
	add	t0,t0,s2
	lw	s2,48(sp)
	mul	s3,t6,t4
	add	s4,s4,s2
	mul	s2,t6,t3
	add	s3,s3,s7
	lw	s7,56(sp)
	mul	t3,s1,t3
	add	s2,s2,s7
	lw	s7,60(sp)
	mul	t6,t6,t1
	mul	t5,s1,t5
	add	t6,t6,s7
	lw	s7,64(sp)
	mul	t4,s1,t4
	add	t5,t5,s7
	lw	s7,68(sp)
	mul	t1,s1,t1
	lw	s1,72(sp)
	add	t4,t4,s7
	lw	s7,40(sp)
	add	t3,t3,s1
	mul	s1,a2,a7
	add	t1,t1,s7
	add	a0,s1,a0
	mul	s7,a3,a7
	mul	s1,a4,a7
	add	s11,s7,s11
	mul	a7,a5,a7
	add	s9,s1,s9
	add	t2,a7,t2
	mul	a7,a4,a6
	mul	s10,a2,a6
	add	s5,a7,s5
	mul	s7,a3,a6
	add	s10,s10,s8
	mul	a6,a5,a6
	add	s7,s7,s6
	mul	a7,a2,a1
	add	s1,a6,t0
	sw	s1,44(sp)
	mul	a6,a3,a1
	add	s1,a7,s4
	sw	s1,48(sp)
	lw	s4,16(sp)
	mul	a7,a4,a1
	add	s1,a6,s3
	sw	s1,52(sp)
	mul	a1,a5,a1
	add	s1,a7,s2
	sw	s1,56(sp)
	mul	a5,a5,s0
	add	a1,a1,t6
	sw	a1,60(sp)
	mul	a2,a2,s0
	add	a5,a5,t1
	sw	a5,40(sp)
	lw	a5,108(sp)
	mul	a3,a3,s0
	add	a2,a2,t5
	sw	a2,64(sp)
	mul	a4,a4,s0
	add	a3,a3,t4
	sw	a3,68(sp)
	add	a4,a4,t3
	sw	a4,72(sp)
	bne	a5,s4,.L10
	mv	s1,s11
	mv	s11,s9
	mv	s9,a4
	lw	a4,112(sp)
	mv	t3,s5
	mv	s0,t2
	sub	a5,a5,a4
	lw	s8,40(sp)
	lw	t0,44(sp)
	lw	s5,48(sp)
	lw	t1,52(sp)
	lw	t2,56(sp)
	lw	s3,160(sp)
	lw	s2,164(sp)
	mv	t6,a1
	mv	s4,a2
	mv	s6,a3
	sw	a5,16(sp)
	j	.L9
.L15:
	sw	a5,88(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x4_a4w4_xpulpnn
	.type	matmul_4x4_a4w4_xpulpnn, @function
matmul_4x4_a4w4_xpulpnn:
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
	.size	matmul_4x4_a4w4_xpulpnn, .-matmul_4x4_a4w4_xpulpnn
