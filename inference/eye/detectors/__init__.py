"""Object detectors, one small file for each way in which they are stored; `choose` says which one this worker uses."""
