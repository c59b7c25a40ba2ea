"""A college's analytics warehouse and personal data center."""

__all__ = ["__version__"]
__version__ = "0.1.0"
