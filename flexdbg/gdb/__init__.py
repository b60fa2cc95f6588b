"""The remote serial protocol of GDB: a stub for the whole cluster, and what a stock GDB needs to use it."""
