# Commands on shapes.c that need no running program. Compared with gdb, line by line.
print counter
print total
print device
print greeting
print buffer
print padded
print octets
print/d octets
print/x octets
print sums
print zeros
print mixed
print matrix
print/x matrix
print matrix[1]
print weights
print precise
print far_away
print/x far_away
print plain
print minus
print high
print letter
print truth
print shade
print rights
print depth
print (enum access)9
print (enum access)0
print (enum color)3
print (enum level)-1
print chain
print head
print *head
print head->next->next->value
print *head->next
print cursor
print *cursor
print *cursor@2
print indirect
print **indirect
print rows
print names
print names[1]
print *names
print nothing
print text
print *text
print *text@4
print table
print table[1]
print *table[1]
print add
print &add
print *add
print main
print &main
print operands
print operands[0]
print/x operands[0]
print/d operands[0]
print operands[1].name
print operands[0].name
print operands[0].tag
print operands[0].row
print operands[0].row[2]
print operands[0].apply
print operands[0].word
print operands[0].halves
print operands[0].raw
print operands[0].x
print operands[0].pixels
print operands[0].pixels[1]
print operands[0].list
print operands[0].list->next
print operands[0].ratio
print operands[0].port
print *operands[0].port
print operands[0].anything
print operands[0].opaque
print operands[0].level
print operands[0].big
print &operands
print &operands[1]
print &operands[1].row
print &operands[1].row[2]
print &matrix
print &matrix[1]
print &buffer
print &counter
print &head
print *&operands[0].pixels
print operands[0].row@2
print sums[1]@2
print sizeof(struct operands)
print sizeof operands
print sizeof(int)
print sizeof(rgb_t)
print sizeof(node_p)
print sizeof(sums[0])
print (char)65
print (unsigned char)200
print (short)70000
print (long long)1 << 40
print 1.5 + 1
print weights[0] * 2
print precise * 2
print 7 / 2
print 7.0 / 2
print -7 / 2
print -7 % 3
print sums[0] + sums[1]
print sums + 1
print cursor + 1
print cursor - sums
print cursor == &sums[2]
print &sums[3] - &sums[1]
print !head
print ~counter
print counter == 0 && total == 7
print (struct node *)&chain[1]
print *(struct node *)&chain[1]
print ((struct node *)&chain[1])->value
print (struct operands *)operands
print/x total
print/t total
print/o total
print/c letter
print/d letter
print/x letter
print/u minus
print/x minus
print/z total
print/a &sums[1]
print/s octets
print/s buffer
print/x weights
print/f plain
print/c sums
print shade == BLUE
print BLUE
print READ | WRITE
print (enum access)(READ | WRITE)
print EXECUTE
print shade + 1
print 'shapes.c'::total
print sum_list
print &operands[0].word.bytes
print operands[0].word.bytes[3]
print 10 > 3 ? 5 : 6
print 'a'
print '\n'
print 4294967295
print 4294967296
print 0xffffffff
print 010
print 5u - 6
print sizeof(long long)
print {int}&sums[1]
print {short}&matrix[1][2]
print *(int (*)[4])mixed
print (int (*)[4])mixed
print (binary_t)add
print (int (*)(int, int))add
print (void *)&sums
print (unsigned long)&sums
print (float)3
print (double)7/2
print (_Bool)5
print operands[0].halves.high
print operands[0].nosuch
print head->nosuch
print *counter
print counter.x
print sums[2].x
print &5
ptype struct operands
ptype operands
ptype operands[0]
ptype &operands[0]
ptype rgb_t
ptype struct node
ptype node_p
ptype node_t
ptype union word
ptype enum color
ptype enum access
ptype enum level
ptype binary_t
ptype table
ptype rows
ptype names
ptype matrix
ptype paint
ptype main
ptype nop
ptype uint8_t
ptype unsigned long
ptype unsigned int
ptype long long
ptype char
ptype signed char
ptype size_t
ptype counter + 1
ptype far_away + 1
ptype precise * 2
ptype sizeof(int)
ptype plain
ptype &device
ptype &main
ptype *head
ptype head
ptype greeting
ptype &sums
ptype &sums[0]
ptype struct unknown
ptype struct missing
ptype struct wide
ptype spread
ptype mix
ptype name_of
ptype int *
ptype const char *
ptype int (*)[3]
ptype struct node **
whatis operands
whatis operands[0]
whatis &operands[0]
whatis head
whatis *head
whatis node_p
whatis node_t
whatis rgb_t
whatis uint8_t
whatis binary_t
whatis table
whatis paint
whatis operands[0].halves
whatis operands[0].pixels
whatis operands[0].small
whatis operands[0].big
whatis plain
whatis 1
whatis 1.5
whatis 1u
whatis 1L
whatis 5 > 3
whatis 'a'
whatis letter
whatis letter + 1
whatis sums + 1
whatis struct node
whatis enum color
whatis BLUE
whatis shade
whatis (char)1
whatis sizeof(int)
whatis &sums[3] - &sums[1]
whatis high + minus
list factorial
x/4xw sums
x/s greeting
x/s text
x/3ub octets
set print pretty on
print operands[0]
print operands
print chain
print chain[0]
print/x operands[0].pixels
print matrix
set print pretty off
set print elements 4
print mixed
print greeting
print text
print names
print matrix
print operands[0].tag
set print elements 200
set print repeats 3
print mixed
print padded
set print repeats 10
print mixed
ptype/o struct operands
ptype/o struct node
ptype/o union word
ptype/o struct wide
