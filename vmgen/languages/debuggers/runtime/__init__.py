"""What the scripts for debuggers share: printers of values, and the command `vmgen`.

`tables` is what a script says of its schema, `gdb_printers` and `lldb_printers` show values
by what the program's debug information says of them. `reading` reads memory by the Python
bindings' layouts, which takes no debug information; `gdb_command` and `lldb_command` give
that to the debugger as a command.
"""
