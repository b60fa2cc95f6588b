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
	addi	sp,sp,-320
	.cfi_def_cfa_offset 320
	lhu	t3,336(sp)
	sw	s0,312(sp)
	lhu	t1,332(sp)
	.cfi_offset 8, -8
	srli	s0,t3,2
	lbu	t3,340(sp)
	sw	s1,308(sp)
	.cfi_offset 9, -12
	lhu	s1,328(sp)
	sw	t3,188(sp)
	lbu	t3,344(sp)
	sw	a3,156(sp)
	srai	a3,t1,2
	sw	ra,316(sp)
	sw	s2,304(sp)
	sw	s3,300(sp)
	sw	s4,296(sp)
	sw	s5,292(sp)
	sw	s6,288(sp)
	sw	s7,284(sp)
	sw	s8,280(sp)
	sw	s9,276(sp)
	sw	s10,272(sp)
	sw	s11,268(sp)
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
	sw	s0,180(sp)
	sw	s1,220(sp)
	sw	t3,192(sp)
	sw	a0,184(sp)
	sw	a1,164(sp)
	sw	a2,152(sp)
	sw	a4,160(sp)
	sw	a6,4(sp)
	sw	a3,172(sp)
	beq	s0,zero,.L15
	srli	a4,t1,4
	slli	a1,a4,2
	sw	a4,196(sp)
	sw	a5,96(sp)
	slli	a4,a3,1
	lh	a5,324(sp)
	mv	a2,a3
	andi	s0,t1,15
	sw	a1,236(sp)
	add	a1,a0,a1
	add	a0,a0,a4
	sw	a1,240(sp)
	sw	a0,208(sp)
	add	a1,a1,a3
	add	a0,a0,a2
	addi	a3,s0,-1
	sub	a4,a0,a4
	sw	a1,244(sp)
	srli	a3,a3,2
	add	a1,a1,a2
	sw	a5,224(sp)
	slli	a5,s1,24
	sw	a1,248(sp)
	sw	a4,216(sp)
	add	a1,a1,a2
	addi	a4,a3,1
	slli	a2,a2,2
	srai	a5,a5,24
	sw	s0,204(sp)
	sw	a0,212(sp)
	sw	a1,252(sp)
	sw	a2,200(sp)
	sw	a4,232(sp)
	sw	zero,148(sp)
	sw	a5,176(sp)
	mv	s5,a7
.L14:
	lw	a4,172(sp)
	lw	a5,4(sp)
	add	a3,a5,a4
	add	s9,a3,a4
	sw	a3,12(sp)
	add	t4,s9,a4
 #APP
	pv.mlsdotsup.c zero, a5, 16
	pv.mlsdotsup.c zero, a3, 18
 #NO_APP
	mv	a4,s9
 #APP
	pv.mlsdotsup.c zero, a4, 20
 #NO_APP
	mv	a1,t4
 #APP
	pv.mlsdotsup.c zero, a1, 22
 #NO_APP
	lw	a2,184(sp)
 #APP
	pv.mlsdotsup.c zero, a2, 8
 #NO_APP
	lw	a0,164(sp)
	beq	a0,zero,.L16
	lw	s10,0(a0)
	lw	s7,4(a0)
	lw	s11,8(a0)
	lw	s3,12(a0)
	addi	a0,a0,16
	sw	a0,164(sp)
	lw	a0,196(sp)
	beq	a0,zero,.L17
.L32:
 #APP
	lp.count	x0,a0
 #NO_APP
	lw	a6,212(sp)
	lw	a0,208(sp)
	lw	a7,216(sp)
	mv	t5,s3
	mv	t6,s11
	mv	t2,s7
	mv	t0,s10
	mv	t1,s3
	mv	t3,s11
	mv	s1,s7
	mv	s0,s10
	mv	s2,s3
	mv	s6,s11
	mv	s4,s7
	mv	s8,s10
	sw	s9,8(sp)
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	pv.mlsdotsup.c zero, a7, 9
	pv.mlsdotsup.c s10, a5, 0
	pv.mlsdotsup.c s7, a3, 2
	pv.mlsdotsup.c s11, a4, 4
	pv.mlsdotsup.c s3, a0, 14
	pv.mlsdotsup.c s8, a5, 1
	pv.mlsdotsup.c s4, a3, 3
	pv.mlsdotsup.c s6, a4, 5
	pv.mlsdotsup.c s2, a6, 15
	pv.mlsdotsup.c s0, a5, 0
	pv.mlsdotsup.c s1, a3, 2
	pv.mlsdotsup.c t3, a4, 4
	pv.mlsdotsup.c t1, a2, 14
	pv.mlsdotsup.c t0, a5, 17
	pv.mlsdotsup.c t2, a3, 19
	pv.mlsdotsup.c t6, a4, 21
.Lend_8:
	pv.mlsdotsup.c t5, a1, 23
 #NO_APP
	lw	a5,204(sp)
	lw	s9,8(sp)
	bne	a5,zero,.L31
.L9:
	lw	a5,192(sp)
	beq	a5,zero,.L11
	lw	a5,188(sp)
	beq	a5,zero,.L12
	lw	a5,320(sp)
	lw	s9,176(sp)
	lw	a1,0(s5)
	lw	a2,0(a5)
	mv	a3,s9
	mv	a0,s10
	sw	t6,32(sp)
	sw	t2,28(sp)
	sw	t0,24(sp)
	sw	t1,20(sp)
	sw	t3,16(sp)
	sw	t5,12(sp)
	call	normalize
	lw	a5,152(sp)
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	sw	a5,8(sp)
	lw	a5,320(sp)
	lw	a1,0(s5)
	mv	a3,s9
	lw	a2,0(a5)
	mv	a0,s8
	call	normalize
	lw	s8,156(sp)
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,0(s5)
	mv	a3,s9
	lw	a2,0(a5)
	mv	a0,s0
	mv	s10,s9
	call	normalize
	lw	s9,160(sp)
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,320(sp)
	lw	t0,24(sp)
	lw	a1,0(s5)
	lw	a2,0(a5)
	mv	a3,s10
	mv	a0,t0
	mv	s0,s10
	call	normalize
	lw	s10,96(sp)
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,4(s5)
	mv	a3,s0
	lw	a2,4(a5)
	mv	a0,s7
	call	normalize
	lw	a5,8(sp)
	mv	s7,a5
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,4(s5)
	mv	a3,s0
	lw	a2,4(a5)
	mv	a0,s4
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,4(s5)
	mv	a3,s0
	lw	a2,4(a5)
	mv	a0,s1
	call	normalize
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,320(sp)
	lw	t2,28(sp)
	lw	a1,4(s5)
	lw	a2,4(a5)
	mv	a3,s0
	mv	a0,t2
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,8(s5)
	mv	a3,s0
	lw	a2,8(a5)
	mv	a0,s11
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,8(s5)
	mv	a3,s0
	lw	a2,8(a5)
	mv	a0,s6
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,320(sp)
	lw	t3,16(sp)
	lw	a1,8(s5)
	lw	a2,8(a5)
	mv	a3,s0
	mv	a0,t3
	call	normalize
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,320(sp)
	lw	t6,32(sp)
	lw	a1,8(s5)
	lw	a2,8(a5)
	mv	a3,s0
	mv	a0,t6
	call	normalize
 #APP
	p.sb a0, 1(s10!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,12(s5)
	mv	a3,s0
	lw	a2,12(a5)
	mv	a0,s3
	call	normalize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a5,320(sp)
	lw	a1,12(s5)
	mv	a3,s0
	lw	a2,12(a5)
	mv	a0,s2
	sw	s7,152(sp)
	call	normalize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	a5,320(sp)
	lw	t1,20(sp)
	lw	a1,12(s5)
	lw	a2,12(a5)
	mv	a3,s0
	mv	a0,t1
	sw	s8,156(sp)
	call	normalize
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,320(sp)
	lw	t5,12(sp)
	lw	a1,12(s5)
	lw	a2,12(a5)
	mv	a3,s0
	mv	a0,t5
	sw	s9,160(sp)
	call	normalize
	mv	a5,s10
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	sw	a5,96(sp)
	lw	a5,320(sp)
	addi	s5,s5,16
	addi	a5,a5,16
	sw	a5,320(sp)
.L13:
	lw	a4,4(sp)
	lw	a3,200(sp)
	lw	a5,148(sp)
	add	a4,a4,a3
	sw	a4,4(sp)
	lw	a4,180(sp)
	addi	a5,a5,1
	sw	a5,148(sp)
	bne	a4,a5,.L14
.L4:
	lw	ra,316(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,312(sp)
	.cfi_restore 8
	lw	a0,96(sp)
	lw	s1,308(sp)
	.cfi_restore 9
	lw	s2,304(sp)
	.cfi_restore 18
	lw	s3,300(sp)
	.cfi_restore 19
	lw	s4,296(sp)
	.cfi_restore 20
	lw	s5,292(sp)
	.cfi_restore 21
	lw	s6,288(sp)
	.cfi_restore 22
	lw	s7,284(sp)
	.cfi_restore 23
	lw	s8,280(sp)
	.cfi_restore 24
	lw	s9,276(sp)
	.cfi_restore 25
	lw	s10,272(sp)
	.cfi_restore 26
	lw	s11,268(sp)
	.cfi_restore 27
	addi	sp,sp,320
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	lw	a3,220(sp)
	lw	a4,152(sp)
	sra	a5,s10,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s7,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s11,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s3,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s8,a3
	sw	a4,152(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,156(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s4,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s6,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s2,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s0,a3
	sw	a4,156(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,160(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s1,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t3,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t1,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t0,a3
	sw	a4,160(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,96(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t2,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t6,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t5,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sw	a4,96(sp)
	j	.L13
.L11:
	lw	a5,188(sp)
	beq	a5,zero,.L12
	lw	a2,176(sp)
	lw	a1,224(sp)
	mv	a0,s10
	sw	t6,28(sp)
	sw	t2,24(sp)
	sw	t0,20(sp)
	sw	t1,16(sp)
	sw	t3,12(sp)
	sw	t5,8(sp)
	call	quantize
	lw	s9,152(sp)
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	s10,224(sp)
	lw	a2,176(sp)
	mv	a0,s7
	mv	a1,s10
	call	quantize
	mv	s7,s9
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	a2,176(sp)
	mv	a1,s10
	mv	a0,s11
	mv	s9,s10
	call	quantize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	lw	s10,176(sp)
	mv	a1,s9
	mv	a0,s3
	mv	a2,s10
	call	quantize
 #APP
	p.sb a0, 1(s7!)
 #NO_APP
	mv	a2,s10
	mv	a1,s9
	mv	a0,s8
	sw	s7,152(sp)
	lw	s8,156(sp)
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	mv	a2,s10
	mv	a1,s9
	mv	a0,s4
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	mv	a2,s10
	mv	a1,s9
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	mv	a2,s10
	mv	a1,s9
	mv	a0,s2
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	mv	a2,s10
	mv	a1,s9
	mv	a0,s0
	sw	s8,156(sp)
	lw	s8,160(sp)
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	mv	a2,s10
	mv	a1,s9
	mv	a0,s1
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	t3,12(sp)
	mv	a2,s10
	mv	a1,s9
	mv	a0,t3
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	t1,16(sp)
	mv	a2,s10
	mv	a1,s9
	mv	a0,t1
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	t0,20(sp)
	mv	a2,s10
	mv	a1,s9
	mv	a0,t0
	sw	s8,160(sp)
	lw	s8,96(sp)
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	t2,24(sp)
	mv	a2,s10
	mv	a1,s9
	mv	a0,t2
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	t6,28(sp)
	mv	a2,s10
	mv	a1,s9
	mv	a0,t6
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	lw	t5,8(sp)
	mv	a2,s10
	mv	a1,s9
	mv	a0,t5
	call	quantize
 #APP
	p.sb a0, 1(s8!)
 #NO_APP
	sw	s8,96(sp)
	j	.L13
.L16:
	lw	a0,196(sp)
	li	s3,0
	li	s11,0
	li	s7,0
	li	s10,0
	bne	a0,zero,.L32
.L17:
	lw	a5,204(sp)
	mv	t5,s3
	mv	t6,s11
	mv	t2,s7
	mv	t0,s10
	mv	t1,s3
	mv	t3,s11
	mv	s1,s7
	mv	s0,s10
	mv	s2,s3
	mv	s6,s11
	mv	s4,s7
	mv	s8,s10
	beq	a5,zero,.L9
.L31:
	lw	a5,236(sp)
	lw	a3,12(sp)
	lw	a4,4(sp)
	sw	s10,64(sp)
	add	a3,a3,a5
	add	a4,a4,a5
	sw	a3,8(sp)
	add	a3,s9,a5
	add	a5,t4,a5
	sw	a5,16(sp)
	lw	a5,232(sp)
	sw	a4,4(sp)
	sw	a3,12(sp)
	add	a5,a4,a5
	sw	a5,168(sp)
	lw	a5,252(sp)
	sw	s6,36(sp)
	sw	s2,40(sp)
	sw	a5,32(sp)
	lw	a5,248(sp)
	sw	s0,44(sp)
	sw	s1,48(sp)
	sw	a5,28(sp)
	lw	a5,244(sp)
	sw	t3,52(sp)
	sw	t1,56(sp)
	sw	a5,24(sp)
	lw	a5,240(sp)
	sw	t0,60(sp)
	sw	s7,68(sp)
	sw	a5,20(sp)
	sw	s11,72(sp)
	sw	s3,76(sp)
	sw	t2,80(sp)
	sw	t6,84(sp)
	sw	s8,88(sp)
	sw	s4,92(sp)
	mv	s10,t5
	sw	s5,228(sp)
.L10:
	lw	a5,4(sp)
	lw	a3,12(sp)
	lw	a1,20(sp)
	lb	s9,0(a5)
	lb	s7,0(a3)
	lbu	s5,0(a1)
 #APP
	p.extract t5, s9, 1, 0
	p.extractu t2, s5, 1, 0
	p.extractu a7, s5, 1, 2
	p.extract a5, s9, 1, 4
 #NO_APP
	sw	a5,100(sp)
 #APP
	p.extract a5, s7, 1, 4
 #NO_APP
	sw	a5,108(sp)
 #APP
	p.extractu a5, s5, 1, 4
	p.extractu s5, s5, 1, 6
 #NO_APP
	sw	s5,132(sp)
	mul	s5,t5,t2
	lw	a4,8(sp)
	lw	a2,16(sp)
	lw	a0,24(sp)
	lw	s0,28(sp)
	lw	s1,32(sp)
	lb	s8,0(a4)
	lb	s6,0(a2)
	lbu	s4,0(a0)
	lbu	s3,0(s0)
	lbu	s2,0(s1)
 #APP
	p.extract s0, s6, 1, 2
	p.extract s1, s6, 1, 0
	p.extract t3, s7, 1, 0
	p.extract a3, s7, 1, 2
	p.extract s11, s8, 1, 4
	p.extract s7, s7, 1, 6
 #NO_APP
	sw	s11,104(sp)
	sw	s7,128(sp)
 #APP
	p.extract s11, s6, 1, 4
	p.extract s7, s6, 1, 6
	p.extractu s6, s4, 1, 6
 #NO_APP
	sw	s6,136(sp)
	lw	s6,64(sp)
 #APP
	p.extract t4, s8, 1, 0
	p.extract a2, s8, 1, 2
 #NO_APP
	add	s6,s5,s6
	mul	s5,t4,t2
	sw	s11,112(sp)
	sw	s6,64(sp)
 #APP
	p.extractu s11, s4, 1, 4
 #NO_APP
	lw	s6,68(sp)
	sw	s11,116(sp)
 #APP
	p.extractu s11, s3, 1, 4
 #NO_APP
	sw	s11,120(sp)
 #APP
	p.extractu s11, s2, 1, 4
 #NO_APP
	sw	s11,124(sp)
 #APP
	p.extract s11, s8, 1, 6
 #NO_APP
	mul	s8,t2,t3
	add	s5,s5,s6
 #APP
	p.extractu t6, s3, 1, 0
	p.extractu t1, s2, 1, 0
	p.extractu a0, s3, 1, 2
	p.extractu a4, s2, 1, 2
 #NO_APP
	sw	s5,68(sp)
 #APP
	p.extractu s3, s3, 1, 6
	p.extractu s2, s2, 1, 6
 #NO_APP
	sw	s3,140(sp)
	sw	s2,144(sp)
	lw	s2,4(sp)
	lw	s6,72(sp)
	mul	t2,s1,t2
	addi	s5,s2,1
	lw	s2,8(sp)
	add	s6,s8,s6
 #APP
	p.extractu t0, s4, 1, 0
 #NO_APP
	addi	s8,s2,1
	lw	s2,12(sp)
	sw	s8,8(sp)
	sw	s6,72(sp)
	addi	s8,s2,1
	lw	s2,16(sp)
	sw	s8,12(sp)
	mul	s6,t0,t5
	addi	s8,s2,1
	lw	s2,20(sp)
	sw	s8,16(sp)
	sw	s5,4(sp)
	addi	s8,s2,1
	lw	s2,24(sp)
	sw	s8,20(sp)
 #APP
	p.extractu a6, s4, 1, 2
 #NO_APP
	addi	s8,s2,1
	lw	s2,28(sp)
	mul	s5,t0,t4
	sw	s8,24(sp)
	addi	s2,s2,1
	sw	s2,28(sp)
	lw	s2,32(sp)
	lw	s8,92(sp)
	lw	s3,48(sp)
	addi	s2,s2,1
	sw	s2,32(sp)
	lw	s2,76(sp)
	mul	s4,t6,t5
	add	s5,s5,s8
	add	t2,t2,s2
	lw	s2,88(sp)
	lw	s8,36(sp)
 #APP
	p.extract a1, s9, 1, 2
 #NO_APP
	add	s6,s6,s2
 #APP
	p.extract s9, s9, 1, 6
 #NO_APP
	mul	s2,t0,t3
	mul	t0,t0,s1
	add	s2,s2,s8
	sw	s2,36(sp)
	lw	s2,40(sp)
	lw	s8,44(sp)
	add	s4,s4,s8
	add	t0,t0,s2
	mul	s2,t6,t4
	mul	s8,t6,t3
	add	s2,s2,s3
	lw	s3,52(sp)
	sw	s2,40(sp)
	mul	t6,t6,s1
	add	s8,s8,s3
	lw	s3,56(sp)
	mul	t5,t1,t5
	add	t6,t6,s3
	lw	s3,60(sp)
	mul	t4,t1,t4
	add	t5,t5,s3
	lw	s3,80(sp)
	mul	t3,t1,t3
	add	t4,t4,s3
	lw	s3,84(sp)
	mul	t1,t1,s1
	add	t3,t3,s3
	mul	s1,a1,a7
	add	t1,t1,s10
	lw	s10,64(sp)
	lw	s3,40(sp)
	mul	s2,a2,a7
	add	s10,s1,s10
	sw	s10,44(sp)
	lw	s1,68(sp)
	mul	s10,a3,a7
	add	s2,s2,s1
	lw	s1,72(sp)
	mul	a7,s0,a7
	add	s10,s10,s1
	mul	s1,a1,a6
	add	a7,a7,t2
	mul	t2,a2,a6
	add	s1,s1,s6
	mul	s6,a3,a6
	add	t2,t2,s5
	lw	s5,36(sp)
	add	s6,s6,s5
	mul	s5,a1,a0
	mul	a6,s0,a6
	add	s5,s5,s4
	mul	s4,a3,a0
	add	a6,a6,t0
	mul	a3,a3,a4
	add	s4,s4,s8
	lw	s8,104(sp)
	mul	t0,a2,a0
	add	a3,a3,t3
	mul	a0,s0,a0
	add	t0,t0,s3
	lw	s3,112(sp)
	mul	a1,a1,a4
	add	a0,a0,t6
	lw	t6,108(sp)
	mul	a2,a2,a4
	add	a1,a1,t5
	mul	a4,s0,a4
	lw	s0,100(sp)
	add	a2,a2,t4
	lw	t4,44(sp)
	mul	t3,s0,a5
	add	a4,a4,t1
	mul	t1,s8,a5
	add	t3,t3,t4
	mul	t4,t6,a5
	add	t1,t1,s2
	mv	s2,s0
	lw	s0,116(sp)
	mul	a5,s3,a5
	add	t4,t4,s10
	mv	s10,s3
	add	a5,a5,a7
	mul	a7,s8,s0
	mul	t5,s2,s0
	add	a7,a7,t2
	mul	t2,s3,s0
	lw	s3,120(sp)
	add	t5,t5,s1
	mv	s1,t6
	mul	t6,t6,s0
	add	t2,t2,a6
	mul	s0,s2,s3
	add	t6,t6,s6
	mul	a6,s8,s3
	add	s0,s0,s5
	mv	s5,s1
	mul	s1,s1,s3
	add	a6,a6,t0
	mul	t0,s10,s3
	add	s1,s1,s4
	lw	s4,124(sp)
	mul	s2,s2,s4
	add	t0,t0,a0
	mul	a0,s8,s4
	add	s2,s2,a1
	mul	a1,s5,s4
	add	a0,a0,a2
	mul	a2,s10,s4
	lw	s4,132(sp)
	add	a1,a1,a3
	mul	a3,s9,s4
	add	a4,a2,a4
	mul	a2,s11,s4
	add	a3,a3,t3
	lw	t3,128(sp)
	sw	a3,64(sp)
	mul	a3,t3,s4
	add	s3,a2,t1
	lw	t1,136(sp)
	sw	s3,68(sp)
	mul	a2,s7,s4
	add	a3,a3,t4
	sw	a3,72(sp)
	add	a5,a2,a5
	mul	a3,s9,t1
	sw	a5,76(sp)
	lw	a2,140(sp)
	mul	a5,s11,t1
	add	a3,a3,t5
	sw	a3,88(sp)
	add	a5,a5,a7
	mul	a3,t3,t1
	sw	a5,92(sp)
	mul	a5,s7,t1
	add	a3,a3,t6
	sw	a3,36(sp)
	add	a5,a5,t2
	mul	a3,s9,a2
	sw	a5,40(sp)
	mul	a5,s11,a2
	add	a3,a3,s0
	sw	a3,44(sp)
	add	a5,a5,a6
	mul	a3,t3,a2
	sw	a5,48(sp)
	mul	a5,s7,a2
	lw	a2,144(sp)
	add	a3,a3,s1
	sw	a3,52(sp)
	add	a5,a5,t0
	mul	a3,s9,a2
	sw	a5,56(sp)
	mul	a5,s11,a2
	add	a3,a3,s2
	sw	a3,60(sp)
	add	a5,a5,a0
	sw	a5,80(sp)
	mul	a5,s7,a2
	lw	s5,4(sp)
	mul	a3,t3,a2
	add	s10,a5,a4
	lw	a5,168(sp)
	add	a3,a3,a1
	sw	a3,84(sp)
	bne	a5,s5,.L10
	lw	a4,172(sp)
	mv	t5,s10
	mv	s7,s3
	sub	a5,a5,a4
	lw	s6,36(sp)
	lw	s2,40(sp)
	lw	s0,44(sp)
	lw	s1,48(sp)
	lw	t3,52(sp)
	lw	t1,56(sp)
	lw	t0,60(sp)
	lw	s10,64(sp)
	lw	s11,72(sp)
	lw	s3,76(sp)
	lw	t2,80(sp)
	lw	s8,88(sp)
	lw	s4,92(sp)
	lw	s5,228(sp)
	mv	t6,a3
	sw	a5,4(sp)
	j	.L9
.L15:
	sw	a5,96(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x4_a2w2_xpulpnn
	.type	matmul_4x4_a2w2_xpulpnn, @function
matmul_4x4_a2w2_xpulpnn:
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
	.size	matmul_4x4_a2w2_xpulpnn, .-matmul_4x4_a2w2_xpulpnn
