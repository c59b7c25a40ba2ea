"""The tables of students and of their studies."""

from warehouse.simulate.study.write import write_study

__all__ = ["write_study"]
