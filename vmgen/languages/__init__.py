"""What vmgen writes. `vmgen.languages.registry` lists the languages, each a folder here."""
