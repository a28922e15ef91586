"""Imports of sheets: the template that somebody fills. Reading filled sheets comes later."""

from services.imports.templates import Column, Template, template_of

__all__ = ["Column", "Template", "template_of"]
