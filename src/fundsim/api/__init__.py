"""What Python users call: above everything but the command line."""
