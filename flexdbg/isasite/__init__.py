"""The reference pages of the instruction set as a static HTML site, built from the ISA tables."""
