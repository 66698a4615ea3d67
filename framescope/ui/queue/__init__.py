"""The queue: one recipe for many videos."""
