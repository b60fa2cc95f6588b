"""Types written out as C declarations, as `ptype` shows them."""

from dataclasses import replace

from flexdbg.debug.kinds import Form, Kind, Member, declare

__all__ = ["declaration", "layout"]

_DEEPEST = 16


def declaration(kind: Kind) -> str:
    """The type with its outermost struct, union or enum in full."""
    return _around(kind, 0)


def _around(kind: Kind, depth: int, inner: str = "") -> str:
    """A declaration of `inner`, the type at its core written out."""
    core = kind
    for _ in range(32):
        if core.alias is not None:
            core = replace(core.alias, qualifiers=(*core.qualifiers, *core.alias.qualifiers))
        elif core.form in (Form.POINTER, Form.ARRAY, Form.FUNCTION) and core.target is not None:
            core = core.target
        else:
            break
    body = _body(core, depth)
    if not body:
        return declare(_unaliased(kind), inner)
    # The declarator goes around a name that stands for the body.
    around = declare(_unaliased(kind), inner)
    name = core.name or f"{core.form} {{...}}"
    full = " ".join((*core.qualifiers, name))
    return around.replace(full, body, 1)


def _unaliased(kind: Kind, depth: int = 0) -> Kind:
    """Typedefs replaced by what they stand for, down to the core."""
    while kind.alias is not None:
        kind = replace(kind.alias, qualifiers=(*kind.qualifiers, *kind.alias.qualifiers))
    target = kind.target
    if kind.form in (Form.POINTER, Form.ARRAY, Form.FUNCTION) and target is not None and depth < 32:
        core = _unaliased(target, depth + 1)
        return replace(kind, read_target=lambda: core)
    return kind


def _body(kind: Kind, depth: int) -> str:
    """The members of a struct, union or enum; nothing for other types."""
    head = " ".join((*kind.qualifiers, kind.name or str(kind.form)))
    if kind.form is Form.ENUM:
        return f"{head} {{{_constants(kind)}}}" if kind.enumerators else f"{head} {{}}"
    if kind.form not in (Form.STRUCT, Form.UNION) or depth > _DEEPEST:
        return ""
    if kind.incomplete:
        return f"{head} {{\n{'    ' * (depth + 1)}<incomplete type>\n{'    ' * depth}}}"
    indent = "    " * (depth + 1)
    if not kind.members:
        return f"{head} {{\n{indent}<no data fields>\n{'    ' * depth}}}"
    lines = []
    for member in kind.members:
        bits = f" : {member.bits}" if member.bits else ""
        lines.append(f"{indent}{_member(member.kind, member.name, depth + 1)}{bits};\n")
    return f"{head} {{\n{''.join(lines)}{'    ' * depth}}}"


def _member(kind: Kind, name: str, depth: int) -> str:
    """A member; only structs without a name are written out."""
    core = kind
    while (
        not core.name and core.form in (Form.POINTER, Form.ARRAY, Form.FUNCTION) and core.target is not None
    ):
        core = core.target
    if core.name or core.form not in (Form.STRUCT, Form.UNION, Form.ENUM):
        return declare(kind, name)
    if depth > 1:
        return declare(kind, name)  # as in gdb
    body = _body(core, depth)
    elided = " ".join((*core.qualifiers, f"{core.form} {{...}}"))
    return declare(kind, name).replace(elided, body, 1)


def _constants(kind: Kind) -> str:
    shown = []
    expected = 0
    for name, number in kind.enumerators:
        shown.append(name if number == expected else f"{name} = {number}")
        expected = number + 1
    return ", ".join(shown)


def layout(kind: Kind) -> str:
    """The type with offset and size of each member, and the holes between, as `ptype/o` shows it."""
    return "\n".join(
        [f"/* offset      |    size */  type = {_head(kind)} {{", *_rows(kind, 0, 1), " " * 29 + "}"]
    )


def _rows(kind: Kind, base: int, level: int) -> list[str]:
    """Members of a struct or union that lies `base` bits into the outermost one, and its size."""
    rows: list[str] = []
    end = 0
    union = kind.form is Form.UNION
    for member in kind.members:
        if not union:
            rows += _hole(end, member.offset, "hole")
        prefix = _offsets(member, base, union=union)
        indent = "    " * level
        inner = member.kind
        if (
            inner.form in (Form.STRUCT, Form.UNION)
            and inner.alias is None
            and inner.members
            and level < _DEEPEST
        ):
            rows.append(f"{prefix}{indent}{_head(inner)} {{")
            rows += _rows(inner, base + member.offset, level + 1)
            rows.append(" " * (27 + 4 * level) + f"}}{' ' if member.name else ''}{member.name};")
        else:
            bits = f" : {member.bits}" if member.bits else ""
            rows.append(f"{prefix}{indent}{_member(inner, member.name, 2)}{bits};")
        end = member.offset + (member.bits or 8 * inner.size)
    if not union:
        rows += _hole(end, 8 * kind.size, "padding")
    return [*rows, "", " " * (27 + 4 * level) + f"/* total size (bytes): {kind.size:4} */"]


def _offsets(member: Member, base: int, *, union: bool) -> str:
    size = member.kind.size
    if union:
        return f"/*{size:22} */"
    byte, bit = divmod(base + member.offset, 8)
    return f"/*{byte:7}{f':{bit:2}   ' if member.bits else '      '}|{size:8} */"


def _hole(end: int, start: int, what: str) -> list[str]:
    if not 0 < end < start:
        return []
    count, bits = divmod(start - end, 8)
    rows = [f"/* XXX {bits:2}-bit {what:7}    */"] if bits else []
    return rows + ([f"/* XXX {count:2}-byte {what:7}   */"] if count else [])


def _head(kind: Kind) -> str:
    return " ".join((*kind.qualifiers, kind.name or str(kind.form)))
