"""Validation: SHACL and the checks that SHACL cannot express, as findings."""
