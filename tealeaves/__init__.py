"""The front door: the command line, the scheduler, the demo."""
