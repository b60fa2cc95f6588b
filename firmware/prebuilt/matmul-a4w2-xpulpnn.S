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
	addi	sp,sp,-352
	.cfi_def_cfa_offset 352
	sw	s1,340(sp)
	.cfi_offset 9, -12
	lbu	s1,372(sp)
	lhu	t3,368(sp)
	sw	s0,344(sp)
	sw	s1,200(sp)
	lbu	s1,376(sp)
	.cfi_offset 8, -8
	srli	s0,t3,2
	sw	ra,348(sp)
	sw	s2,336(sp)
	sw	s3,332(sp)
	sw	s4,328(sp)
	sw	s5,324(sp)
	sw	s6,320(sp)
	sw	s7,316(sp)
	sw	s8,312(sp)
	sw	s9,308(sp)
	sw	s10,304(sp)
	sw	s11,300(sp)
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
	sw	s0,176(sp)
	sw	s1,184(sp)
	sw	a0,180(sp)
	sw	a2,156(sp)
	sw	a3,160(sp)
	sw	a4,164(sp)
	sw	a7,220(sp)
	lhu	t1,364(sp)
	lhu	t6,360(sp)
	beq	s0,zero,.L15
	srli	a3,t1,4
	sw	a3,188(sp)
	slli	a3,a3,3
	srai	a4,t1,1
	add	a3,a0,a3
	add	s1,a3,a4
	slli	a2,a4,1
	srai	t0,t1,2
	andi	s0,t1,15
	add	a0,a0,a2
	sw	s1,240(sp)
	sw	a5,100(sp)
	add	s1,s1,a4
	lh	a5,356(sp)
	sw	s0,192(sp)
	sw	a3,236(sp)
	sw	a0,212(sp)
	addi	a3,s0,-1
	add	s0,a0,a4
	add	a4,s1,a4
	slli	a0,t0,1
	sw	a4,248(sp)
	add	a4,a0,t0
	srli	a3,a3,2
	sw	a4,196(sp)
	sw	a5,252(sp)
	sub	a4,s0,a2
	slli	a5,t6,24
	mv	t4,a1
	sw	a4,208(sp)
	srai	a5,a5,24
	addi	a4,a3,-3
	mv	a1,a6
	sw	s0,216(sp)
	sw	s1,244(sp)
	sw	a4,232(sp)
	sw	zero,152(sp)
	sw	a5,224(sp)
	sw	t0,204(sp)
	sw	t4,168(sp)
	mv	s2,t6
.L14:
	lw	a5,204(sp)
	add	s1,a1,a5
	add	s0,s1,a5
	add	s3,s0,a5
 #APP
	p.lw a5, 4(a1!)
	p.extract a2, a5, 1, 2
	p.extract a0, a5, 1, 6
	p.extract a6, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 8
	p.extract a0, a5, 1, 12
	p.insert a2, a6, 3, 4
	p.extract a6, a5, 1, 14
	p.insert a0, a6, 3, 4
	pv.packlo.b a6, a3, a4
	pv.packhi.b a6, a0, a2
 #NO_APP
	sw	a6,256(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract a0, a5, 1, 22
	p.extract a6, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 24
	p.extract a0, a5, 1, 28
	p.insert a2, a6, 3, 4
	p.extract a5, a5, 1, 30
	p.insert a0, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, a0, a2
 #NO_APP
	sw	a5,260(sp)
 #APP
	p.lw a5, 4(s1!)
	p.extract a2, a5, 1, 2
	p.extract a0, a5, 1, 6
	p.extract a6, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 8
	p.extract a0, a5, 1, 12
	p.insert a2, a6, 3, 4
	p.extract a6, a5, 1, 14
	p.insert a0, a6, 3, 4
	pv.packlo.b a6, a3, a4
	pv.packhi.b a6, a0, a2
 #NO_APP
	sw	a6,264(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract a0, a5, 1, 22
	p.extract a6, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 24
	p.extract a0, a5, 1, 28
	p.insert a2, a6, 3, 4
	p.extract a5, a5, 1, 30
	p.insert a0, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, a0, a2
 #NO_APP
	sw	a5,268(sp)
 #APP
	p.lw a5, 4(s0!)
	p.extract a2, a5, 1, 2
	p.extract a0, a5, 1, 6
	p.extract a6, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 8
	p.extract a0, a5, 1, 12
	p.insert a2, a6, 3, 4
	p.extract a6, a5, 1, 14
	p.insert a0, a6, 3, 4
	pv.packlo.b a6, a3, a4
	pv.packhi.b a6, a0, a2
 #NO_APP
	sw	a6,272(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract a0, a5, 1, 22
	p.extract a6, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 24
	p.extract a0, a5, 1, 28
	p.insert a2, a6, 3, 4
	p.extract a5, a5, 1, 30
	p.insert a0, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, a0, a2
 #NO_APP
	sw	a5,276(sp)
	mv	a7,s3
 #APP
	p.lw a5, 4(a7!)
	p.extract a2, a5, 1, 2
	p.extract a0, a5, 1, 6
	p.extract a6, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 8
	p.extract a0, a5, 1, 12
	p.insert a2, a6, 3, 4
 #NO_APP
	mv	s3,a7
 #APP
	p.extract a6, a5, 1, 14
	p.insert a0, a6, 3, 4
	pv.packlo.b a6, a3, a4
	pv.packhi.b a6, a0, a2
 #NO_APP
	sw	a6,280(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract a0, a5, 1, 22
	p.extract a6, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, a0, 3, 4
	p.extract a2, a5, 1, 24
	p.extract a0, a5, 1, 28
	p.insert a2, a6, 3, 4
	p.extract a5, a5, 1, 30
	p.insert a0, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, a0, a2
 #NO_APP
	sw	a5,284(sp)
	addi	a5,sp,256
	addi	a4,sp,264
	addi	a3,sp,272
	addi	a2,sp,280
 #APP
	pv.mlsdotsup.n zero, a5, 16
	pv.mlsdotsup.n zero, a4, 18
	pv.mlsdotsup.n zero, a3, 20
	pv.mlsdotsup.n zero, a2, 22
 #NO_APP
	lw	a7,180(sp)
 #APP
	pv.mlsdotsup.n zero, a7, 8
 #NO_APP
	lw	a0,168(sp)
	beq	a0,zero,.L16
	lw	a6,12(a0)
	lw	s5,0(a0)
	lw	s6,4(a0)
	lw	s11,8(a0)
	addi	a0,a0,16
	sw	a0,168(sp)
	lw	a0,188(sp)
	sw	a6,16(sp)
	beq	a0,zero,.L17
.L32:
 #APP
	lp.count	x0,a0
 #NO_APP
	lw	t3,16(sp)
	lw	a0,216(sp)
	lw	t1,212(sp)
	lw	a6,208(sp)
	sw	s2,24(sp)
	mv	t2,t3
	mv	t4,s11
	mv	t5,s6
	mv	t6,s5
	mv	t0,t3
	sw	s6,8(sp)
	mv	s9,s5
	sw	t3,20(sp)
	mv	s10,s11
	mv	s7,s6
	mv	s8,s5
	sw	s11,4(sp)
	sw	s6,0(sp)
	sw	s11,12(sp)
	mv	s2,t3
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	pv.mlsdotsup.n zero, a6, 9
 #NO_APP
	mv	s6,s5
 #APP
	pv.mlsdotsup.n s6, a5, 0
 #NO_APP
	lw	s4,0(sp)
 #APP
	pv.mlsdotsup.n s4, a4, 2
 #NO_APP
	lw	s11,12(sp)
	sw	s4,0(sp)
 #APP
	pv.mlsdotsup.n s11, a3, 4
	pv.mlsdotsup.n t3, t1, 14
	pv.mlsdotsup.n s8, a5, 1
	pv.mlsdotsup.n s7, a4, 3
	pv.mlsdotsup.n s10, a3, 5
	pv.mlsdotsup.n s2, a0, 15
	pv.mlsdotsup.n s9, a5, 0
 #NO_APP
	lw	s4,8(sp)
 #APP
	pv.mlsdotsup.n s4, a4, 2
 #NO_APP
	lw	s5,4(sp)
 #APP
	pv.mlsdotsup.n s5, a3, 4
 #NO_APP
	nop
	sw	s5,4(sp)
 #APP
	pv.mlsdotsup.n t0, a7, 14
	pv.mlsdotsup.n t6, a5, 17
	pv.mlsdotsup.n t5, a4, 19
	pv.mlsdotsup.n t4, a3, 21
	pv.mlsdotsup.n t2, a2, 23
	pv.mlsdotsup.n zero, a6, 9
	pv.mlsdotsup.n s6, a5, 0
 #NO_APP
	lw	a2,0(sp)
	mv	s5,s6
 #APP
	pv.mlsdotsup.n a2, a4, 2
 #NO_APP
	nop
	sw	a2,0(sp)
 #APP
	pv.mlsdotsup.n s11, a3, 4
 #NO_APP
	nop
	sw	s11,12(sp)
 #APP
	pv.mlsdotsup.n t3, t1, 14
	pv.mlsdotsup.n s8, a5, 1
	pv.mlsdotsup.n s7, a4, 3
	pv.mlsdotsup.n s10, a3, 5
	pv.mlsdotsup.n s2, a0, 15
	p.lw a5, 4(a1!)
	p.extract a2, a5, 1, 2
	p.extract s6, a5, 1, 6
	p.extract s11, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 8
	p.extract s6, a5, 1, 12
	p.insert a2, s11, 3, 4
	p.extract s11, a5, 1, 14
	p.insert s6, s11, 3, 4
	pv.packlo.b s11, a3, a4
	pv.packhi.b s11, s6, a2
 #NO_APP
	sw	s11,256(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract s6, a5, 1, 22
	p.extract s11, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 24
	p.extract s6, a5, 1, 28
	p.insert a2, s11, 3, 4
	p.extract a5, a5, 1, 30
	p.insert s6, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, s6, a2
 #NO_APP
	sw	a5,260(sp)
 #APP
	p.lw a5, 4(s1!)
	p.extract a2, a5, 1, 2
	p.extract s6, a5, 1, 6
	p.extract s11, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 8
	p.extract s6, a5, 1, 12
	p.insert a2, s11, 3, 4
	p.extract s11, a5, 1, 14
	p.insert s6, s11, 3, 4
	pv.packlo.b s11, a3, a4
	pv.packhi.b s11, s6, a2
 #NO_APP
	sw	s11,264(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract s6, a5, 1, 22
	p.extract s11, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 24
	p.extract s6, a5, 1, 28
	p.insert a2, s11, 3, 4
	p.extract a5, a5, 1, 30
	p.insert s6, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, s6, a2
 #NO_APP
	sw	a5,268(sp)
 #APP
	p.lw a5, 4(s0!)
	p.extract a2, a5, 1, 2
	p.extract s6, a5, 1, 6
	p.extract s11, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 8
	p.extract s6, a5, 1, 12
	p.insert a2, s11, 3, 4
	p.extract s11, a5, 1, 14
	p.insert s6, s11, 3, 4
	pv.packlo.b s11, a3, a4
	pv.packhi.b s11, s6, a2
 #NO_APP
	sw	s11,272(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract s6, a5, 1, 22
	p.extract s11, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 24
	p.extract s6, a5, 1, 28
	p.insert a2, s11, 3, 4
	p.extract a5, a5, 1, 30
	p.insert s6, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, s6, a2
 #NO_APP
	sw	a5,276(sp)
 #APP
	p.lw a5, 4(s3!)
	p.extract a2, a5, 1, 2
	p.extract s6, a5, 1, 6
	p.extract s11, a5, 1, 10
	p.extract a4, a5, 1, 0
	p.extract a3, a5, 1, 4
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 8
	p.extract s6, a5, 1, 12
	p.insert a2, s11, 3, 4
	p.extract s11, a5, 1, 14
	p.insert s6, s11, 3, 4
	pv.packlo.b s11, a3, a4
	pv.packhi.b s11, s6, a2
 #NO_APP
	sw	s11,280(sp)
 #APP
	p.extract a2, a5, 1, 18
	p.extract s6, a5, 1, 22
	p.extract s11, a5, 1, 26
	p.extract a4, a5, 1, 16
	p.extract a3, a5, 1, 20
	p.insert a4, a2, 3, 4
	p.insert a3, s6, 3, 4
	p.extract a2, a5, 1, 24
	p.extract s6, a5, 1, 28
	p.insert a2, s11, 3, 4
	p.extract a5, a5, 1, 30
	p.insert s6, a5, 3, 4
	pv.packlo.b a5, a3, a4
	pv.packhi.b a5, s6, a2
 #NO_APP
	sw	a5,284(sp)
	addi	a5,sp,256
	addi	a4,sp,264
	addi	a3,sp,272
	addi	a2,sp,280
 #APP
	pv.mlsdotsup.n s9, a5, 0
	pv.mlsdotsup.n s4, a4, 2
 #NO_APP
	nop
	sw	s4,8(sp)
	lw	s4,4(sp)
 #APP
	pv.mlsdotsup.n s4, a3, 4
 #NO_APP
	nop
	sw	s4,4(sp)
 #APP
	pv.mlsdotsup.n t0, a7, 14
	pv.mlsdotsup.n t6, a5, 17
	pv.mlsdotsup.n t5, a4, 19
	pv.mlsdotsup.n t4, a3, 21
.Lend_8:
	pv.mlsdotsup.n t2, a2, 23
 #NO_APP
	addi	a5,a1,-4
	lw	s6,0(sp)
	sw	a5,0(sp)
	lw	a5,192(sp)
	sw	s2,20(sp)
	sw	t3,16(sp)
	sw	t2,40(sp)
	lw	s4,4(sp)
	lw	s11,12(sp)
	lw	s2,24(sp)
	bne	a5,zero,.L31
.L9:
	lw	a5,184(sp)
	beq	a5,zero,.L11
	lw	a5,200(sp)
	beq	a5,zero,.L12
	lw	a5,352(sp)
	lw	s1,220(sp)
	lw	s3,224(sp)
	lw	a2,0(a5)
	lw	a1,0(s1)
	mv	a3,s3
	mv	a0,s5
	sw	t4,28(sp)
	sw	t5,24(sp)
	sw	t6,12(sp)
	sw	t0,4(sp)
	call	normalize
	lw	s0,156(sp)
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,0(s1)
	mv	a3,s3
	lw	a2,0(a5)
	mv	a0,s8
	mv	s5,s1
	call	normalize
	lw	s1,160(sp)
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,0(s5)
	mv	a3,s3
	lw	a2,0(a5)
	mv	a0,s9
	mv	s8,s3
	call	normalize
	lw	s3,164(sp)
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,352(sp)
	lw	t6,12(sp)
	lw	a1,0(s5)
	lw	a2,0(a5)
	mv	a3,s8
	mv	a0,t6
	call	normalize
	lw	s9,100(sp)
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,4(s5)
	mv	a3,s8
	lw	a2,4(a5)
	mv	a0,s6
	call	normalize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,4(s5)
	mv	a3,s8
	lw	a2,4(a5)
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,4(s5)
	lw	a0,8(sp)
	lw	a2,4(a5)
	mv	a3,s8
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,352(sp)
	lw	t5,24(sp)
	lw	a1,4(s5)
	lw	a2,4(a5)
	mv	a3,s8
	mv	a0,t5
	call	normalize
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,8(s5)
	mv	a3,s8
	lw	a2,8(a5)
	mv	a0,s11
	call	normalize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,8(s5)
	mv	a3,s8
	lw	a2,8(a5)
	mv	a0,s10
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,8(s5)
	mv	a3,s8
	lw	a2,8(a5)
	mv	a0,s4
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,352(sp)
	lw	t4,28(sp)
	lw	a1,8(s5)
	lw	a2,8(a5)
	mv	a3,s8
	mv	a0,t4
	call	normalize
 #APP
	p.sb a0, 1(s9!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,12(s5)
	lw	a0,16(sp)
	lw	a2,12(a5)
	mv	a3,s8
	call	normalize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,12(s5)
	lw	a0,20(sp)
	lw	a2,12(a5)
	mv	a3,s8
	sw	s0,156(sp)
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,352(sp)
	lw	t0,4(sp)
	lw	a1,12(s5)
	lw	a2,12(a5)
	mv	a3,s8
	mv	a0,t0
	sw	s1,160(sp)
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,352(sp)
	lw	a1,12(s5)
	lw	a0,40(sp)
	lw	a2,12(a5)
	mv	a3,s8
	sw	s3,164(sp)
	call	normalize
	mv	a5,s9
 #APP
	p.sb a0, 1(a5!)
 #NO_APP
	sw	a5,100(sp)
	addi	a5,s5,16
	sw	a5,220(sp)
	lw	a5,352(sp)
	addi	a5,a5,16
	sw	a5,352(sp)
.L13:
	lw	a4,0(sp)
	lw	a3,196(sp)
	lw	a5,152(sp)
	add	a1,a4,a3
	lw	a4,176(sp)
	addi	a5,a5,1
	sw	a5,152(sp)
	bne	a5,a4,.L14
.L4:
	lw	ra,348(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,344(sp)
	.cfi_restore 8
	lw	a0,100(sp)
	lw	s1,340(sp)
	.cfi_restore 9
	lw	s2,336(sp)
	.cfi_restore 18
	lw	s3,332(sp)
	.cfi_restore 19
	lw	s4,328(sp)
	.cfi_restore 20
	lw	s5,324(sp)
	.cfi_restore 21
	lw	s6,320(sp)
	.cfi_restore 22
	lw	s7,316(sp)
	.cfi_restore 23
	lw	s8,312(sp)
	.cfi_restore 24
	lw	s9,308(sp)
	.cfi_restore 25
	lw	s10,304(sp)
	.cfi_restore 26
	lw	s11,300(sp)
	.cfi_restore 27
	addi	sp,sp,352
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	sra	a5,s5,s2
	lw	a4,156(sp)
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s6,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s11,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,16(sp)
	sra	a5,a5,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s8,s2
	sw	a4,156(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,160(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s7,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s10,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,20(sp)
	sra	a5,a5,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s9,s2
	sw	a4,160(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,164(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,8(sp)
	sra	a5,a5,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s4,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t0,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t6,s2
	sw	a4,164(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,100(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t5,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t4,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,40(sp)
	sra	a5,a5,s2
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sw	a4,100(sp)
	j	.L13
.L11:
	lw	a5,200(sp)
	beq	a5,zero,.L12
	lw	s3,224(sp)
	lw	s1,252(sp)
	mv	a0,s5
	mv	a2,s3
	mv	a1,s1
	sw	t4,28(sp)
	sw	t5,24(sp)
	sw	t6,12(sp)
	sw	t0,4(sp)
	call	quantize
	lw	s0,156(sp)
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s6
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s11
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,16(sp)
	mv	a2,s3
	mv	a1,s1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s8
	sw	s0,156(sp)
	lw	s0,160(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s7
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s10
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,20(sp)
	mv	a2,s3
	mv	a1,s1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s9
	sw	s0,160(sp)
	lw	s0,164(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,8(sp)
	mv	a2,s3
	mv	a1,s1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	mv	a2,s3
	mv	a1,s1
	mv	a0,s4
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t0,4(sp)
	mv	a2,s3
	mv	a1,s1
	mv	a0,t0
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t6,12(sp)
	mv	a2,s3
	mv	a1,s1
	mv	a0,t6
	sw	s0,164(sp)
	lw	s0,100(sp)
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t5,24(sp)
	mv	a2,s3
	mv	a1,s1
	mv	a0,t5
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	t4,28(sp)
	mv	a2,s3
	mv	a1,s1
	mv	a0,t4
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	lw	a0,40(sp)
	mv	a2,s3
	mv	a1,s1
	call	quantize
 #APP
	p.sb a0, 1(s0!)
 #NO_APP
	sw	s0,100(sp)
	j	.L13
.L16:
	lw	a0,188(sp)
	sw	zero,16(sp)
	li	s11,0
	li	s6,0
	li	s5,0
	bne	a0,zero,.L32
.L17:
	lw	a5,16(sp)
	sw	s6,8(sp)
	mv	t4,s11
	sw	a5,40(sp)
	mv	t0,a5
	sw	a5,20(sp)
	addi	a5,a1,-4
	sw	a5,0(sp)
	lw	a5,192(sp)
	mv	t5,s6
	mv	t6,s5
	mv	s4,s11
	mv	s9,s5
	mv	s10,s11
	mv	s7,s6
	mv	s8,s5
	beq	a5,zero,.L9
.L31:
	addi	a5,s1,-4
	sw	a5,44(sp)
	addi	a5,s0,-4
	sw	a5,48(sp)
	addi	a5,s3,-4
	sw	a5,52(sp)
	lw	a5,232(sp)
	sw	s9,56(sp)
	sw	s4,60(sp)
	add	a5,a1,a5
	sw	a5,172(sp)
	lw	a5,248(sp)
	mv	s9,s6
	sw	t0,64(sp)
	sw	a5,28(sp)
	lw	a5,244(sp)
	sw	t6,68(sp)
	sw	t5,72(sp)
	sw	a5,24(sp)
	lw	a5,240(sp)
	sw	t4,76(sp)
	sw	s5,80(sp)
	sw	a5,12(sp)
	lw	a5,236(sp)
	sw	s11,84(sp)
	sw	s8,88(sp)
	sw	a5,4(sp)
	sw	s7,92(sp)
	sw	s10,96(sp)
	sw	s2,228(sp)
.L10:
	lw	s10,4(sp)
	lw	a4,44(sp)
	lw	a2,52(sp)
	lw	s11,12(sp)
	lb	s3,0(a4)
	lb	s1,0(a2)
 #APP
	p.extract t4, s3, 1, 0
 #NO_APP
	lbu	a2,0(s10)
 #APP
	p.extractu t2, a2, 3, 0
 #NO_APP
	mul	s7,t2,t4
	lw	a5,0(sp)
	lw	a3,48(sp)
	lw	a1,28(sp)
	lb	s4,0(a5)
	lb	s2,0(a3)
 #APP
	p.extract t5, s4, 1, 0
	p.extract t3, s2, 1, 0
 #NO_APP
	lbu	a3,0(s11)
	lw	a5,24(sp)
	mul	a0,t2,t5
	sw	s7,108(sp)
 #APP
	p.extract s7, s2, 1, 4
 #NO_APP
	sw	s7,124(sp)
	lbu	s7,1(s11)
 #APP
	p.extract s6, s3, 1, 4
 #NO_APP
	sw	s6,120(sp)
	lw	s6,24(sp)
 #APP
	p.extract s5, s4, 1, 4
 #NO_APP
	sw	s5,116(sp)
	mul	s11,t2,t3
	lw	s5,28(sp)
	lbu	a4,0(a5)
	lbu	s6,1(s6)
	lbu	a5,0(a1)
 #APP
	p.extract s8, s1, 1, 4
	p.extract a1, s1, 1, 2
 #NO_APP
	sw	a0,104(sp)
	sw	a1,32(sp)
	sw	s8,36(sp)
	sw	s11,112(sp)
	lbu	s8,1(s10)
 #APP
	p.extractu s11, s6, 3, 0
	p.extractu s10, s7, 3, 0
 #NO_APP
	sw	s11,132(sp)
	sw	s10,128(sp)
 #APP
	p.extract t1, s1, 1, 0
	p.extract a7, s4, 1, 2
	p.extract a6, s3, 1, 2
 #NO_APP
	lbu	s5,1(s5)
 #APP
	p.extract s4, s4, 1, 6
	p.extractu s10, s5, 3, 0
 #NO_APP
	sw	s10,136(sp)
 #APP
	p.extract s10, s1, 1, 6
 #NO_APP
	sw	s4,140(sp)
 #APP
	p.extractu s1, s7, 3, 4
	p.extract s4, s3, 1, 6
 #NO_APP
	sw	s1,148(sp)
	lw	s3,80(sp)
	lw	s1,104(sp)
	sw	s4,144(sp)
	lw	s4,84(sp)
	add	s3,s1,s3
	lw	s1,108(sp)
 #APP
	p.extract a0, s2, 1, 2
	p.extract s11, s2, 1, 6
 #NO_APP
	add	s1,s1,s9
	sw	s1,104(sp)
	lw	s1,112(sp)
	lw	s2,0(sp)
	mul	t2,t2,t1
	add	s1,s1,s4
	sw	s1,84(sp)
	addi	s1,s2,1
	lw	s2,44(sp)
 #APP
	p.extractu s7, s6, 3, 4
	p.extractu s6, s5, 3, 4
 #NO_APP
	addi	s4,s2,1
	lw	s2,48(sp)
	lw	s5,4(sp)
	lw	s9,12(sp)
	addi	s2,s2,1
	sw	s2,48(sp)
	lw	s2,52(sp)
 #APP
	p.extractu t0, a3, 3, 0
 #NO_APP
	sw	s4,44(sp)
	addi	s2,s2,1
	sw	s2,52(sp)
	addi	s2,s5,2
	sw	s2,4(sp)
	lw	s2,16(sp)
	mul	s5,t0,t5
	sw	s1,0(sp)
	add	t2,t2,s2
	addi	s2,s9,2
	lw	s9,24(sp)
	sw	s2,12(sp)
 #APP
	p.extractu t6, a4, 3, 0
 #NO_APP
	addi	s2,s9,2
	lw	s9,28(sp)
	sw	s2,24(sp)
	mul	s4,t0,t4
	addi	s2,s9,2
	sw	s2,28(sp)
	lw	s2,88(sp)
	sw	s3,80(sp)
 #APP
	p.extractu s0, a5, 3, 0
 #NO_APP
	add	s5,s5,s2
	lw	s2,92(sp)
 #APP
	p.extractu a2, a2, 3, 4
	p.extractu a3, a3, 3, 4
 #NO_APP
	mul	s1,t0,t3
	add	s4,s4,s2
	lw	s2,96(sp)
 #APP
	p.extractu a4, a4, 3, 4
	p.extractu a5, a5, 3, 4
	p.extractu a1, s8, 3, 0
	p.extractu s8, s8, 3, 4
 #NO_APP
	mul	t0,t0,t1
	add	s2,s1,s2
	sw	s2,16(sp)
	lw	s9,20(sp)
	mul	s3,t5,t6
	add	t0,t0,s9
	lw	s9,56(sp)
	mul	s2,t4,t6
	add	s3,s3,s9
	lw	s9,8(sp)
	mul	s1,t3,t6
	add	s2,s2,s9
	lw	s9,60(sp)
	mul	t6,t1,t6
	add	s9,s1,s9
	sw	s9,8(sp)
	lw	s9,64(sp)
	mul	t3,t3,s0
	add	t6,t6,s9
	lw	s9,68(sp)
	mul	t5,t5,s0
	mul	t4,t4,s0
	add	t5,t5,s9
	lw	s9,72(sp)
	mul	t1,t1,s0
	lw	s0,76(sp)
	add	t4,t4,s9
	lw	s9,40(sp)
	add	t3,t3,s0
	mul	s0,a7,a2
	add	t1,t1,s9
	lw	s9,80(sp)
	mul	s1,a6,a2
	add	s0,s0,s9
	sw	s0,20(sp)
	lw	s0,104(sp)
	add	s1,s1,s0
	lw	s0,32(sp)
	mul	s9,a0,a2
	mul	a2,s0,a2
	lw	s0,84(sp)
	add	s9,s9,s0
	add	a2,a2,t2
	mul	t2,a6,a3
	mul	s0,a7,a3
	add	t2,t2,s4
	lw	s4,32(sp)
	add	s0,s0,s5
	mul	s5,a0,a3
	mul	a3,s4,a3
	lw	s4,16(sp)
	add	s5,s5,s4
	add	a3,a3,t0
	mul	t0,a6,a4
	mul	s4,a7,a4
	add	t0,t0,s2
	lw	s2,32(sp)
	sw	t0,16(sp)
	lw	t0,8(sp)
	add	s4,s4,s3
	mul	s3,a0,a4
	mul	a4,s2,a4
	add	s3,s3,t0
	lw	t0,124(sp)
	mul	a0,a0,a5
	add	a4,a4,t6
	lw	t6,120(sp)
	mul	a7,a7,a5
	add	a0,a0,t3
	mul	a6,a6,a5
	add	a7,a7,t5
	mul	a5,s2,a5
	lw	s2,116(sp)
	add	a6,a6,t4
	lw	t4,20(sp)
	mul	t3,s2,a1
	add	a5,a5,t1
	mul	t1,t6,a1
	add	t3,t3,t4
	mul	t4,t0,a1
	add	t1,t1,s1
	lw	s1,36(sp)
	mul	a1,s1,a1
	add	t4,t4,s9
	lw	s9,128(sp)
	mv	s1,t6
	mv	t6,s9
	mul	t5,s2,s9
	add	a1,a1,a2
	mul	a2,s1,s9
	add	t5,t5,s0
	lw	s0,36(sp)
	mv	s9,t0
	mv	t0,t6
	add	a2,a2,t2
	mul	t2,s0,t0
	lw	t0,132(sp)
	mul	t6,s9,t6
	add	t2,t2,a3
	mul	s0,s2,t0
	add	t6,t6,s5
	mv	s5,s1
	mul	a3,s1,t0
	add	s0,s0,s4
	mv	s4,s9
	mul	s1,s9,t0
	lw	s9,16(sp)
	add	a3,a3,s9
	lw	s9,36(sp)
	mul	t0,s9,t0
	add	s1,s1,s3
	lw	s3,136(sp)
	add	t0,t0,a4
	mul	a4,s5,s3
	mul	s2,s2,s3
	add	a4,a4,a6
	mul	a6,s9,s3
	add	s2,s2,a7
	mul	a7,s4,s3
	lw	s3,140(sp)
	lw	s4,144(sp)
	add	a5,a6,a5
	mul	a6,s4,s8
	add	a7,a7,a0
	mul	a0,s3,s8
	add	s9,a6,t1
	mul	a6,s10,s8
	add	a0,a0,t3
	sw	a0,80(sp)
	lw	t3,148(sp)
	mul	a0,s11,s8
	add	a1,a6,a1
	sw	a1,16(sp)
	mul	a1,s4,t3
	add	a0,a0,t4
	sw	a0,84(sp)
	mul	a0,s3,t3
	add	a2,a1,a2
	sw	a2,92(sp)
	mul	a2,s10,t3
	add	a0,a0,t5
	sw	a0,88(sp)
	mul	a0,s11,t3
	add	a2,a2,t2
	sw	a2,20(sp)
	mul	a2,s4,s7
	add	a1,a0,t6
	sw	a1,96(sp)
	mul	a1,s3,s7
	add	a3,a2,a3
	sw	a3,8(sp)
	mul	a3,s10,s7
	add	a1,a1,s0
	sw	a1,56(sp)
	mul	a1,s11,s7
	add	a3,a3,t0
	sw	a3,64(sp)
	mul	a3,s4,s6
	add	a2,a1,s1
	sw	a2,60(sp)
	lw	s1,0(sp)
	mul	a2,s3,s6
	add	a4,a3,a4
	sw	a4,72(sp)
	mul	a4,s10,s6
	add	a2,a2,s2
	sw	a2,68(sp)
	mul	a2,s11,s6
	add	a5,a4,a5
	sw	a5,40(sp)
	lw	a5,172(sp)
	add	a3,a2,a7
	sw	a3,76(sp)
	bne	a5,s1,.L10
	mv	s6,s9
	lw	s4,60(sp)
	lw	s9,56(sp)
	lw	t0,64(sp)
	lw	t6,68(sp)
	lw	t5,72(sp)
	lw	s5,80(sp)
	lw	s11,84(sp)
	lw	s8,88(sp)
	lw	s7,92(sp)
	lw	s10,96(sp)
	lw	s2,228(sp)
	mv	t4,a3
	j	.L9
.L15:
	sw	a5,100(sp)
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x4_a4w2_xpulpnn
	.type	matmul_4x4_a4w2_xpulpnn, @function
matmul_4x4_a4w2_xpulpnn:
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
	.size	matmul_4x4_a4w2_xpulpnn, .-matmul_4x4_a4w2_xpulpnn
