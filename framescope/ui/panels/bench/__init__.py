"""The Benchmark panel."""
