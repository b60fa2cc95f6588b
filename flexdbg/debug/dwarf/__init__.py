"""A program's DWARF: types, scopes and variables, call frames; read when first needed, damage tolerated."""
