"""The full-screen debugger: panes, layout, keys, and the machine on a thread of its own."""
