#!/usr/bin/env python3
"""Makes the fixtures of trees/: models of XGBoost, LightGBM and scikit-learn, and what these libraries predict with them.

    venv/bin/python make_trees.py            all but
    old/bin/python make_trees.py old         the models of an older XGBoost, in an environment of its own (xgboost==1.7.6 "numpy<2")

NAME.json, NAME.ubj, NAME.txt or NAME.onnx is the model; NAME.rows has, as JSON, rows of inputs by argument and the outputs.
"""
import json, os, sys

import numpy as np

from arrays import HERE, plain

TREES = f"{HERE}/trees"
ROWS = 40


def save(name, inputs, outputs):
    """inputs: a column an argument; outputs: by name, a row each."""
    doc = {"inputs": {k: plain(v) for k, v in inputs.items()}, "outputs": {k: plain(v) for k, v in outputs.items()}}
    with open(f"{TREES}/{name}.rows", "w") as f:
        json.dump(doc, f, separators=(",", ":"))
        f.write("\n")


def data(n=600, features=5, missing=0.1, seed=1):
    r = np.random.default_rng(seed)
    x = r.normal(size=(n, features)).astype(np.float32)
    y = np.sin(2 * np.nan_to_num(x[:, 0])) + x[:, 1] * x[:, 2] + r.normal(size=n) / 4
    x[r.random(x.shape) < missing] = np.nan
    return x, y


def edges(x):
    """Rows to predict: some of the data, and values at the ends of the range."""
    rows = x[:ROWS].copy()
    rows[0], rows[1], rows[2], rows[3] = np.nan, 0, 1e30, -1e30
    rows[4] = -0.0
    return rows


def columns(x, names=None):
    return {(names[i] if names else f"f{i}"): x[:, i] for i in range(x.shape[1])}


# -- XGBoost -----------------------------------------------------------------------------------------------------------------

def xgb(name, params, x, y, rows, output, rounds=8, names=None, ext="json", frame=None, **matrix):
    import xgboost
    params = {"max_depth": 4, "nthread": 1, "seed": 1, **params}
    b = xgboost.train(params, xgboost.DMatrix(x, y, feature_names=names, **matrix), rounds)
    b.save_model(f"{TREES}/{name}.{ext}")
    for k in ("weight", "group", "label_lower_bound", "label_upper_bound"):
        matrix.pop(k, None)
    got = b.predict(xgboost.DMatrix(rows, feature_names=names, **matrix))
    save(name, frame or columns(rows, names), {output: got})


def xgboosts():
    import xgboost
    x, y = data()
    rows = edges(x)
    names = ["Age", "Body Mass", "größe", "x,y", "f4"]
    xgb("xgb_squared", {}, x, y, rows, "prediction", names=names)
    xgb("xgb_squared_ubj", {}, x, y, rows, "prediction", names=names, ext="ubj")
    xgb("xgb_logistic", {"objective": "binary:logistic"}, x, y > 0, rows, "probability")
    xgb("xgb_logistic_ubj", {"objective": "binary:logistic"}, x, y > 0, rows, "probability", ext="ubj")
    xgb("xgb_logitraw", {"objective": "binary:logitraw"}, x, y > 0.5, rows, "margin")
    xgb("xgb_hinge", {"objective": "binary:hinge"}, x, y > 0, rows, "class")
    xgb("xgb_reg_logistic", {"objective": "reg:logistic"}, x, y > 0, rows, "prediction", ext="ubj")
    xgb("xgb_base_score", {"objective": "binary:logistic", "base_score": 0.2}, x, y > 0, rows, "probability")
    for o in ("reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:gamma", "reg:tweedie", "count:poisson", "survival:cox"):
        label = np.floor(np.exp(y) + 1) if o != "reg:absoluteerror" else y
        xgb("xgb_" + o.replace(":", "_"), {"objective": o}, x, label, rows, "prediction", ext="ubj")
    xgb("xgb_quantiles", {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9], "tree_method": "hist"}, x, y, rows, "prediction")
    low = np.exp(y)
    xgb("xgb_aft", {"objective": "survival:aft"}, x, None, rows, "prediction", label_lower_bound=low, label_upper_bound=low * 1.5)
    for o in ("pairwise", "ndcg", "map"):
        label = (y > 0).astype(int) if o == "map" else np.clip(np.floor(y + 2), 0, 3)
        xgb("xgb_rank_" + o, {"objective": "rank:" + o}, x, label, rows, "prediction", group=[20] * 30, ext="ubj")
    classes = np.digitize(y, [-0.5, 0.5])
    for ext in ("json", "ubj"):
        xgb("xgb_softprob_" + ext, {"objective": "multi:softprob", "num_class": 3}, x, classes, rows, "probabilities", ext=ext)
    xgb("xgb_softmax", {"objective": "multi:softmax", "num_class": 3}, x, classes, rows, "class", ext="ubj")
    xgb("xgb_forest", {"num_parallel_tree": 5, "subsample": 0.5, "objective": "binary:logistic"}, x, y > 0, rows, "probability", rounds=2, ext="ubj")
    xgb("xgb_dart", {"booster": "dart", "rate_drop": 0.5, "one_drop": 1, "objective": "binary:logistic"}, x, y > 0, rows, "probability")
    many = np.stack([y, -y, y ** 2], 1)
    xgb("xgb_targets", {}, x, many, rows, "prediction", ext="ubj")
    xgb("xgb_labels", {"objective": "binary:logistic"}, x, many > 0.3, rows, "probability", ext="ubj")
    for ext in ("json", "ubj"):
        xgb("xgb_vector_leaves_" + ext, {"multi_strategy": "multi_output_tree", "tree_method": "hist"}, x, many, rows, "prediction", ext=ext)
    linear = {"booster": "gblinear", "updater": "coord_descent"}
    xgb("xgb_linear", {**linear, "objective": "binary:logistic"}, x, y > 0, rows, "probability")
    xgb("xgb_linear_multi", {**linear, "objective": "multi:softprob", "num_class": 3}, x, classes, rows[5:], "probabilities", ext="ubj")
    # Categories by their codes, of one and of many nodes' sets; some that training never saw.
    r = np.random.default_rng(2)
    c = x.copy()
    c[:, 3], c[:, 4] = r.integers(0, 5, len(c)), r.integers(0, 100, len(c))
    label = y + 2 * (c[:, 3] == 2) + np.isin(c[:, 4], [1, 5, 64, 70, 71, 99])
    c[r.random(c.shape) < 0.05] = np.nan
    rows = edges(c)
    rows[:12, 3] = [np.nan, -1, -0.5, -0.0, 0, 0.5, 2.9, 4, 5, 1e9, 31, 32]
    rows[8:20, 4] = [np.nan, -1, -0.5, -0.0, 0, 63.5, 64, 99, 100, 1e9, 127, 128]
    kinds = ["q", "q", "q", "c", "c"]
    for name, threshold in (("onehot", 200), ("partition", 1)):
        xgb("xgb_categories_" + name, {"max_cat_to_onehot": threshold, "tree_method": "hist"}, c, label, rows, "prediction",
            feature_types=kinds, enable_categorical=True, ext="ubj" if threshold == 1 else "json")
    import pandas as pd
    colours = np.array(["red", "green", "", "blue"])[r.integers(0, 4, len(y))]
    df = pd.DataFrame({"height": x[:, 0], "colour": pd.Categorical(colours), "code": pd.Categorical(r.integers(5, 9, len(y)) * 10)})
    label = y + 2 * (colours == "red") + (df.code == 60)
    rows = df[:ROWS]
    frame = {"height": rows.height.to_numpy(), "colour": rows.colour.astype(str).to_numpy(), "code": rows.code.to_numpy().astype(np.float32)}
    xgb("xgb_frame", {"max_cat_to_onehot": 1}, df, label, rows, "prediction", frame=frame, enable_categorical=True)


def old():
    """The same by an XGBoost before 2.0: one base score, true and false as they were written."""
    x, y = data()
    rows = edges(x)
    names = list("abcde")
    for ext in ("json", "ubj"):
        xgb("xgb_old_logistic_" + ext, {"objective": "binary:logistic"}, x, y > 0, rows, "probability", ext=ext, names=names)
        xgb("xgb_old_softprob_" + ext, {"objective": "multi:softprob", "num_class": 3}, x, np.digitize(y, [-0.5, 0.5]), rows, "probabilities", ext=ext)
    xgb("xgb_old_dart", {"booster": "dart", "rate_drop": 0.5, "one_drop": 1}, x, y, rows, "prediction")
    xgb("xgb_old_linear", {"booster": "gblinear", "updater": "coord_descent"}, x, y, rows, "prediction")


# -- LightGBM ----------------------------------------------------------------------------------------------------------------

def lgb(name, params, x, y, rows, output, rounds=8, names=None, frame=None, **dataset):
    import lightgbm
    params = {"num_leaves": 15, "min_data_in_leaf": 5, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True, **params}
    b = lightgbm.train(params, lightgbm.Dataset(x, y, feature_name=names or "auto", **dataset), rounds)
    b.save_model(f"{TREES}/{name}.txt")
    got = b.predict(rows)
    if frame is None:
        names = names or [f"Column_{i}" for i in range(rows.shape[1])]
        frame = columns(np.asarray(rows, np.float64), names)
    save(name, frame, {output: got})


def lightgbms():
    x, y = data()
    x = x.astype(np.float64) + np.where(np.arange(x.size).reshape(x.shape) % 3 == 0, 1e-9, 0)  # not all in f32
    rows = edges(x)
    names = ["Age", "Body_Mass", "größe", "x4", "f4"]
    lgb("lgb_regression", {"objective": "regression"}, x, y, rows, "prediction", names=names)
    full = np.nan_to_num(x, nan=0.25)
    lgb("lgb_no_missing", {"objective": "regression"}, full, y, rows, "prediction")
    lgb("lgb_use_missing", {"objective": "regression", "use_missing": False}, x, y, rows, "prediction")
    zeros = np.where(np.abs(x) < 0.3, 0, x)
    tiny = edges(zeros)
    tiny[5:9] = [[1e-36] * 5, [-1e-36] * 5, [2e-35] * 5, [-2e-35] * 5]
    lgb("lgb_zero_as_missing", {"objective": "regression", "zero_as_missing": True}, zeros, y, tiny, "prediction")
    lgb("lgb_zeros", {"objective": "regression"}, zeros, y, tiny, "prediction")
    lgb("lgb_sqrt", {"objective": "regression", "reg_sqrt": True}, x, y * 10, rows, "prediction")
    lgb("lgb_binary", {"objective": "binary"}, x, y > 0, rows, "probability")
    lgb("lgb_sigmoid", {"objective": "binary", "sigmoid": 2.5}, x, y > 0, rows, "probability")
    lgb("lgb_cross_entropy", {"objective": "cross_entropy"}, x, 1 / (1 + np.exp(-y)), rows, "probability")
    for o in ("regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie", "cross_entropy_lambda"):
        label = y if o in ("regression_l1", "huber", "fair", "quantile") else np.abs(y) + 0.1
        if o == "cross_entropy_lambda":
            label = 1 / (1 + np.exp(-y))
        lgb("lgb_" + o, {"objective": o}, x, label, rows, "prediction")
    for o in ("lambdarank", "rank_xendcg"):
        lgb("lgb_" + o, {"objective": o}, x, np.clip(np.floor(y + 2), 0, 3), rows, "prediction", group=[20] * 30)
    classes = np.digitize(y, [-0.5, 0.5])
    lgb("lgb_multiclass", {"objective": "multiclass", "num_class": 3}, x, classes, rows, "probabilities")
    lgb("lgb_multiclassova", {"objective": "multiclassova", "num_class": 3, "sigmoid": 0.7}, x, classes, rows, "probabilities")
    forest = {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}
    lgb("lgb_forest", {**forest, "objective": "regression"}, x, y, rows, "prediction")
    lgb("lgb_forest_binary", {**forest, "objective": "binary"}, x, y > 0, rows, "probability")
    lgb("lgb_forest_multiclass", {**forest, "objective": "multiclass", "num_class": 3}, x, classes, rows, "probabilities")
    lgb("lgb_dart", {"boosting": "dart", "objective": "binary", "drop_rate": 0.5}, x, y > 0, rows, "probability")
    lgb("lgb_stumps", {"objective": "binary", "min_data_in_leaf": 400}, x, y > 0, rows, "probability")  # trees of one leaf
    r = np.random.default_rng(2)
    c = x.copy()
    c[:, 3], c[:, 4] = r.integers(0, 5, len(c)), r.integers(0, 100, len(c))
    label = y + 2 * (c[:, 3] == 2) + np.isin(c[:, 4], [1, 5, 64, 70, 71, 99])
    c[r.random(c.shape) < 0.05] = np.nan
    rows = edges(c)
    rows[:12, 3] = [np.nan, -1, -0.5, -0.0, 0, 0.5, 2.9, 4, 5, 1e9, 31, 32]
    rows[8:20, 4] = [np.nan, -1, -0.5, -0.0, 0, 63.5, 64, 99, 100, 1e9, 127, 128]
    params = {"objective": "regression", "min_data_per_group": 1, "cat_smooth": 1}
    lgb("lgb_categories", params, c, label, rows, "prediction", categorical_feature=[3, 4])
    import pandas as pd
    colours = np.array(["red", "grün", "", "blue"])[r.integers(0, 4, len(y))]
    df = pd.DataFrame({"height": x[:, 0], "colour": pd.Categorical(colours), "code": pd.Categorical(r.integers(5, 9, len(y)) * 10)})
    label = y + 2 * (colours == "red") + (df.code == 60)
    rows = df[:ROWS].copy()
    frame = {"height": rows.height.to_numpy(), "colour": rows.colour.astype(str).to_numpy(), "code": rows.code.to_numpy().astype(np.float64)}
    frame["colour"][3], frame["code"][4] = "violet", 45
    rows["colour"], rows["code"] = pd.Categorical(frame["colour"]), pd.Categorical(frame["code"].astype(int))
    lgb("lgb_frame", params, df, label, rows, "prediction", frame=frame)


if __name__ == "__main__":
    os.makedirs(TREES, exist_ok=True)
    if sys.argv[1:] == ["old"]:
        old()
    else:
        xgboosts()
        lightgbms()
