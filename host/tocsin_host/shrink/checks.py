"""Make one of range checks that fail alike."""

import ast

_LEAVES = ast.Raise | ast.Return
# Says which field cannot be encoded: for developers, whose builds are not shrunk.
_UNREAD = "EncodeError"


def merge(tree: ast.Module) -> None:
    """Join checks with one outcome; errors that no part of the firmware reads lose their text."""
    _Merger().visit(tree)


class _Merger(ast.NodeTransformer):
    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        match node.exc:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant() as text]) if name == _UNREAD:
                text.value = ""
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list):
                setattr(node, field, _merged(statements))
        return node


def _merged(statements: list[ast.stmt]) -> list[ast.stmt]:
    merged: list[ast.stmt] = []
    for each in statements:
        before = merged[-1] if merged else None
        if isinstance(before, ast.If) and isinstance(each, ast.If) and _are_alike(before, each):
            before.test = _either(before.test, each.test)
            before.end_lineno = each.end_lineno
        else:
            merged.append(each)
    return merged


def _are_alike(one: ast.If, other: ast.If) -> bool:
    """Whether both leave the function, in the same way."""
    if one.orelse or other.orelse or not isinstance(one.body[-1], _LEAVES):
        return False
    return list(map(ast.dump, one.body)) == list(map(ast.dump, other.body))


def _either(one: ast.expr, other: ast.expr) -> ast.expr:
    tests = one.values if isinstance(one, ast.BoolOp) and isinstance(one.op, ast.Or) else [one]
    more = (
        other.values if isinstance(other, ast.BoolOp) and isinstance(other.op, ast.Or) else [other]
    )
    return ast.copy_location(ast.BoolOp(ast.Or(), [*tests, *more]), one)
