"""Bulk import of CSV and XLSX: templates, validation by row and column, resumable application."""
