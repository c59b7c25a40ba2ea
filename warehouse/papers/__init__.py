"""Official papers as PDF: the forms of annexes 5 and 6."""

from warehouse.papers.typesetting import chinese_fonts, typeset

__all__ = ["chinese_fonts", "typeset"]
