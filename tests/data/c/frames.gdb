# A run through shapes.c. What begins with ! is carried out but not compared.
!break mix
!continue
bt
info args
info locals
print made
print r
print $sp
print $pc
print $ra
frame
!up
info locals
info args
print local
print word
print mine
print *mine
print mine->pixels
print mine.pixels[0].r
print color
print $sp
print $pc
print $fp
print $ra
list
!down
print r + g
!finish
info locals
!tbreak multiply
!continue
bt
info locals
print a
print b
print/x b
!tbreak spread
!continue
bt
info args
info locals
!tbreak sum_list
!continue
info args
info locals
print *first
print first->next
print first->next[0]
ptype first
whatis first
whatis *first
!tbreak factorial if n == 4
!continue
bt
info args
info locals
!finish
info locals
!tbreak measure
!continue
bt
info args
!tbreak fill
!continue
info locals
info args
print calls
!next
!next
!next
info locals
print sizeof(space)
whatis space
ptype space
print fill::calls
!tbreak paint
!continue
bt
info args
info locals
print *mine
print why[0]@3
print *why@7
print apply
print *apply
print mine->apply == apply
!next
info locals
!next
info locals
!up
info locals
print shown
!down
!tbreak name_of
!continue
info args
print names[which]
!tbreak nop
!continue
bt
info locals
!up
info locals
