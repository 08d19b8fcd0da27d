"""What a binary says of its own types, read from its debug information.

Needs the packages of the extra ``binaries``; only functions that read import them.
"""
