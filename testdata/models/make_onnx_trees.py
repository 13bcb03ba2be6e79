#!/usr/bin/env python3
"""Makes the ONNX fixtures of trees/: the operators of trees with each attribute, and what converters write for models of
scikit-learn, XGBoost and LightGBM. It needs requirements-trees.txt."""
import numpy as np
import onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as nh

from make_trees import ROWS, TREES, columns, data, edges, save

EVERY = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
r = np.random.default_rng(5)
rows = r.integers(-4, 5, (ROWS, 3)).astype(np.float32) / 2
rows[0], rows[1], rows[2] = np.nan, [np.nan, 1, -1], [np.inf, -np.inf, 0]


def exact(w):
    """Sums of such weights are exact in single precision, in any order."""
    return np.round(w * 1024) / 1024


def keep(name, model, x):
    """A model of one input; the outputs are ONNX Runtime's."""
    raw = model.SerializeToString()
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    got = session.run(None, {session.get_inputs()[0].name: x})
    with open(f"{TREES}/onnx_{name}.onnx", "wb") as f:
        f.write(raw)
    got = [np.array([[row[k] for k in row] for row in v], np.float32) if isinstance(v, list) else v for v in got]  # of ZipMap
    save("onnx_" + name, columns(x), {o.name: v for o, v in zip(session.get_outputs(), got)})


def trees(modes, count=4, depth=3, missing=False, start=0, step=1):
    """The attributes nodes_*, and the leaves as (tree, node). Trees are numbered from start, trees and nodes in steps."""
    a = {k: [] for k in ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    leaves = []
    for t in range(count):
        todo, free = [(0, 0)], 1
        while todo:
            i, level = todo.pop(0)
            inner = level < depth and not (level > 1 and r.random() < 0.2)
            node = {"treeids": t * step + start, "nodeids": i * step, "featureids": int(r.integers(0, 3)) if inner else 0,
                    "modes": modes[int(r.integers(0, len(modes)))] if inner else "LEAF",
                    "values": float(r.integers(-3, 4)) / 2 if inner else 0.0, "truenodeids": free * step if inner else 0,
                    "falsenodeids": (free + 1) * step if inner else 0, "missing_value_tracks_true": int(missing and r.random() < 0.5)}
            for k, v in node.items():
                a[k].append(v)
            if inner:
                todo += [(free, level + 1), (free + 1, level + 1)]
                free += 2
            else:
                leaves.append((t * step + start, i * step))
    return {"nodes_" + k: v for k, v in a.items() if missing or k != "missing_value_tracks_true"}, leaves


def model(op, attrs, outs, kind=T.FLOAT, ml=3):
    node = h.make_node(op, ["x"], list(outs), domain="ai.onnx.ml", name="trees", **attrs)
    infos = [h.make_tensor_value_info(k, t, ["N"] if k == "label" else ["N", None]) for k, t in outs.items()]
    g = h.make_graph([node], "trees", [h.make_tensor_value_info("x", kind, ["N", 3])], infos)
    return h.make_model(g, opset_imports=[h.make_opsetid("", 18), h.make_opsetid("ai.onnx.ml", ml)], ir_version=9)


def regressor(name, targets=1, kind=T.FLOAT, small=False, modes=EVERY, shape=None, **attrs):
    a, leaves = trees(modes, **(shape or {}))
    each = [(t, n, k) for t, n in leaves for k in range(targets)]
    w = exact(r.random(len(each)) / 40 if small else r.normal(size=len(each)))
    attrs.update(a, target_treeids=[e[0] for e in each], target_nodeids=[e[1] for e in each], target_ids=[e[2] for e in each], n_targets=targets)
    x = rows
    if kind == T.DOUBLE:
        attrs["nodes_values_as_tensor"] = nh.from_array(np.array(attrs.pop("nodes_values"), np.float64) + 0.1)
        attrs["target_weights_as_tensor"] = nh.from_array(w)
        x = rows.astype(np.float64)
    else:
        attrs["target_weights"] = w.tolist()
    keep("regressor_" + name, model("TreeEnsembleRegressor", attrs, {"y": T.FLOAT}, kind), x)


def regressors():
    regressor("modes")
    regressor("one_mode", modes=["BRANCH_LT"])
    regressor("missing", shape={"missing": True})
    regressor("numbers", shape={"start": 3, "step": 2})
    regressor("double", kind=T.DOUBLE)
    for f in ("AVERAGE", "MIN", "MAX"):
        regressor(f.lower(), aggregate_function=f, base_values=[0.5])
        regressor(f.lower() + "_3", aggregate_function=f, targets=3, base_values=[0.5, 0.25, -1.0])
    for post in ("LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"):
        regressor(post.lower(), post_transform=post, small=True, base_values=[0.25])
        regressor(post.lower() + "_3", targets=3, post_transform=post, small=post == "PROBIT", base_values=[0.1, 0.2, 0.3])


def classifier(name, labels, ids, low=-1.0, base=None, post="NONE", **shape):
    """Each leaf has a weight for each of ids, or, where ids is a number, for one of so many classes at random."""
    a, leaves = trees(EVERY, **shape)
    each = [(t, n, k) for t, n in leaves for k in (ids if isinstance(ids, list) else [int(r.integers(0, ids))])]
    w = exact(r.uniform(low, 1, len(each)) if low < 0 else r.uniform(0, 0.3, len(each)))
    a.update(class_treeids=[e[0] for e in each], class_nodeids=[e[1] for e in each], class_ids=[e[2] for e in each], class_weights=w.tolist(),
             post_transform=post)
    texts = isinstance(labels[0], str)
    a["classlabels_strings" if texts else "classlabels_int64s"] = labels
    if base:
        a["base_values"] = base
    outs = {"label": T.STRING if texts else T.INT64, "scores": T.FLOAT}
    keep("classifier_" + name, model("TreeEnsembleClassifier", a, outs), rows)


def classifiers():
    for post in ("NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"):
        for low, sign in ((-1.0, ""), (0.0, "_positive")):
            classifier(f"first_{post.lower()}{sign}", [10, 20], [0], low, post=post)
            classifier(f"second_{post.lower()}{sign}", ["no", "yes"], [1], low, post=post)
        classifier("both_" + post.lower(), ["no", "yes"], [0, 1], post=post)
        classifier("three_" + post.lower(), [7, 5, 6], [0, 1, 2], post=post)
    classifier("first_base", [10, 20], [0], base=[0.3])
    classifier("both_base", [0, 1], [0, 1], base=[0.3])
    classifier("three_base", ["a", "b", "c"], [0, 1, 2], base=[0.3, 0.6, -1.0])
    classifier("three_some", ["a", "b", "c"], 3, low=0.0)
    classifier("three_unused", ["a", "b", "c"], [0, 2])
    classifier("three_missing", ["a", "b", "c"], [0, 1, 2], missing=True)


def ensemble(name, kind=np.float32, modes=(0, 1, 2, 3, 4, 5), targets=2, **attrs):
    """TreeEnsemble, of version 5 of the operator set."""
    a = {k: [] for k in ("featureids", "splits", "modes", "truenodeids", "falsenodeids", "trueleafs", "falseleafs", "missing_value_tracks_true")}
    weights, target, sets = [], [], []

    def leaf():
        weights.append(exact(r.normal()))
        target.append(int(r.integers(0, targets)))
        return len(weights) - 1

    def grow(depth):
        i = len(a["modes"])
        node = {"featureids": int(r.integers(0, 3)), "splits": float(r.integers(-3, 4)) / 2, "modes": int(modes[int(r.integers(0, len(modes)))]),
                "truenodeids": 0, "falsenodeids": 0, "trueleafs": int(depth == 0), "falseleafs": int(depth == 0),
                "missing_value_tracks_true": int(r.random() < 0.5)}
        for k, v in node.items():
            a[k].append(v)
        if node["modes"] == 6:
            sets.extend([float(v) for v in r.integers(1, 5, 2)] + [np.nan])  # ONNX Runtime knows integers only
        a["truenodeids"][i] = leaf() if depth == 0 else grow(depth - 1)
        a["falsenodeids"][i] = leaf() if depth == 0 else grow(depth - 1)
        return i

    roots = [grow(2) for _ in range(5)]
    attrs.update({"nodes_" + k: v for k, v in a.items()}, tree_roots=roots, leaf_targetids=target, n_targets=targets)
    for k, v in (("nodes_modes", np.array(a["modes"], np.uint8)), ("nodes_splits", np.array(a["splits"], kind)), ("leaf_weights", np.array(weights, kind)),
                 ("membership_values", np.array(sets, kind))):
        if len(v):
            attrs[k] = nh.from_array(v)
    t = T.DOUBLE if kind == np.float64 else T.FLOAT
    keep("v5_" + name, model("TreeEnsemble", attrs, {"y": t}, t, ml=5), rows.astype(kind))


def ensembles():
    ensemble("modes")
    ensemble("double", np.float64)
    ensemble("members", modes=(0, 6))
    ensemble("average", aggregate_function=0)
    ensemble("min", aggregate_function=2, targets=1)
    ensemble("softmax_zero", post_transform=3)  # ONNX Runtime numbers SOFTMAX and LOGISTIC otherwise than the standard


def json_like(v):
    if isinstance(v, np.ndarray) or isinstance(v, list) and any(isinstance(e, np.generic) for e in v):
        return np.asarray(v).tolist()
    return v


def exports():
    import lightgbm, xgboost
    from skl2onnx.common import _container
    make = _container.make_node  # which refuses numpy's types, that the converter of histogram-based models gives it
    _container.make_node = lambda *a, **k: make(*a, **{n: json_like(v) for n, v in k.items()})
    from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
    from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
    from skl2onnx import to_onnx, update_registered_converter
    from skl2onnx.common.data_types import FloatTensorType
    from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes, calculate_linear_regressor_output_shapes
    from sklearn import ensemble, tree
    for c, k in ((xgboost.XGBClassifier, convert_xgboost), (lightgbm.LGBMClassifier, convert_lightgbm)):
        update_registered_converter(c, c.__name__, calculate_linear_classifier_output_shapes, k,
                                    options={"nocl": [True, False], "zipmap": [True, False, "columns"]})
    for c, k in ((xgboost.XGBRegressor, convert_xgboost), (lightgbm.LGBMRegressor, convert_lightgbm)):
        update_registered_converter(c, c.__name__, calculate_linear_regressor_output_shapes, k)
    x, y = data()
    full = np.nan_to_num(x)
    binary, classes = (y > 0).astype(int), np.digitize(y, [-0.5, 0.5])
    names = np.array(["low", "middle", "high"])[classes]
    small = {"n_estimators": 6, "max_depth": 4, "random_state": 1}
    boosts = {"max_iter": 6, "max_depth": 4, "random_state": 1}
    quiet = {**small, "verbose": -1}
    for name, m, label, missing in (
            ("tree", tree.DecisionTreeClassifier(max_depth=4, random_state=1), names, False),
            ("tree_regressor", tree.DecisionTreeRegressor(max_depth=4, random_state=1), y, False),
            ("tree_targets", tree.DecisionTreeRegressor(max_depth=4, random_state=1), np.stack([y, -y], 1), False),
            ("forest", ensemble.RandomForestClassifier(**small), classes, False),
            ("forest_binary", ensemble.RandomForestClassifier(**small), binary, False),
            ("forest_regressor", ensemble.RandomForestRegressor(**small), y, False),
            ("extra", ensemble.ExtraTreesClassifier(**small), names, False),
            ("boost", ensemble.GradientBoostingClassifier(**small), classes, False),
            ("boost_binary", ensemble.GradientBoostingClassifier(**small), binary, False),
            ("boost_regressor", ensemble.GradientBoostingRegressor(**small), y, False),
            ("hist", ensemble.HistGradientBoostingClassifier(**boosts), classes, True),
            ("hist_binary", ensemble.HistGradientBoostingClassifier(**boosts), binary, True),
            ("hist_regressor", ensemble.HistGradientBoostingRegressor(**boosts), y, True),
            ("isolation", ensemble.IsolationForest(n_estimators=6, random_state=1), None, False),
            ("ada", ensemble.AdaBoostClassifier(tree.DecisionTreeClassifier(max_depth=3), n_estimators=4, random_state=1), binary, False),
            ("xgb", xgboost.XGBClassifier(**small), classes, True), ("xgb_binary", xgboost.XGBClassifier(**small), binary, True),
            ("xgb_regressor", xgboost.XGBRegressor(**small), y, True), ("lgb", lightgbm.LGBMClassifier(**quiet), classes, True),
            ("lgb_binary", lightgbm.LGBMClassifier(**quiet), binary, True), ("lgb_regressor", lightgbm.LGBMRegressor(**quiet), y, True)):
        try:
            m.fit(x if missing else full, label)
            given = edges(x) if missing else full[:ROWS]
            options = {id(m): {"zipmap": False}} if hasattr(m, "predict_proba") else None
            made = to_onnx(m, initial_types=[("x", FloatTensorType([None, 5]))], options=options, target_opset={"": 18, "ai.onnx.ml": 3})
            keep("sk_" + name, made, given)
        except Exception as e:  # a converter that does not know this version of its library
            print(f"no {name}: {type(e).__name__}: {str(e)[:200]}")


def catboosts():
    import catboost, onnx, tempfile
    x, y = data()
    small = {"iterations": 6, "depth": 4, "random_seed": 1, "thread_count": 1, "verbose": False, "allow_writing_files": False}
    for name, m, label in (("catboost_regressor", catboost.CatBoostRegressor(**small), y), ("catboost_binary", catboost.CatBoostClassifier(**small), (y > 0).astype(int)),
                           ("catboost", catboost.CatBoostClassifier(**small), np.digitize(y, [-0.5, 0.5]))):
        with tempfile.NamedTemporaryFile(suffix=".onnx") as f:
            m.fit(x, label)
            m.save_model(f.name, format="onnx")
            made = onnx.load(f.name)
        keep(name, made, edges(x))


if __name__ == "__main__":
    regressors()
    classifiers()
    ensembles()
    exports()
    catboosts()
