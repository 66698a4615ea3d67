"""From a frame's number to the decoded frame: plan, decoders, schedule, cache."""
