"""What each command of the command line does; :mod:`alignment.commands.command_line` says how it is called."""
