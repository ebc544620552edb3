"""The views: what Flask answers with, and what they share; each family of pages has a module."""
