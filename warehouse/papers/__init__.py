"""Papers as PDF: the forms of annexes 5 and 6, personal records, reports of figures."""

from warehouse.papers.typesetting import chinese_fonts, picture, sans_fonts, typeset

__all__ = ["chinese_fonts", "picture", "sans_fonts", "typeset"]
