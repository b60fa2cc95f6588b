"""The machine: configuration, program loading, and the typed face of the simulator core."""
