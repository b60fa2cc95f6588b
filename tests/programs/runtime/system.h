#pragma once

#include "../common/pulp.h"

int run_on_cluster(int (*function)(void));
int constructors(void);
uint32_t fll_frequency(int fll);
void exit(int status);
