"""Where people see and judge."""
