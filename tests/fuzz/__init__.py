"""Damages files in many ways and looks for hangs, crashes, tracebacks, wrong frames and lost memory."""
