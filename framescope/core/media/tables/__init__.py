"""Frame tables read straight from MP4, Matroska and MPEG-TS."""
