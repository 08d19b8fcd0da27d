"""Schemas made of what is there already: binaries, C headers, Rust source.

Readers make `found.Found` of each; from there on all go the same way: names
(`names.py`), declarations (`convert.py`), several targets in one (`merge.py`), text
(`emit.py`), and the rules and layouts that the text is held against (`settle.py`).
"""
