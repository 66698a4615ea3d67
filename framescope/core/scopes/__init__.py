"""Scopes of a frame: histogram, waveform, parade and vectorscope of its decoded samples."""
