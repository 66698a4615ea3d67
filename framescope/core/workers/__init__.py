"""The same work for each of many videos: on this machine, or on those of a Dask cluster."""
