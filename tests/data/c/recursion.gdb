# Into a recursion, where the compiler leaves one. What begins with ! is carried out but not compared.
!break factorial if n == 1
!continue
bt
bt 2
bt -2
info args
info locals
!frame 2
info args
info locals
print $sp
print $pc
print $ra
!up
info args
!frame function main
print local
!frame 0
!delete
!finish
info args
!finish
info args
!up
info args
