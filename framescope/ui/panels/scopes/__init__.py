"""The scopes panel: levels, waveform, parade and vectorscope of the frame on screen."""
