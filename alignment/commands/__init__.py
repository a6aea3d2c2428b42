"""Implementation of the commands; :mod:`alignment.commands.command_line` defines their names and options."""
