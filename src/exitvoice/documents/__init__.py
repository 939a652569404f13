"""Read plain YAML into frozen models; every mistake at once, with its place and its cure."""

from exitvoice.documents.complaints import describe
from exitvoice.documents.locator import Locator, Path, nearest_name, nearest_names, show_path
from exitvoice.documents.plaintext import decode
from exitvoice.documents.reading import Tree, read_bounded, read_document, read_text, read_tree, validate_tree

__all__ = [
    "Locator",
    "Path",
    "Tree",
    "decode",
    "describe",
    "nearest_name",
    "nearest_names",
    "read_bounded",
    "read_document",
    "read_text",
    "read_tree",
    "show_path",
    "validate_tree",
]
