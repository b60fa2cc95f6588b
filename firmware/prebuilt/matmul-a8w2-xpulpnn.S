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
	addi	sp,sp,-384
	.cfi_def_cfa_offset 384
	sw	s1,372(sp)
	.cfi_offset 9, -12
	lbu	s1,404(sp)
	lhu	t3,400(sp)
	sw	s0,376(sp)
	sw	s1,188(sp)
	lbu	s1,408(sp)
	.cfi_offset 8, -8
	srli	s0,t3,2
	sw	ra,380(sp)
	sw	s2,368(sp)
	sw	s3,364(sp)
	sw	s4,360(sp)
	sw	s5,356(sp)
	sw	s6,352(sp)
	sw	s7,348(sp)
	sw	s8,344(sp)
	sw	s9,340(sp)
	sw	s10,336(sp)
	sw	s11,332(sp)
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
	sw	s1,192(sp)
	sw	a0,184(sp)
	sw	a2,152(sp)
	sw	a3,156(sp)
	sw	a4,160(sp)
	sw	a7,224(sp)
	lhu	t1,396(sp)
	lhu	t4,392(sp)
	beq	s0,zero,.L15
	srli	a4,t1,4
	slli	a2,t1,1
	mv	s11,a5
	sw	a4,196(sp)
	lh	a5,388(sp)
	slli	a4,a4,4
	add	a3,a0,a2
	srai	t2,t1,2
	add	a4,a0,a4
	mv	t6,a1
	andi	a1,t1,15
	add	a0,a4,t1
	sw	a1,204(sp)
	sw	a4,236(sp)
	sw	a3,212(sp)
	addi	a4,a1,-1
	add	a1,a3,t1
	slli	a3,t2,1
	add	a3,a3,t2
	sw	a0,240(sp)
	srli	a4,a4,2
	add	a0,a0,t1
	sw	a5,252(sp)
	slli	a5,t4,24
	sw	a0,244(sp)
	sw	a3,200(sp)
	add	a0,a0,t1
	sub	a3,a1,a2
	addi	a4,a4,-3
	srai	a5,a5,24
	mv	t0,a6
	sw	a1,216(sp)
	sw	a0,248(sp)
	sw	a3,220(sp)
	sw	a4,232(sp)
	sw	zero,164(sp)
	sw	a5,168(sp)
	sw	t2,208(sp)
	sw	s11,148(sp)
	sw	t6,172(sp)
	sw	t4,228(sp)
.L14:
	lw	a5,208(sp)
	add	s1,t0,a5
	add	s2,s1,a5
	add	s0,s2,a5
 #APP
	p.lw a5, 4(t0!)
	p.extract a3, a5, 1, 0
	p.extract a2, a5, 1, 2
	p.extract a1, a5, 1, 4
	p.extract a0, a5, 1, 6
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,256(sp)
 #APP
	p.extract a3, a5, 1, 8
	p.extract a2, a5, 1, 10
	p.extract a1, a5, 1, 12
	p.extract a0, a5, 1, 14
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,260(sp)
 #APP
	p.extract a3, a5, 1, 16
	p.extract a2, a5, 1, 18
	p.extract a1, a5, 1, 20
	p.extract a0, a5, 1, 22
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,264(sp)
 #APP
	p.extract a4, a5, 1, 24
	p.extract a3, a5, 1, 26
	p.extract a2, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b a1, a3, a4
	pv.packhi.b a1, a5, a2
 #NO_APP
	sw	a1,268(sp)
	mv	a4,s1
 #APP
	p.lw a5, 4(a4!)
 #NO_APP
	mv	s1,a4
 #APP
	p.extract a3, a5, 1, 0
	p.extract a2, a5, 1, 2
	p.extract a1, a5, 1, 4
	p.extract a0, a5, 1, 6
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,272(sp)
 #APP
	p.extract a3, a5, 1, 8
	p.extract a2, a5, 1, 10
	p.extract a1, a5, 1, 12
	p.extract a0, a5, 1, 14
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,276(sp)
 #APP
	p.extract a3, a5, 1, 16
	p.extract a2, a5, 1, 18
	p.extract a1, a5, 1, 20
	p.extract a0, a5, 1, 22
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,280(sp)
 #APP
	p.extract a4, a5, 1, 24
	p.extract a3, a5, 1, 26
	p.extract a2, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b a1, a3, a4
	pv.packhi.b a1, a5, a2
 #NO_APP
	sw	a1,284(sp)
	mv	a4,s2
 #APP
	p.lw a5, 4(a4!)
 #NO_APP
	mv	s2,a4
 #APP
	p.extract a3, a5, 1, 0
	p.extract a2, a5, 1, 2
	p.extract a1, a5, 1, 4
	p.extract a0, a5, 1, 6
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,288(sp)
 #APP
	p.extract a3, a5, 1, 8
	p.extract a2, a5, 1, 10
	p.extract a1, a5, 1, 12
	p.extract a0, a5, 1, 14
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,292(sp)
 #APP
	p.extract a3, a5, 1, 16
	p.extract a2, a5, 1, 18
	p.extract a1, a5, 1, 20
	p.extract a0, a5, 1, 22
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,296(sp)
 #APP
	p.extract a4, a5, 1, 24
	p.extract a3, a5, 1, 26
	p.extract a2, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b a1, a3, a4
	pv.packhi.b a1, a5, a2
 #NO_APP
	sw	a1,300(sp)
	mv	a4,s0
 #APP
	p.lw a5, 4(a4!)
 #NO_APP
	sw	a4,16(sp)
 #APP
	p.extract a3, a5, 1, 0
	p.extract a2, a5, 1, 2
	p.extract a1, a5, 1, 4
	p.extract a0, a5, 1, 6
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,304(sp)
 #APP
	p.extract a3, a5, 1, 8
	p.extract a2, a5, 1, 10
	p.extract a1, a5, 1, 12
	p.extract a0, a5, 1, 14
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,308(sp)
 #APP
	p.extract a3, a5, 1, 16
	p.extract a2, a5, 1, 18
	p.extract a1, a5, 1, 20
	p.extract a0, a5, 1, 22
	pv.packlo.b a4, a2, a3
	pv.packhi.b a4, a0, a1
 #NO_APP
	sw	a4,312(sp)
 #APP
	p.extract a4, a5, 1, 24
	p.extract a3, a5, 1, 26
	p.extract a2, a5, 1, 28
	p.extract a5, a5, 1, 30
	pv.packlo.b a1, a3, a4
	pv.packhi.b a1, a5, a2
 #NO_APP
	sw	a1,316(sp)
	addi	t3,sp,256
	addi	a7,sp,272
	addi	a0,sp,288
	addi	t4,sp,304
 #APP
	pv.mlsdotsup.b zero, t3, 16
	pv.mlsdotsup.b zero, a7, 18
	pv.mlsdotsup.b zero, a0, 20
	pv.mlsdotsup.b zero, t4, 22
 #NO_APP
	lw	a4,184(sp)
 #APP
	pv.mlsdotsup.b zero, a4, 8
 #NO_APP
	lw	a5,172(sp)
	beq	a5,zero,.L16
	lw	a3,12(a5)
	lw	s3,0(a5)
	lw	s10,4(a5)
	lw	s8,8(a5)
	addi	a5,a5,16
	sw	a5,172(sp)
	lw	a5,196(sp)
	sw	a3,20(sp)
	beq	a5,zero,.L17
.L32:
 #APP
	lp.count	x0,a5
 #NO_APP
	lw	a1,20(sp)
	lw	a3,216(sp)
	lw	a5,212(sp)
	lw	a2,220(sp)
	mv	t5,s3
	mv	s6,s3
	mv	s11,s3
	sw	s1,8(sp)
	mv	t2,a7
	sw	t0,12(sp)
	mv	a7,a0
	mv	t0,s3
	mv	t6,a1
	mv	a6,s8
	mv	t1,s10
	mv	s0,a1
	mv	s4,s8
	mv	s5,s10
	sw	a1,24(sp)
	mv	s7,s10
	mv	s1,s10
	mv	a0,a1
	mv	s3,s8
	.balign	4
	lp.starti	x0,.L8
	lp.endi	x0,.Lend_8
.L8:
 #APP
	pv.mlsdotsup.b zero, a2, 9
	pv.mlsdotsup.b t0, t3, 0
	pv.mlsdotsup.b s1, t2, 2
	pv.mlsdotsup.b s8, a7, 4
	pv.mlsdotsup.b a1, a5, 14
	pv.mlsdotsup.b s11, t3, 1
	pv.mlsdotsup.b s7, t2, 3
	pv.mlsdotsup.b s3, a7, 5
	pv.mlsdotsup.b a0, a3, 15
	pv.mlsdotsup.b s6, t3, 0
	pv.mlsdotsup.b s5, t2, 2
	pv.mlsdotsup.b s4, a7, 4
	pv.mlsdotsup.b s0, a4, 14
	pv.mlsdotsup.b t5, t3, 17
	pv.mlsdotsup.b t1, t2, 19
	pv.mlsdotsup.b a6, a7, 21
	pv.mlsdotsup.b t6, t4, 23
	pv.mlsdotsup.b zero, a2, 9
	pv.mlsdotsup.b t0, t3, 0
	pv.mlsdotsup.b s1, t2, 2
	pv.mlsdotsup.b s8, a7, 4
	pv.mlsdotsup.b a1, a5, 14
	pv.mlsdotsup.b s11, t3, 1
	pv.mlsdotsup.b s7, t2, 3
	pv.mlsdotsup.b s3, a7, 5
	pv.mlsdotsup.b a0, a3, 15
	pv.mlsdotsup.b s6, t3, 0
	pv.mlsdotsup.b s5, t2, 2
	pv.mlsdotsup.b s4, a7, 4
	pv.mlsdotsup.b s0, a4, 14
	pv.mlsdotsup.b t5, t3, 17
	pv.mlsdotsup.b t1, t2, 19
	pv.mlsdotsup.b a6, a7, 21
	pv.mlsdotsup.b t6, t4, 23
	pv.mlsdotsup.b zero, a2, 9
	pv.mlsdotsup.b t0, t3, 0
	pv.mlsdotsup.b s1, t2, 2
	pv.mlsdotsup.b s8, a7, 4
	pv.mlsdotsup.b a1, a5, 14
	pv.mlsdotsup.b s11, t3, 1
	pv.mlsdotsup.b s7, t2, 3
	pv.mlsdotsup.b s3, a7, 5
	pv.mlsdotsup.b a0, a3, 15
	pv.mlsdotsup.b s6, t3, 0
	pv.mlsdotsup.b s5, t2, 2
	pv.mlsdotsup.b s4, a7, 4
	pv.mlsdotsup.b s0, a4, 14
	pv.mlsdotsup.b t5, t3, 17
	pv.mlsdotsup.b t1, t2, 19
	pv.mlsdotsup.b a6, a7, 21
	pv.mlsdotsup.b t6, t4, 23
	pv.mlsdotsup.b zero, a2, 9
	pv.mlsdotsup.b t0, t3, 0
	pv.mlsdotsup.b s1, t2, 2
	pv.mlsdotsup.b s8, a7, 4
	pv.mlsdotsup.b a1, a5, 14
	pv.mlsdotsup.b s11, t3, 1
	pv.mlsdotsup.b s7, t2, 3
	pv.mlsdotsup.b s3, a7, 5
	pv.mlsdotsup.b a0, a3, 15
 #NO_APP
	lw	t3,12(sp)
 #APP
	p.lw a7, 4(t3!)
 #NO_APP
	sw	t3,12(sp)
 #APP
	p.extract t4, a7, 1, 0
	p.extract t2, a7, 1, 2
	p.extract s9, a7, 1, 4
	p.extract s10, a7, 1, 6
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,256(sp)
 #APP
	p.extract t4, a7, 1, 8
	p.extract t2, a7, 1, 10
	p.extract s9, a7, 1, 12
	p.extract s10, a7, 1, 14
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,260(sp)
 #APP
	p.extract t4, a7, 1, 16
	p.extract t2, a7, 1, 18
	p.extract s9, a7, 1, 20
	p.extract s10, a7, 1, 22
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,264(sp)
 #APP
	p.extract t3, a7, 1, 24
	p.extract t4, a7, 1, 26
	p.extract t2, a7, 1, 28
	p.extract a7, a7, 1, 30
	pv.packlo.b s9, t4, t3
	pv.packhi.b s9, a7, t2
 #NO_APP
	sw	s9,268(sp)
	lw	t3,8(sp)
 #APP
	p.lw a7, 4(t3!)
 #NO_APP
	sw	t3,8(sp)
 #APP
	p.extract t4, a7, 1, 0
	p.extract t2, a7, 1, 2
	p.extract s9, a7, 1, 4
	p.extract s10, a7, 1, 6
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,272(sp)
 #APP
	p.extract t4, a7, 1, 8
	p.extract t2, a7, 1, 10
	p.extract s9, a7, 1, 12
	p.extract s10, a7, 1, 14
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,276(sp)
 #APP
	p.extract t4, a7, 1, 16
	p.extract t2, a7, 1, 18
	p.extract s9, a7, 1, 20
	p.extract s10, a7, 1, 22
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,280(sp)
 #APP
	p.extract t3, a7, 1, 24
	p.extract t4, a7, 1, 26
	p.extract t2, a7, 1, 28
	p.extract a7, a7, 1, 30
	pv.packlo.b s9, t4, t3
	pv.packhi.b s9, a7, t2
 #NO_APP
	sw	s9,284(sp)
 #APP
	p.lw a7, 4(s2!)
	p.extract t4, a7, 1, 0
	p.extract t2, a7, 1, 2
	p.extract s9, a7, 1, 4
	p.extract s10, a7, 1, 6
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,288(sp)
 #APP
	p.extract t4, a7, 1, 8
	p.extract t2, a7, 1, 10
	p.extract s9, a7, 1, 12
	p.extract s10, a7, 1, 14
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,292(sp)
 #APP
	p.extract t4, a7, 1, 16
	p.extract t2, a7, 1, 18
	p.extract s9, a7, 1, 20
	p.extract s10, a7, 1, 22
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,296(sp)
 #APP
	p.extract t3, a7, 1, 24
	p.extract t4, a7, 1, 26
	p.extract t2, a7, 1, 28
	p.extract a7, a7, 1, 30
	pv.packlo.b s9, t4, t3
	pv.packhi.b s9, a7, t2
 #NO_APP
	sw	s9,300(sp)
	lw	t3,16(sp)
 #APP
	p.lw a7, 4(t3!)
 #NO_APP
	sw	t3,16(sp)
 #APP
	p.extract t4, a7, 1, 0
	p.extract t2, a7, 1, 2
	p.extract s9, a7, 1, 4
	p.extract s10, a7, 1, 6
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,304(sp)
 #APP
	p.extract t4, a7, 1, 8
	p.extract t2, a7, 1, 10
	p.extract s9, a7, 1, 12
	p.extract s10, a7, 1, 14
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,308(sp)
 #APP
	p.extract t4, a7, 1, 16
	p.extract t2, a7, 1, 18
	p.extract s9, a7, 1, 20
	p.extract s10, a7, 1, 22
	pv.packlo.b t3, t2, t4
	pv.packhi.b t3, s10, s9
 #NO_APP
	sw	t3,312(sp)
 #APP
	p.extract t3, a7, 1, 24
	p.extract t4, a7, 1, 26
	p.extract t2, a7, 1, 28
	p.extract a7, a7, 1, 30
	pv.packlo.b s9, t4, t3
	pv.packhi.b s9, a7, t2
 #NO_APP
	sw	s9,316(sp)
	addi	t3,sp,256
	addi	t2,sp,272
	addi	a7,sp,288
	addi	t4,sp,304
 #APP
	pv.mlsdotsup.b s6, t3, 0
	pv.mlsdotsup.b s5, t2, 2
	pv.mlsdotsup.b s4, a7, 4
	pv.mlsdotsup.b s0, a4, 14
	pv.mlsdotsup.b t5, t3, 17
	pv.mlsdotsup.b t1, t2, 19
	pv.mlsdotsup.b a6, a7, 21
.Lend_8:
	pv.mlsdotsup.b t6, t4, 23
 #NO_APP
	mv	s9,s3
	mv	s3,t0
	lw	t0,12(sp)
	mv	s10,s1
	lw	s1,8(sp)
	addi	a5,t0,-4
	sw	a5,8(sp)
	lw	a5,204(sp)
	sw	a1,20(sp)
	sw	a0,24(sp)
	sw	t6,32(sp)
	bne	a5,zero,.L31
.L9:
	lw	a5,192(sp)
	beq	a5,zero,.L11
	lw	a5,188(sp)
	beq	a5,zero,.L12
	lw	a5,384(sp)
	lw	s2,224(sp)
	lw	a3,168(sp)
	lw	a2,0(a5)
	lw	a1,0(s2)
	mv	a0,s3
	sw	t5,28(sp)
	sw	a6,16(sp)
	sw	t1,12(sp)
	call	normalize
	lw	s1,152(sp)
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,0(s2)
	lw	a3,168(sp)
	lw	a2,0(a5)
	mv	a0,s11
	mv	s3,s2
	call	normalize
	lw	s2,156(sp)
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,0(s3)
	lw	a3,168(sp)
	lw	a2,0(a5)
	mv	a0,s6
	mv	s11,s3
	call	normalize
	lw	s3,160(sp)
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,384(sp)
	lw	t5,28(sp)
	lw	a1,0(s11)
	lw	a2,0(a5)
	lw	a3,168(sp)
	mv	a0,t5
	mv	s6,s11
	call	normalize
	lw	s11,148(sp)
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,4(s6)
	lw	a3,168(sp)
	lw	a2,4(a5)
	mv	a0,s10
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,384(sp)
	lw	s10,168(sp)
	lw	a1,4(s6)
	lw	a2,4(a5)
	mv	a3,s10
	mv	a0,s7
	call	normalize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,4(s6)
	mv	a3,s10
	lw	a2,4(a5)
	mv	a0,s5
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,384(sp)
	lw	t1,12(sp)
	lw	a1,4(s6)
	lw	a2,4(a5)
	mv	a3,s10
	mv	a0,t1
	call	normalize
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,8(s6)
	mv	a3,s10
	lw	a2,8(a5)
	mv	a0,s8
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,8(s6)
	mv	a3,s10
	lw	a2,8(a5)
	mv	a0,s9
	call	normalize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,8(s6)
	mv	a3,s10
	lw	a2,8(a5)
	mv	a0,s4
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,384(sp)
	lw	a6,16(sp)
	lw	a1,8(s6)
	lw	a2,8(a5)
	mv	a3,s10
	mv	a0,a6
	call	normalize
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,12(s6)
	lw	a0,20(sp)
	lw	a2,12(a5)
	mv	a3,s10
	call	normalize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,12(s6)
	lw	a0,24(sp)
	lw	a2,12(a5)
	mv	a3,s10
	sw	s1,152(sp)
	call	normalize
 #APP
	p.sb a0, 1(s2!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,12(s6)
	mv	a3,s10
	lw	a2,12(a5)
	mv	a0,s0
	sw	s2,156(sp)
	call	normalize
 #APP
	p.sb a0, 1(s3!)
 #NO_APP
	lw	a5,384(sp)
	lw	a1,12(s6)
	lw	a0,32(sp)
	lw	a2,12(a5)
	mv	a3,s10
	sw	s3,160(sp)
	call	normalize
 #APP
	p.sb a0, 1(s11!)
 #NO_APP
	addi	a5,s6,16
	sw	a5,224(sp)
	lw	a5,384(sp)
	sw	s11,148(sp)
	addi	a5,a5,16
	sw	a5,384(sp)
.L13:
	lw	a4,8(sp)
	lw	a3,200(sp)
	lw	a5,164(sp)
	add	t0,a4,a3
	lw	a4,180(sp)
	addi	a5,a5,1
	sw	a5,164(sp)
	bne	a4,a5,.L14
	lw	s11,148(sp)
.L4:
	lw	ra,380(sp)
	.cfi_remember_state
	.cfi_restore 1
	lw	s0,376(sp)
	.cfi_restore 8
	lw	s1,372(sp)
	.cfi_restore 9
	lw	s2,368(sp)
	.cfi_restore 18
	lw	s3,364(sp)
	.cfi_restore 19
	lw	s4,360(sp)
	.cfi_restore 20
	lw	s5,356(sp)
	.cfi_restore 21
	lw	s6,352(sp)
	.cfi_restore 22
	lw	s7,348(sp)
	.cfi_restore 23
	lw	s8,344(sp)
	.cfi_restore 24
	lw	s9,340(sp)
	.cfi_restore 25
	lw	s10,336(sp)
	.cfi_restore 26
	mv	a0,s11
	lw	s11,332(sp)
	.cfi_restore 27
	addi	sp,sp,384
	.cfi_def_cfa_offset 0
	jr	ra
.L12:
	.cfi_restore_state
	lw	a3,228(sp)
	lw	a4,152(sp)
	sra	a5,s3,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s10,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s8,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,20(sp)
	sra	a5,a5,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s11,a3
	sw	a4,152(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,156(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s7,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s9,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,24(sp)
	sra	a5,a5,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s6,a3
	sw	a4,156(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,160(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s5,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s4,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,s0,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t5,a3
	sw	a4,160(sp)
 #APP
	p.clipu a5, a5, 9
 #NO_APP
	lw	a4,148(sp)
 #APP
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,t1,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sra	a5,a6,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	lw	a5,32(sp)
	sra	a5,a5,a3
 #APP
	p.clipu a5, a5, 9
	p.sb a5, 1(a4!)
 #NO_APP
	sw	a4,148(sp)
	j	.L13
.L11:
	lw	a5,188(sp)
	beq	a5,zero,.L12
	lw	s2,252(sp)
	lw	a2,168(sp)
	mv	a0,s3
	mv	a1,s2
	sw	t5,28(sp)
	sw	a6,16(sp)
	sw	t1,12(sp)
	call	quantize
	lw	s1,152(sp)
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	s3,168(sp)
	mv	a1,s2
	mv	a0,s10
	mv	a2,s3
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s8
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a0,20(sp)
	mv	a2,s3
	mv	a1,s2
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s11
	sw	s1,152(sp)
	lw	s1,156(sp)
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s7
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s9
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a0,24(sp)
	mv	a2,s3
	mv	a1,s2
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s6
	sw	s1,156(sp)
	lw	s1,160(sp)
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s5
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s4
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	mv	a2,s3
	mv	a1,s2
	mv	a0,s0
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	t5,28(sp)
	mv	a2,s3
	mv	a1,s2
	mv	a0,t5
	sw	s1,160(sp)
	lw	s1,148(sp)
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	t1,12(sp)
	mv	a2,s3
	mv	a1,s2
	mv	a0,t1
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a6,16(sp)
	mv	a2,s3
	mv	a1,s2
	mv	a0,a6
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	lw	a0,32(sp)
	mv	a2,s3
	mv	a1,s2
	call	quantize
 #APP
	p.sb a0, 1(s1!)
 #NO_APP
	sw	s1,148(sp)
	j	.L13
.L16:
	lw	a5,196(sp)
	sw	zero,20(sp)
	li	s8,0
	li	s10,0
	li	s3,0
	bne	a5,zero,.L32
.L17:
	lw	a5,20(sp)
	mv	a6,s8
	mv	t1,s10
	sw	a5,32(sp)
	mv	s0,a5
	sw	a5,24(sp)
	addi	a5,t0,-4
	sw	a5,8(sp)
	lw	a5,204(sp)
	mv	t5,s3
	mv	s4,s8
	mv	s5,s10
	mv	s6,s3
	mv	s9,s8
	mv	s7,s10
	mv	s11,s3
	beq	a5,zero,.L9
.L31:
	addi	a5,s1,-4
	sw	a5,36(sp)
	addi	a5,s2,-4
	sw	a5,40(sp)
	lw	a5,16(sp)
	sw	s7,76(sp)
	sw	s0,48(sp)
	addi	a5,a5,-4
	sw	a5,44(sp)
	lw	a5,232(sp)
	mv	s7,s9
	sw	t1,52(sp)
	add	a5,t0,a5
	sw	a5,176(sp)
	lw	a5,248(sp)
	mv	s9,s8
	sw	a6,56(sp)
	sw	a5,84(sp)
	lw	a5,244(sp)
	mv	s8,s11
	sw	s6,60(sp)
	sw	a5,80(sp)
	lw	a5,240(sp)
	sw	s5,64(sp)
	sw	s4,68(sp)
	sw	a5,28(sp)
	lw	a5,236(sp)
	sw	t5,72(sp)
	mv	s11,s3
	sw	a5,16(sp)
.L10:
	lw	a4,84(sp)
	lw	a5,16(sp)
	lw	a1,80(sp)
	lw	a2,28(sp)
	lbu	s6,1(a4)
	lbu	s1,2(a5)
	lw	t5,36(sp)
	lw	t6,40(sp)
	lbu	t4,2(a4)
	lb	s5,0(t5)
	sw	s6,96(sp)
	lbu	t5,3(a5)
	lbu	s6,2(a1)
	sw	s1,100(sp)
	lbu	s1,2(a2)
	lbu	s0,0(a5)
	lb	s4,0(t6)
	lw	a3,8(sp)
	lw	s2,44(sp)
	lbu	t6,3(a2)
	sw	s1,104(sp)
	sw	s6,108(sp)
	sw	t4,112(sp)
	sw	t5,116(sp)
	lbu	t2,0(a2)
	lbu	t0,0(a1)
	lbu	t3,0(a4)
	lbu	t1,1(a5)
	lbu	a7,1(a2)
	lbu	a6,1(a1)
	lb	s6,0(a3)
	lb	s3,0(s2)
 #APP
	p.extract a3, s6, 1, 4
 #NO_APP
	sw	t6,120(sp)
 #APP
	p.extract t6, s6, 1, 0
 #NO_APP
	sw	a3,12(sp)
 #APP
	p.extract a3, s5, 1, 4
 #NO_APP
	sw	a3,132(sp)
 #APP
	p.extract a3, s4, 1, 4
 #NO_APP
	sw	a3,136(sp)
 #APP
	p.extract a3, s3, 1, 4
 #NO_APP
	sw	a3,140(sp)
 #APP
	p.extract a3, s6, 1, 6
 #NO_APP
	sw	a3,144(sp)
	mul	a3,s0,t6
 #APP
	p.extract t5, s5, 1, 0
	p.extract a0, s6, 1, 2
 #NO_APP
	mv	a5,a1
	lbu	t4,3(a4)
	lbu	s2,3(a1)
 #APP
	p.extract a2, s4, 1, 2
 #NO_APP
	sw	t4,128(sp)
 #APP
	p.extract t4, s4, 1, 0
 #NO_APP
	sw	s2,124(sp)
	add	a3,a3,s11
	lw	s11,8(sp)
	mul	s6,s0,t5
	sw	a3,88(sp)
	addi	a3,s11,1
	lw	s11,36(sp)
 #APP
	p.extract s2, s3, 1, 0
 #NO_APP
	sw	a3,8(sp)
	addi	s11,s11,1
	sw	s11,36(sp)
	lw	s11,40(sp)
	lw	a3,60(sp)
	add	s10,s6,s10
	addi	s11,s11,1
	sw	s11,40(sp)
	lw	s11,44(sp)
	lw	s6,28(sp)
	sw	s10,92(sp)
	addi	s11,s11,1
	addi	s10,s6,4
	sw	s11,44(sp)
	lw	s11,16(sp)
	sw	s10,28(sp)
	addi	s10,a5,4
	sw	s10,80(sp)
	addi	s10,a4,4
	addi	s11,s11,4
	sw	s10,84(sp)
	mul	s10,t2,t6
	sw	s11,16(sp)
	lw	s6,76(sp)
	lw	a5,64(sp)
 #APP
	p.extract s1, s3, 1, 2
	p.extract a1, s5, 1, 2
	p.extract s5, s5, 1, 6
	p.extract s3, s3, 1, 6
	p.extract s4, s4, 1, 6
 #NO_APP
	mul	s11,s0,t4
	add	s10,s10,s8
	mul	s0,s0,s2
	add	s11,s11,s9
	lw	s9,20(sp)
	mul	s8,t2,t4
	add	s0,s0,s9
	mul	s9,t2,t5
	add	s8,s8,s7
	mul	t2,t2,s2
	add	s9,s9,s6
	lw	s6,24(sp)
	mul	s7,t0,t6
	add	t2,t2,s6
	mul	s6,t0,t5
	add	s7,s7,a3
	mul	a3,t0,t4
	add	s6,s6,a5
	lw	a5,68(sp)
	mul	t0,t0,s2
	add	a5,a3,a5
	lw	a3,48(sp)
	mul	t4,t3,t4
	add	t0,t0,a3
	lw	a3,72(sp)
	mul	t6,t3,t6
	mul	t5,t3,t5
	add	t6,t6,a3
	lw	a3,52(sp)
	mul	t3,t3,s2
	lw	s2,56(sp)
	add	t5,t5,a3
	lw	a3,32(sp)
	add	t4,t4,s2
	mul	s2,a0,t1
	add	t3,t3,a3
	lw	a3,88(sp)
	add	s2,s2,a3
	sw	s2,20(sp)
	mul	s2,a2,t1
	lw	a3,92(sp)
	mul	a4,a1,t1
	add	s2,s2,s11
	mul	t1,s1,t1
	add	a4,a4,a3
	mul	s11,a0,a7
	add	t1,t1,s0
	add	s11,s11,s10
	mul	s0,a1,a7
	mul	s10,a2,a7
	add	s0,s0,s9
	lw	s9,132(sp)
	mul	a7,s1,a7
	add	s10,s10,s8
	add	a7,a7,t2
	mul	t2,a1,a6
	mul	s8,a0,a6
	add	t2,t2,s6
	lw	s6,96(sp)
	mul	a3,s1,s6
	add	s8,s8,s7
	mul	s7,a2,a6
	add	a3,a3,t3
	mul	a6,s1,a6
	lw	s1,100(sp)
	add	s7,s7,a5
	lw	a5,20(sp)
	mul	t3,s9,s1
	add	a6,a6,t0
	lw	t0,136(sp)
	mul	a2,a2,s6
	add	t3,t3,a4
	mul	a0,a0,s6
	add	a2,a2,t4
	lw	t4,12(sp)
	mul	a1,a1,s6
	lw	s6,140(sp)
	add	a0,a0,t6
	mul	a4,s6,s1
	add	a1,a1,t5
	mul	t4,t4,s1
	add	a4,a4,t1
	mul	t5,t0,s1
	lw	s1,104(sp)
	add	t4,t4,a5
	mv	a5,s6
	mul	t1,s9,s1
	add	t5,t5,s2
	lw	s2,12(sp)
	add	t1,t1,s0
	mul	s0,s6,s1
	lw	s6,108(sp)
	mul	t6,s2,s1
	add	s0,s0,a7
	mul	a7,s9,s6
	add	t6,t6,s11
	mv	s11,t0
	mul	t0,t0,s1
	add	a7,a7,t2
	mul	t2,a5,s6
	add	t0,t0,s10
	mv	s10,a5
	lw	a5,12(sp)
	mul	s1,s2,s6
	add	t2,t2,a6
	mul	s2,s11,s6
	lw	s6,112(sp)
	add	s1,s1,s8
	mul	a6,s9,s6
	add	s2,s2,s7
	lw	s7,144(sp)
	mul	a5,a5,s6
	add	a6,a6,a1
	mul	a1,s10,s6
	add	a5,a5,a0
	mul	a0,s11,s6
	lw	s6,116(sp)
	add	a3,a1,a3
	mul	a1,s5,s6
	add	a0,a0,a2
	mul	a2,s7,s6
	add	s10,a1,t3
	lw	t3,120(sp)
	mul	a1,s3,s6
	add	s11,a2,t4
	mul	a2,s4,s6
	add	a4,a1,a4
	sw	a4,20(sp)
	lw	a1,124(sp)
	mul	a4,s5,t3
	add	s9,a2,t5
	mv	t5,s7
	mul	a2,s7,t3
	add	a4,a4,t1
	sw	a4,76(sp)
	add	s8,a2,t6
	mul	a4,s3,t3
	mul	a2,s4,t3
	add	a4,a4,s0
	sw	a4,24(sp)
	add	s7,a2,t0
	mul	a2,t5,a1
	mul	a4,s5,a1
	add	a2,a2,s1
	sw	a2,60(sp)
	add	a4,a4,a7
	mul	a2,s4,a1
	sw	a4,64(sp)
	mul	a4,s3,a1
	lw	a1,128(sp)
	add	a2,a2,s2
	sw	a2,68(sp)
	add	a4,a4,t2
	mul	a2,t5,a1
	sw	a4,48(sp)
	mul	a4,s5,a1
	add	a5,a2,a5
	sw	a5,72(sp)
	add	a4,a4,a6
	mul	a5,s4,a1
	sw	a4,52(sp)
	mul	a4,s3,a1
	add	a5,a5,a0
	sw	a5,56(sp)
	add	a5,a4,a3
	sw	a5,32(sp)
	lw	a3,8(sp)
	lw	a5,176(sp)
	bne	a5,a3,.L10
	mv	s3,s11
	lw	s0,48(sp)
	mv	s11,s8
	lw	t1,52(sp)
	mv	s8,s9
	lw	a6,56(sp)
	mv	s9,s7
	lw	s6,60(sp)
	lw	s5,64(sp)
	lw	s4,68(sp)
	lw	t5,72(sp)
	lw	s7,76(sp)
	j	.L9
.L15:
	mv	s11,a5
	j	.L4
	.cfi_endproc
.LFE9:
	.size	matmul, .-matmul
	.align	1
	.globl	matmul_4x4_a8w2_xpulpnn
	.type	matmul_4x4_a8w2_xpulpnn, @function
matmul_4x4_a8w2_xpulpnn:
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
	.size	matmul_4x4_a8w2_xpulpnn, .-matmul_4x4_a8w2_xpulpnn
