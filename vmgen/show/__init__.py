"""Layouts for people: the table, the JSON, the page."""
