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
	addi	sp,sp,-272
	.cfi_def_cfa_offset 272
	sw	s1,260(sp)
	.cfi_offset 9, -12
	lbu	s1,292(sp)
	lhu	t1,284(sp)
	lhu	t3,288(sp)
	sw	s1,128(sp)
	lbu	s1,296(sp)
	sw	s0,264(sp)
	sw	a3,80(sp)
	.cfi_offset 8, -8
	srli	s0,t3,2
	srai	a3,t1,1
	sw	ra,268(sp)
	sw	s2,256(sp)
	sw	s3,252(sp)
	sw	s4,248(sp)
	sw	s5,244(sp)
	sw	s6,240(sp)
	sw	s7,236(sp)
	sw	s8,232(sp)
	sw	s9,228(sp)
	sw	s10,224(sp)
	sw	s11,220(sp)
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
	sw	s0,104(sp)
	sw	s1,112(sp)
	sw	a0,108(sp)
	sw	a1,92(sp)
	sw	a2,76(sp)
	sw	a4,84(sp)
	sw	a7,144(sp)
	sw	a3,100(sp)
	lhu	t4,280(sp)
	beq	s0,zero,.L15
	srli	a4,t1,3
	slli	a2,t1,1
	sw	a4,120(sp)
	sw	a5,68(sp)
	slli	a4,a4,3
	lh	a5,276(sp)
	add	a4,a0,a4
	andi	s0,t1,7
	add	a0,a0,a2
	add	s1,a4,t1
	sw	s0,124(sp)
	sw	a4,156(sp)
	sw	a0,136(sp)
	addi	a4,s0,-1
	add	s0,a0,t1
	mv	a0,a3
	slli	a3,a3,1
	add	t2,s1,t1
	add	a3,a3,a0
	srli	a4,a4,1
	sw	a5,172(sp)
	slli	a5,t4,24
	sw	s1,160(sp)
	sw	a3,116(sp)
	add	s1,t2,t1
	sub	a3,s0,a2
	addi	a4,a4,-3
	srai	a5,a5,24
	mv	a1,a6
	sw	s0,140(sp)
	sw	s1,164(sp)
	sw	a3,132(sp)
	sw	a4,152(sp)
	sw	zero,72(sp)
	sw	a5,88(sp)
	sw	t2,168(sp)
	mv	s4,t4
.L14:
	lw	a5,100(sp)
	add	s2,a1,a5
	add	t2,s2,a5
	add	s3,t2,a5
 #APP
	p.lw a5, 4(a1!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract a0, a5, 3, 8
	p.extract a6, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a6, a0
 #NO_APP
	sw	a4,176(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b a0, a3, a4
	pv.packhi.b a0, a5, a2
 #NO_APP
	sw	a0,180(sp)
 #APP
	p.lw a5, 4(s2!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract a0, a5, 3, 8
	p.extract a6, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a6, a0
 #NO_APP
	sw	a4,184(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b a0, a3, a4
	pv.packhi.b a0, a5, a2
 #NO_APP
	sw	a0,188(sp)
 #APP
	p.lw a5, 4(t2!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract a0, a5, 3, 8
	p.extract a6, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a6, a0
 #NO_APP
	sw	a4,192(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b a0, a3, a4
	pv.packhi.b a0, a5, a2
 #NO_APP
	sw	a0,196(sp)
 #APP
	p.lw a5, 4(s3!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract a0, a5, 3, 8
	p.extract a6, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a6, a0
 #NO_APP
	sw	a4,200(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b a0, a3, a4
	pv.packhi.b a0, a5, a2
 #NO_APP
	sw	a0,204(sp)
	addi	a4,sp,176
	addi	a3,sp,184
	addi	a5,sp,192
	addi	a2,sp,200
 #APP
	pv.mlsdotsup.b zero, a4, 16
	pv.mlsdotsup.b zero, a3, 18
	pv.mlsdotsup.b zero, a5, 20
	pv.mlsdotsup.b zero, a2, 22
 #NO_APP
	lw	a7,108(sp)
 #APP
	pv.mlsdotsup.b zero, a7, 8
 #NO_APP
	lw	a0,92(sp)
	beq	a0,zero,.L16
	lw	s9,0(a0)
	lw	s8,4(a0)
	lw	s7,8(a0)
	lw	s0,12(a0)
	addi	a0,a0,16
	sw	a0,92(sp)
	lw	a0,120(sp)
	beq	a0,zero,.L17
.L32:
 #APP
	lp.count	x0,a0
 #NO_APP
	lw	a0,140(sp)
	lw	t3,136(sp)
	lw	a6,132(sp)
	mv	t4,s0
	mv	t5,s7
	mv	t6,s8
	mv	s1,s9
	mv	t1,s0
	mv	s10,s7
	mv	s11,s8
	sw	s9,8(sp)
	mv	t0,s0
	sw	s7,4(sp)
	mv	s5,s8
	mv	s6,s9
	sw	s9,12(sp)
	sw	s4,16(sp)
	sw	s7,0(sp)
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	pv.mlsdotsup.b zero, a6, 9
 #NO_APP
	lw	s7,12(sp)
 #APP
	pv.mlsdotsup.b s7, a4, 0
	pv.mlsdotsup.b s8, a3, 2
 #NO_APP
	lw	s4,0(sp)
 #APP
	pv.mlsdotsup.b s4, a5, 4
 #NO_APP
	nop
	sw	s4,0(sp)
 #APP
	pv.mlsdotsup.b s0, t3, 14
	pv.mlsdotsup.b s6, a4, 1
	pv.mlsdotsup.b s5, a3, 3
 #NO_APP
	lw	s9,4(sp)
 #APP
	pv.mlsdotsup.b s9, a5, 5
	pv.mlsdotsup.b t0, a0, 15
 #NO_APP
	lw	s4,8(sp)
 #APP
	pv.mlsdotsup.b s4, a4, 0
	pv.mlsdotsup.b s11, a3, 2
	pv.mlsdotsup.b s10, a5, 4
	pv.mlsdotsup.b t1, a7, 14
	pv.mlsdotsup.b s1, a4, 17
	pv.mlsdotsup.b t6, a3, 19
	pv.mlsdotsup.b t5, a5, 21
	pv.mlsdotsup.b t4, a2, 23
	pv.mlsdotsup.b zero, a6, 9
	pv.mlsdotsup.b s7, a4, 0
 #NO_APP
	nop
	sw	s7,12(sp)
 #APP
	pv.mlsdotsup.b s8, a3, 2
 #NO_APP
	lw	a2,0(sp)
 #APP
	pv.mlsdotsup.b a2, a5, 4
 #NO_APP
	nop
	sw	a2,0(sp)
 #APP
	pv.mlsdotsup.b s0, t3, 14
	pv.mlsdotsup.b s6, a4, 1
	pv.mlsdotsup.b s5, a3, 3
	pv.mlsdotsup.b s9, a5, 5
 #NO_APP
	nop
	sw	s9,4(sp)
 #APP
	pv.mlsdotsup.b t0, a0, 15
	p.lw a5, 4(a1!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract s7, a5, 3, 8
	p.extract s9, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, s9, s7
 #NO_APP
	sw	a4,176(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b s7, a3, a4
	pv.packhi.b s7, a5, a2
 #NO_APP
	sw	s7,180(sp)
 #APP
	p.lw a5, 4(s2!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract s7, a5, 3, 8
	p.extract s9, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, s9, s7
 #NO_APP
	sw	a4,184(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b s7, a3, a4
	pv.packhi.b s7, a5, a2
 #NO_APP
	sw	s7,188(sp)
 #APP
	p.lw a5, 4(t2!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract s7, a5, 3, 8
	p.extract s9, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, s9, s7
 #NO_APP
	sw	a4,192(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b s7, a3, a4
	pv.packhi.b s7, a5, a2
 #NO_APP
	sw	s7,196(sp)
 #APP
	p.lw a5, 4(s3!)
	p.extract a3, a5, 3, 0
	p.extract a2, a5, 3, 4
	p.extract s7, a5, 3, 8
	p.extract s9, a5, 3, 12
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, s9, s7
 #NO_APP
	sw	a4,200(sp)
 #APP
	p.extract a4, a5, 3, 16
	p.extract a3, a5, 3, 20
	p.extract a2, a5, 3, 24
	p.extract a5, a5, 3, 28
	pv.packlo.b s7, a3, a4
	pv.packhi.b s7, a5, a2
 #NO_APP
	sw	s7,204(sp)
	addi	a4,sp,176
	addi	a3,sp,184
	addi	a5,sp,192
	addi	a2,sp,200
 #APP
	pv.mlsdotsup.b s4, a4, 0
 #NO_APP
	nop
	sw	s4,8(sp)
 #APP
	pv.mlsdotsup.b s11, a3, 2
	pv.mlsdotsup.b s10, a5, 4
	pv.mlsdotsup.b t1, a7, 14
	pv.mlsdotsup.b s1, a4, 17
	pv.mlsdotsup.b t6, a3, 19
	pv.mlsdotsup.b t5, a5, 21
.Lend_8:
	pv.mlsdotsup.b t4, a2, 23
 #NO_APP
	addi	a5,a1,-4
	lw	s7,0(sp)
	sw	a5,0(sp)
	lw	a5,124(sp)
	sw	t1,20(sp)
	sw	t0,24(sp)
	lw	s9,12(sp)
	lw	s4,16(sp)
	bne	a5,zero,.L31
.L9:
	lw	a5,112(sp)
	beq	a5,zero,.L11
	lw	a5,128(sp)
	beq	a5,zero,.L12
	lw	a5,272(sp)
	lw	s3,144(sp)
	lw	a3,88(sp)
	lw	a2,0(a5)
	lw	a1,0(s3)
	mv	a0,s9
	sw	t4,28(sp)
	sw	t5,16(sp)
	sw	t6,12(sp)
	call	normalize
	lw	s2,76(sp)
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,0(s3)
	lw	a3,88(sp)
	lw	a2,0(a5)
	mv	a0,s6
	mv	s9,s3
	call	normalize
	lw	s3,80(sp)
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,0(s9)
	lw	a3,88(sp)
	lw	a2,0(a5)
	lw	a0,8(sp)
	call	normalize
	lw	s6,84(sp)
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,0(s9)
	lw	a3,88(sp)
	lw	a2,0(a5)
	mv	a0,s1
	call	normalize
	lw	s1,68(sp)
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,4(s9)
	lw	a3,88(sp)
	lw	a2,4(a5)
	mv	a0,s8
	call	normalize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,4(s9)
	mv	s8,s9
	lw	s9,88(sp)
	lw	a2,4(a5)
	mv	a0,s5
	mv	a3,s9
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,4(s8)
	mv	a3,s9
	lw	a2,4(a5)
	mv	a0,s11
	call	normalize
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a5,272(sp)
	lw	t6,12(sp)
	lw	a1,4(s8)
	lw	a2,4(a5)
	mv	a3,s9
	mv	a0,t6
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,8(s8)
	mv	a3,s9
	lw	a2,8(a5)
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,8(s8)
	lw	a0,4(sp)
	lw	a2,8(a5)
	mv	a3,s9
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,8(s8)
	mv	a3,s9
	lw	a2,8(a5)
	mv	a0,s10
	call	normalize
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a5,272(sp)
	lw	t5,16(sp)
	lw	a1,8(s8)
	lw	a2,8(a5)
	mv	a3,s9
	mv	a0,t5
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,12(s8)
	mv	a3,s9
	lw	a2,12(a5)
	mv	a0,s0
	call	normalize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,12(s8)
	lw	a0,24(sp)
	lw	a2,12(a5)
	mv	a3,s9
	sw	s2,76(sp)
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,272(sp)
	lw	a1,12(s8)
	lw	a0,20(sp)
	lw	a2,12(a5)
	mv	a3,s9
	sw	s3,80(sp)
	call	normalize
 #APP
	p.sb a0, 1(s6!)
 #NO_APP
	lw	a5,272(sp)
	lw	t4,28(sp)
	lw	a1,12(s8)
	lw	a2,12(a5)
	mv	a3,s9
	mv	a0,t4
	sw	s6,84(sp)
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	addi	a5,s8,16
	sw	a5,144(sp)
	lw	a5,272(sp)
	sw	s1,68(sp)
	addi	a5,a5,16
	sw	a5,272(sp)
.L13:
	lw	a4,0(sp)
	lw	a3,116(sp)
	lw	a5,72(sp)
	add	a1,a4,a3
	lw	a4,104(sp)
	addi	a5,a5,1
	sw	a5,72(sp)
	bne	a5,a4,.L14
.L4:
	lw	ra,268(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,264(sp)
	.cfi_restore 8
	lw	a0,68(sp)
	lw	s1,260(sp)
	.cfi_restore 9
	lw	s2,256(sp)
	.cfi_restore 18
	lw	s3,252(sp)
	.cfi_restore 19
	lw	s4,248(sp)
	.cfi_restore 20
	lw	s5,244(sp)
	.cfi_restore 21
	lw	s6,240(sp)
	.cfi_restore 22
	lw	s7,236(sp)
	.cfi_restore 23
	lw	s8,232(sp)
	.cfi_restore 24
	lw	s9,228(sp)
	.cfi_restore 25
	lw	s10,224(sp)
	.cfi_restore 26
	lw	s11,220(sp)
	.cfi_restore 27
	addi	sp,sp,272
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	sra	s9,s9,s4
	lw	a5,76(sp)
 #APP
	p.clipu s9, s9, 9
	p.sb s9, 1(a5!)
 #NO_APP
	sra	s8,s8,s4
 #APP
	p.clipu s8, s8, 9
	p.sb s8, 1(a5!)
 #NO_APP
	sra	s7,s7,s4
 #APP
	p.clipu s7, s7, 9
	p.sb s7, 1(a5!)
 #NO_APP
	sra	s0,s0,s4
 #APP
	p.clipu s0, s0, 9
	p.sb s0, 1(a5!)
 #NO_APP
	sra	s6,s6,s4
	lw	a4,80(sp)
	sw	a5,76(sp)
 #APP
	p.clipu s6, s6, 9
	p.sb s6, 1(a4!)
 #NO_APP
	sra	s5,s5,s4
 #APP
	p.clipu s5, s5, 9
	p.sb s5, 1(a4!)
 #NO_APP
	lw	a5,4(sp)
	sra	a5,a5,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,24(sp)
	sra	a5,a5,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,8(sp)
	sw	a4,80(sp)
	lw	a4,84(sp)
	sra	a5,a5,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s11,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s10,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,20(sp)
	sra	s11,a5,s4
	mv	a5,a4
 #APP
	p.clipu s11, s11, 9
	p.sb s11, 1(a5!)
 #NO_APP
	sra	s1,s1,s4
	lw	a4,68(sp)
	sw	a5,84(sp)
 #APP
	p.clipu s1, s1, 9
	p.sb s1, 1(a4!)
 #NO_APP
	sra	a5,t6,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t5,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t4,s4
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sw	a4,68(sp)
	j	.L13
.L11:
	lw	a5,128(sp)
	beq	a5,zero,.L12
	lw	s3,172(sp)
	lw	a2,88(sp)
	mv	a0,s9
	mv	a1,s3
	sw	t4,28(sp)
	sw	t5,16(sp)
	sw	t6,12(sp)
	call	quantize
	lw	s2,76(sp)
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	s9,88(sp)
	mv	a1,s3
	mv	a0,s8
	mv	a2,s9
	call	quantize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s7
	call	quantize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s0
	call	quantize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s6
	sw	s2,76(sp)
	lw	s0,80(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s5
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,4(sp)
	mv	a2,s9
	mv	a1,s3
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,24(sp)
	mv	a2,s9
	mv	a1,s3
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,8(sp)
	mv	a2,s9
	mv	a1,s3
	sw	s0,80(sp)
	lw	s0,84(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s11
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s10
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,20(sp)
	mv	a2,s9
	mv	a1,s3
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s9
	mv	a1,s3
	mv	a0,s1
	sw	s0,84(sp)
	lw	s0,68(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t6,12(sp)
	mv	a2,s9
	mv	a1,s3
	mv	a0,t6
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t5,16(sp)
	mv	a2,s9
	mv	a1,s3
	mv	a0,t5
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t4,28(sp)
	mv	a2,s9
	mv	a1,s3
	mv	a0,t4
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	sw	s0,68(sp)
	j	.L13
.L16:
	lw	a0,120(sp)
	li	s0,0
	li	s7,0
	li	s8,0
	li	s9,0
	bne	a0,zero,.L32
.L17:
	addi	a5,a1,-4
	sw	a5,0(sp)
	lw	a5,124(sp)
	sw	s0,20(sp)
	sw	s9,8(sp)
	sw	s0,24(sp)
	sw	s7,4(sp)
	mv	t4,s0
	mv	t5,s7
	mv	t6,s8
	mv	s1,s9
	mv	s10,s7
	mv	s11,s8
	mv	s5,s8
	mv	s6,s9
	beq	a5,zero,.L9
.L31:
	addi	a5,s2,-4
	sw	a5,28(sp)
	addi	a5,t2,-4
	sw	a5,32(sp)
	addi	a5,s3,-4
	sw	a5,36(sp)
	lw	a5,152(sp)
	sw	t4,56(sp)
	mv	s3,s0
	add	a5,a1,a5
	sw	a5,96(sp)
	lw	a5,164(sp)
	mv	t4,s10
	sw	s11,40(sp)
	sw	a5,16(sp)
	lw	a5,168(sp)
	mv	s10,s9
	sw	s1,44(sp)
	sw	a5,12(sp)
	lw	a5,160(sp)
	mv	s9,s7
	sw	t6,48(sp)
	sw	a5,64(sp)
	lw	a5,156(sp)
	sw	t5,52(sp)
	mv	s7,s5
	sw	a5,60(sp)
	sw	s4,148(sp)
.L10:
	lw	s4,60(sp)
	lw	s11,0(sp)
	lw	a3,28(sp)
	lbu	t5,0(s4)
	lb	a2,0(s11)
 #APP
	p.extract a7, a2, 3, 0
 #NO_APP
	mul	s2,t5,a7
	addi	s11,s11,1
	sw	s11,0(sp)
	lw	s11,28(sp)
	lw	s5,64(sp)
	lbu	t2,1(s4)
	addi	s11,s11,1
	sw	s11,28(sp)
	lw	s11,32(sp)
	addi	s4,s4,2
	add	s10,s2,s10
	lw	s2,12(sp)
	addi	s11,s11,1
	lw	a1,32(sp)
	sw	s4,60(sp)
	sw	s11,32(sp)
	addi	s4,s5,2
	lw	s11,36(sp)
	sw	s4,64(sp)
	addi	s4,s2,2
	lw	s2,16(sp)
	lw	a5,12(sp)
	lw	a4,16(sp)
	lw	a0,36(sp)
	addi	s11,s11,1
	sw	s11,36(sp)
	sw	s4,12(sp)
	addi	s2,s2,2
	lbu	s1,0(a4)
	lbu	t1,0(a5)
	lbu	t0,1(s5)
	lbu	t6,1(a5)
	lbu	s0,1(a4)
	lbu	t3,0(s5)
	lb	a4,0(a1)
	lb	a5,0(a0)
	lb	a3,0(a3)
 #APP
	p.extract a0, a4, 3, 0
 #NO_APP
	sw	s2,16(sp)
	mul	s2,t5,a0
 #APP
	p.extract a6, a3, 3, 0
	p.extract a1, a5, 3, 0
	p.extract a4, a4, 3, 4
	p.extract a2, a2, 3, 4
	p.extract a3, a3, 3, 4
	p.extract a5, a5, 3, 4
 #NO_APP
	mul	s11,t5,a6
	add	s9,s2,s9
	mul	t5,t5,a1
	add	s11,s11,s8
	lw	s8,40(sp)
	mul	s2,t3,a7
	add	t5,t5,s3
	mul	s5,t3,a0
	add	s6,s2,s6
	lw	s2,4(sp)
	mul	s3,t3,a6
	add	s5,s5,s2
	lw	s2,24(sp)
	mul	t3,t3,a1
	add	s7,s3,s7
	mul	s4,t1,a7
	add	t3,t3,s2
	lw	s2,8(sp)
	add	s4,s4,s2
	mul	s2,t1,a0
	mul	s3,t1,a6
	add	s2,s2,t4
	lw	t4,20(sp)
	mul	t1,t1,a1
	add	s3,s3,s8
	sw	s3,40(sp)
	mul	a7,s1,a7
	add	t1,t1,t4
	lw	t4,44(sp)
	mul	a6,s1,a6
	add	a7,a7,t4
	lw	t4,48(sp)
	mul	a0,s1,a0
	add	a6,a6,t4
	lw	t4,52(sp)
	mul	a1,s1,a1
	add	a0,a0,t4
	lw	t4,56(sp)
	add	a1,a1,t4
	mul	t4,a4,t2
	add	s9,t4,s9
	mul	t4,a2,t0
	add	s6,t4,s6
	mul	t4,a4,t0
	mul	s1,a2,t2
	add	t4,t4,s5
	sw	t4,4(sp)
	mul	s8,a3,t2
	add	s10,s1,s10
	lw	s1,40(sp)
	mul	t2,a5,t2
	add	s8,s8,s11
	lw	s11,0(sp)
	mul	t4,a2,t6
	add	s3,t2,t5
	mul	t5,a3,t0
	add	t4,t4,s4
	sw	t4,8(sp)
	mul	t0,a5,t0
	add	s7,t5,s7
	add	t3,t0,t3
	mul	t4,a4,t6
	sw	t3,24(sp)
	mul	t3,a3,t6
	add	t4,t4,s2
	mul	t6,a5,t6
	add	s1,t3,s1
	sw	s1,40(sp)
	mul	a5,a5,s0
	add	s1,t6,t1
	sw	s1,20(sp)
	mul	a2,a2,s0
	add	a5,a5,a1
	sw	a5,56(sp)
	lw	a5,96(sp)
	mul	a3,a3,s0
	add	a2,a2,a7
	sw	a2,44(sp)
	mul	a4,a4,s0
	add	a3,a3,a6
	sw	a3,48(sp)
	add	a4,a4,a0
	sw	a4,52(sp)
	bne	a5,s11,.L10
	mv	s5,s7
	lw	s11,40(sp)
	mv	s7,s9
	lw	s4,148(sp)
	mv	s9,s10
	mv	s0,s3
	mv	s10,t4
	mv	s1,a2
	lw	t4,56(sp)
	mv	t6,a3
	mv	t5,a4
	j	.L9
.L15:
	sw	a5,68(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x4_a8w4_xpulpnn
	.type	matmul_4x4_a8w4_xpulpnn, @function
matmul_4x4_a8w4_xpulpnn:
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
	.size	matmul_4x4_a8w4_xpulpnn, .-matmul_4x4_a8w4_xpulpnn
