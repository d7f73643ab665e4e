"""What a camera sees, what is normal for it, and what is not."""

import os

# Before numpy is loaded. Cameras are the parallelism, and for products as small as here more threads only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
