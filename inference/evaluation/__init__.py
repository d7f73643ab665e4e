"""`./vigil evaluate`: how well an Eye and its Memory tell the unusual, on labelled footage and on your own."""
