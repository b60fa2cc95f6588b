/* What C has to show to a debugger. Built by build.py at -O0, -Og and -O2; the tests compare with gdb. */
#include <stdint.h>

enum color { RED, GREEN = 5, BLUE };
enum access { READ = 1, WRITE = 2, EXECUTE = 4 };
enum level { LOW = -1, MIDDLE, HIGH };

typedef struct {
    uint8_t r, g, b;
} rgb_t;

struct node {
    struct node *next;
    int value;
};

union word {
    uint32_t whole;
    uint8_t bytes[4];
    float real;
};

typedef int (*binary_t)(int, int);

struct operands {
    const char *name;
    char tag[8];
    int16_t row[4];
    enum color color;
    enum access access;
    unsigned ready : 1;
    int level : 5;
    uint8_t small : 3;
    unsigned long long big;
    binary_t apply;
    union word word;
    struct {
        int x, y;
    };
    union {
        uint32_t raw;
        struct {
            uint16_t low, high;
        } halves;
    };
    rgb_t pixels[2];
    struct node *list;
    double ratio;
    _Bool valid;
    volatile int *port;
    void *anything;
    struct unknown *opaque;
};

struct wide {
    int parts[6];
};

typedef struct node node_t;
typedef node_t *node_p;

int counter;
static int total = 7;
static volatile int device = 11;
const char greeting[] = "hello \"world\"\n";
char buffer[16] = "abc";
char padded[32] = "to\tbe\\";
uint8_t octets[12] = {1, 2, 3, 200, 255};
int sums[4] = {10, -20, 30, -40};
int zeros[24];
int mixed[30] = {1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4};
short matrix[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {-1, -2, -3, -4}};
float weights[3] = {1.5f, -0.1f, 1e10f};
double precise = 0.1;
long long far_away = -1234567890123LL;
unsigned long plain = 4000000000UL;
signed char minus = -3;
unsigned char high = 200;
char letter = 'x';
_Bool truth = 1;
enum color shade = BLUE;
enum access rights = READ | EXECUTE;
enum level depth = LOW;
struct node chain[3] = {{&chain[1], 1}, {&chain[2], 2}, {0, 3}};
node_p head = &chain[0];
int *cursor = &sums[2];
int **indirect = &cursor;
int (*rows)[4];
const char *names[3] = {"one", "two", 0};
void *nothing;
char *text = buffer;

static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
binary_t table[2] = {add, subtract};

struct operands operands[2] = {
    {.name = "first",
     .tag = "one",
     .row = {1, -2, 3, -4},
     .color = GREEN,
     .access = READ | WRITE,
     .ready = 1,
     .level = -3,
     .small = 5,
     .big = 0x123456789abcdef0ULL,
     .apply = add,
     .word = {.real = 1.0f},
     .x = 3,
     .y = -4,
     .raw = 0x12345678,
     .pixels = {{1, 2, 3}, {255, 128, 65}},
     .list = chain,
     .ratio = 2.5,
     .valid = 1,
     .port = &device,
     .anything = sums},
    {.name = 0, .color = BLUE, .apply = subtract, .pixels = {{9, 8, 7}}},
};

__attribute__((noinline)) rgb_t mix(uint8_t r, uint8_t g, uint8_t b)
{
    rgb_t made = {r, g, b};
    counter++;
    return made;
}

__attribute__((noinline)) long long multiply(int a, long long b)
{
    long long product = (long long)a * b;
    counter++;
    return product;
}

__attribute__((noinline)) struct wide spread(int from)
{
    struct wide made;
    for (int i = 0; i < 6; i++)
        made.parts[i] = from * i;
    return made;
}

__attribute__((noinline)) int sum_list(const struct node *first)
{
    int sum = 0;
    for (const struct node *each = first; each; each = each->next) {
        int value = each->value;
        sum += value;
        counter += value;
    }
    return sum;
}

__attribute__((noinline)) int factorial(int n)
{
    if (n <= 1) {
        counter++;
        return 1;
    }
    int below = factorial(n - 1);
    return n * below;
}

static inline __attribute__((always_inline)) int square(int side)
{
    int area = side * side;
    device = area;
    return area;
}

__attribute__((noinline)) int measure(int width, int height)
{
    int first = square(width);
    int second = square(height);
    return first + second;
}

__attribute__((noinline)) int fill(int n)
{
    int space[n];
    static int calls;
    calls++;
    for (int i = 0; i < n; i++)
        space[i] = i * i;
    int last = space[n - 1];
    device = last;
    return last;
}

__attribute__((noinline)) enum color paint(struct operands *mine, const char *why, binary_t apply)
{
    int result = apply(mine->x, mine->y);
    {
        int result = 99;
        device = result;
    }
    mine->y = result;
    total += result;
    device = why[0];
    return mine->color;
}

__attribute__((noinline)) const char *name_of(int which)
{
    return names[which];
}

__attribute__((noinline)) void nop(void)
{
    device++;
}

int main(void)
{
    struct operands *mine = &operands[1];
    int local = 5;
    char word[6] = "word";
    rgb_t color = mix(1, 2, 3);
    long long product = multiply(-3, 1LL << 33);
    struct wide wide = spread(7);
    rows = (int (*)[4])mixed;
    int sum = sum_list(head);
    int small = factorial(4);
    int both = measure(3, 4);
    int last = fill(5);
    enum color shown = paint(mine, "reason", table[1]);
    const char *name = name_of(1);
    nop();
    return local + word[0] + color.r + (int)product + wide.parts[2] + sum + small + both + last + shown + name[0] == 0;
}
