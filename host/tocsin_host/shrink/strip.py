"""Take away what only readers and type checkers see."""

import ast
from typing import TypeGuard

from tocsin_host.shrink.modules import walk

_FLAG = "TYPE_CHECKING"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def strip(tree: ast.Module) -> None:
    """Remove docstrings, annotations and what is for type checkers only."""
    _Stripper().visit(tree)


class _Stripper(ast.NodeTransformer):
    def visit_Module(self, node: ast.Module) -> ast.AST:
        self.generic_visit(node)
        node.body = [each for each in node.body if not _is_docstring(each)]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._body(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: _Function) -> ast.AST:
        # Those of machine code are part of it.
        if not node.decorator_list or "micropython" not in ast.unparse(node.decorator_list[0]):
            node.returns = None
            for argument in walk(node.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
        return self._body(node)

    def _body(self, node: _Function | ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        body = [each for each in node.body if not _is_docstring(each)]
        node.body = body or [ast.copy_location(ast.Pass(), node)]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if _is_flag(node.targets[0]) else node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if _is_flag(node.test) and not node.orelse:
            return None
        return self.generic_visit(node)


def _is_flag(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and node.id == _FLAG


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
