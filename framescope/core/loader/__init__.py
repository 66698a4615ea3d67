"""Clips of many videos by number, as loaders of training programs ask for them."""
