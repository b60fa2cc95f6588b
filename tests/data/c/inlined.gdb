# Over calls that are inlined, and into one. What begins with ! is carried out but not compared.
!break measure
!continue
bt
info locals
!next
bt
info locals
!step
bt
info args
!step
bt
info args
info locals
!up
info args
info locals
print side
!down
print side
