"""The debugger's commands: gdb's names, one function a command, grouped by what they are about."""
