"""Makes the models of sql/, which tests of statements use: outputs that read different inputs, weights in files of their own."""

import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sql")


def floats(name, columns):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", columns])


def model(nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, "sql", inputs, outputs, list(initializers))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="make_sql")
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


def parts():
    """twice reads x, more reads y and the second of z."""
    one = numpy_helper.from_array(np.array([1], np.float32), "one")
    second = numpy_helper.from_array(np.array([1], np.int64), "second")
    return model(
        [helper.make_node("Add", ["x", "x"], ["twice"]), helper.make_node("Gather", ["z", "second"], ["z2"], axis=1),
         helper.make_node("Add", ["y", "z2"], ["sum"]), helper.make_node("Add", ["sum", "one"], ["more"])],
        [floats("x", 1), floats("y", 1), floats("z", 2)], [floats("twice", 1), floats("more", 1)], [one, second])


def linear():
    w = numpy_helper.from_array(np.array([[1], [2], [3]], np.float32), "w")
    b = numpy_helper.from_array(np.array([10], np.float32), "b")
    return model([helper.make_node("Gemm", ["x", "w", "b"], ["y"])], [floats("x", 3)], [floats("y", 1)], [w, b])


def shapes():
    """The products of five numbers with each other, as a matrix of each type, and beside each other."""
    down, across = (numpy_helper.from_array(np.array(dims, np.int64), name) for name, dims in (("down", [0, 5, 1]), ("across", [0, 1, 5])))
    ten = numpy_helper.from_array(np.array(10, np.float32), "ten")
    nodes = [helper.make_node("Reshape", ["x", "down"], ["column"]), helper.make_node("Reshape", ["x", "across"], ["row"]),
             helper.make_node("MatMul", ["column", "row"], ["products"]), helper.make_node("Greater", ["products", "ten"], ["large"]),
             helper.make_node("ReduceMax", ["products"], ["top"], axes=[1, 2], keepdims=0),
             helper.make_node("Concat", ["column", "column"], ["pairs"], axis=2)]
    outputs = [("products", TensorProto.FLOAT), ("large", TensorProto.BOOL)]
    for name, kind in (("double", TensorProto.DOUBLE), ("int", TensorProto.INT32), ("long", TensorProto.INT64), ("byte", TensorProto.INT8)):
        nodes.append(helper.make_node("Cast", ["products"], [name], to=kind))
        outputs.append((name, kind))
    outputs = [helper.make_tensor_value_info(name, kind, ["N", 5, 5]) for name, kind in outputs]
    outputs += [helper.make_tensor_value_info("top", TensorProto.FLOAT, ["N"]), helper.make_tensor_value_info("pairs", TensorProto.FLOAT, ["N", 5, 2])]
    return model(nodes, [floats("x", 5)], outputs, [down, across, ten])


def wide():
    """Inputs of many elements, of every type that is not floats of 32 bits: what is wrong with one is what its output is."""
    size = 1100
    kinds = [("flags", TensorProto.BOOL), ("bytes", TensorProto.UINT8), ("halves", TensorProto.FLOAT16), ("shorts", TensorProto.INT16),
             ("ints", TensorProto.INT32), ("longs", TensorProto.INT64), ("doubles", TensorProto.DOUBLE), ("unsigned", TensorProto.UINT32)]
    axes = numpy_helper.from_array(np.array([1], np.int64), "axes")
    nodes, outputs = [], []
    for name, _ in kinds:
        nodes += [helper.make_node("Cast", [name], [name + "_cast"], to=TensorProto.DOUBLE),
                  helper.make_node("ReduceSum", [name + "_cast", "axes"], [name + "_sum"], keepdims=0)]
        outputs.append(helper.make_tensor_value_info(name + "_sum", TensorProto.DOUBLE, ["N"]))
    ends = [numpy_helper.from_array(np.array([n], np.int64), f"at{n}") for n in (0, 2)]
    nodes.append(helper.make_node("Slice", ["words", "at0", "at2", "axes"], ["first"]))
    outputs.append(helper.make_tensor_value_info("first", TensorProto.STRING, ["N", 2]))
    kinds.append(("words", TensorProto.STRING))
    return model(nodes, [helper.make_tensor_value_info(name, kind, ["N", size]) for name, kind in kinds], outputs, [axes, *ends])


def texts():
    """A text and itself, and that with the text a third time: texts that the model makes."""
    nodes = [helper.make_node("StringConcat", ["y", "y"], ["twice"]), helper.make_node("StringConcat", ["twice", "y"], ["thrice"])]
    text = lambda name: helper.make_tensor_value_info(name, TensorProto.STRING, ["N", 1])
    graph = helper.make_graph(nodes, "sql", [text("y")], [text("twice"), text("thrice")])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], producer_name="make_sql")
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


def sequence():
    """The largest of a sequence's differences; the sequence's length is open, and so is, without a name, how many numbers are added to it."""
    axes = numpy_helper.from_array(np.array([1], np.int64), "axes")
    nodes = [helper.make_node("Sub", ["x", "y"], ["difference"]), helper.make_node("ReduceMax", ["difference"], ["largest"], axes=[1], keepdims=0),
             helper.make_node("ReduceSum", ["z", "axes"], ["sum"], keepdims=0), helper.make_node("Add", ["largest", "sum"], ["out"])]
    inputs = [floats("x", "seq"), floats("y", "seq"), floats("z", None)]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["N"]), floats("difference", "seq")]
    return model(nodes, inputs, outputs, [axes])


def faulty(rows):
    """Operators that not every row suits: an index into a table, a division of integers; into one of rows as well, and with more elements, in array
    form."""
    def integers(name, columns):
        return helper.make_tensor_value_info(name, TensorProto.INT64, ["N", columns])
    table = numpy_helper.from_array(np.array([10, 20, 30], np.float32), "table")
    nodes = [helper.make_node("Gather", ["table", "at"], ["found"]), helper.make_node("Div", ["at", "by"], ["quotient"])]
    inputs, outputs = [integers("at", rows), integers("by", rows)], [floats("found", rows), integers("quotient", rows)]
    return model(nodes, inputs, outputs, [table])


def image():
    """An image of one colour."""
    axes, shape = (numpy_helper.from_array(np.array(v, np.int64), n) for n, v in (("axes", [2, 3]), ("shape", [1, 3, 224, 224])))
    output = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 224, 224])
    return model([helper.make_node("Unsqueeze", ["colour", "axes"], ["point"]), helper.make_node("Expand", ["point", "shape"], ["image"])],
                 [floats("colour", 1)], [output], [axes, shape])


def external(made, name, location, offset=None, length=None):
    """Saves a model whose weights lie in a file; location, offset and length can be given other values than the true ones."""
    onnx.external_data_helper.convert_model_to_external_data(made, location="weights/" + name + ".bin", size_threshold=0)
    os.makedirs(os.path.join(HERE, "weights"), exist_ok=True)
    data = os.path.join(HERE, "weights", name + ".bin")
    if os.path.exists(data):
        os.remove(data)
    onnx.save(made, os.path.join(HERE, name + ".onnx"))
    for tensor in made.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location" and location:
                entry.value = location
            if entry.key == "offset" and offset is not None:
                entry.value = offset
            if entry.key == "length" and length is not None:
                entry.value = length
    with open(os.path.join(HERE, name + ".onnx"), "wb") as f:
        f.write(made.SerializeToString())
    if location:
        os.remove(data)


if __name__ == "__main__":
    os.makedirs(HERE, exist_ok=True)
    onnx.save(parts(), os.path.join(HERE, "parts.onnx"))
    onnx.save(shapes(), os.path.join(HERE, "shapes.onnx"))
    onnx.save(wide(), os.path.join(HERE, "wide.onnx"))
    onnx.save(texts(), os.path.join(HERE, "texts.onnx"))
    onnx.save(sequence(), os.path.join(HERE, "sequence.onnx"))
    onnx.save(faulty(1), os.path.join(HERE, "faulty.onnx"))
    onnx.save(faulty(2000), os.path.join(HERE, "faulty_rows.onnx"))
    onnx.save(image(), os.path.join(HERE, "image.onnx"))
    external(linear(), "external", None)
    external(linear(), "escape", "../../classifier.onnx")
    external(linear(), "absolute", "/etc/passwd")
    external(linear(), "missing", "nowhere.bin")
    external(linear(), "behind", "weights/external.bin", offset="99999999")
    external(linear(), "long", "weights/external.bin", length="9223372036854775807")
    external(linear(), "odd", "weights/external.bin", length="-1")
