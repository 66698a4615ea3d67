"""The version of FrameScope, which the package takes from here.

``importlib.metadata`` knows it as well, but takes a tenth of the time until the first picture to be imported.
"""

VERSION = "0.1.0"
