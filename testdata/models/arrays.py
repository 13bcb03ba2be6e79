"""What both scripts share: where the fixtures lie, and arrays as their JSON."""
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def plain(a):
    """An array as JSON: shape and flat values. Floats have the digits that name them."""
    a = np.asarray(a)
    flat = a.reshape(-1)
    if a.dtype == np.float32:
        values = [float(str(v)) for v in flat]
    elif a.dtype.kind in "OU":
        values = [str(v) for v in flat]
    else:
        values = flat.tolist()
    if a.dtype.kind == "f":  # JSON has no NaN and no infinities: they are strings
        values = [v if np.isfinite(v) else str(v) for v in values]
    kind = {"f4": "f32", "f8": "f64", "i8": "i64", "i4": "i32", "b1": "bool"}.get(a.dtype.str[1:], "string")
    return {"type": kind, "shape": list(a.shape), "data": values}
