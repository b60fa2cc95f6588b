# A breakpoint on a function that is inlined twice. What begins with ! is carried out but not compared.
!break square
!continue
bt
info args
info locals
!up
info locals
!down
!continue
bt
info args
