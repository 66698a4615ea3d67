"""Exports of many videos as one data set: splits, classes, one manifest, and forms for other programs."""
