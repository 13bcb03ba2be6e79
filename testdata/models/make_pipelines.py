#!/usr/bin/env python3
"""Makes pipelines.json, and sql/titanic.onnx of it: operators over texts, what CatBoost exports, and pipelines over data frames with texts, numbers, truth
values and missing ones that hold models of scikit-learn, XGBoost and LightGBM; with rows, what ONNX Runtime gives for them and
what the library gives, as sklearn.json has them. It needs requirements.txt and requirements-trees.txt, and catboost."""
import base64
import json
import os
import sys
import tempfile
import zlib

import numpy as np
import onnxruntime as ort
import pandas as pd
from catboost import CatBoostClassifier, CatBoostRanker, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRanker, LGBMRegressor
from onnx import TensorProto as T, helper as h, numpy_helper as nh
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm as lightgbm_converter
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost as xgboost_converter
from onnxmltools.convert.common.data_types import FloatTensorType as Floats
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes, calculate_linear_regressor_output_shapes
from sklearn import calibration, compose, datasets, ensemble, feature_extraction, impute, linear_model, pipeline, preprocessing, svm
from xgboost import XGBClassifier, XGBRegressor

import make_sklearn
from arrays import HERE
from make_sklearn import cases


def record(name, *rest):
    try:
        make_sklearn.record(name, *rest)
    except Exception as e:
        print(f"FAILED {name}: {str(e).strip()[-200:]}")


P = pipeline.make_pipeline
TEXTS = ["the cat", "", "a-b, c-d", "É ÉTÉ ıİſ", "the the cat sat", "日本 語", "x\ny", "user@mail.org", "b", "a b ab"]


def operator(name, nodes, out=T.FLOAT, inputs=("x",), constants=None, opset=21, rows=TEXTS, width=1):
    """A model of nodes over texts; nodes are tuples (op, inputs, outputs, attributes)."""
    domains = {"Tokenizer": "com.microsoft", "MurmurHash3": "com.microsoft", "CategoryMapper": "ai.onnx.ml", "LabelEncoder": "ai.onnx.ml"}
    made = [h.make_node(op, i.split(), o.split(), domain=domains.get(op, ""), **(a[0] if a else {})) for op, i, o, *a in nodes]
    kind = T.INT64 if isinstance(rows[0], int) else T.STRING
    graph = h.make_graph(made, name, [h.make_tensor_value_info(i, kind, ["N", width]) for i in inputs], [h.make_tensor_value_info("y", out, None)],
                         [nh.from_array(np.asarray(v), k) for k, v in (constants or {}).items()])
    model = h.make_model(graph, ir_version=10, opset_imports=[h.make_opsetid(d, v) for d, v in (("", opset), ("ai.onnx.ml", 3), ("com.microsoft", 1))])
    data = np.array(rows, np.int64 if kind == T.INT64 else object).reshape(-1, width)
    record(name, model, {i: np.roll(data, k, 0) for k, i in enumerate(inputs)}, [], 0)


def texts():
    operator("StringConcat", [("StringConcat", "x z", "y")], T.STRING, ("x", "z"))
    operator("StringConcat of a constant", [("StringConcat", "c x", "y")], T.STRING, constants={"c": np.array(["<"], object)})
    for k, p in enumerate([r"(\w|\s)+", r"[^@]+@[a-z]+\.(org|com)", r"", r"(?i)é.*", r"\pL*"]):
        operator(f"RegexFullMatch {k}", [("RegexFullMatch", "x", "y", {"pattern": p})], T.BOOL)
    operator("StringSplit of a constant", [("StringSplit", "c", "p n", {"delimiter": "-"}), ("Reshape", "p flat", "q"), ("StringConcat", "x q", "y")], T.STRING,
             constants={"c": np.array(["a-b"], object), "flat": np.array([-1])}, rows=["a", "", "É"])
    operator("CategoryMapper", [("CategoryMapper", "x", "y", {"cats_strings": ["b", "the cat", ""], "cats_int64s": [5, -7, 2**40]})], T.INT64)
    operator("CategoryMapper back", [("CategoryMapper", "x", "y", {"cats_strings": ["b", "the cat", ""], "cats_int64s": [5, -7, 2**40], "default_string": "?"})], T.STRING,
             rows=[5, -7, 2**40, 0])
    flat = ("Reshape", "x s", "f")
    shape = {"s": np.array([-1])}
    for case in ("LOWER", "UPPER", "NONE"):
        operator(f"StringNormalizer {case}", [flat, ("StringNormalizer", "f", "y", {"case_change_action": case, "locale": "C"})], T.STRING, constants=shape)
    count = {"mode": "TF", "min_gram_length": 1, "max_gram_length": 2, "max_skip_count": 1, "ngram_counts": [0, 9], "ngram_indexes": list(range(12)),
             "pool_strings": ["the", "cat", "a", "b", "É", "ab", "日本", "the ", "\x02", "the", "cat", "the", "the", "\x02", "the"]}
    weights = [k / 4 for k in range(12)]
    for k, (cut, how) in enumerate([({"separators": [" "]}, {}), ({"separators": [r"\s+", "[-,@]"], "mark": 1}, {"mode": "IDF"}), ({"tokenexp": r"\pL+"}, {"mode": "IDF", "weights": weights}),
                                    ({"tokenexp": r"[a-z]+", "mincharnum": 2, "mark": 1}, {"mode": "TFIDF", "weights": weights}), ({"separators": [""]}, {"min_gram_length": 2}),
                                    ({"tokenexp": "."}, {"max_skip_count": 0}), ({"tokenexp": r"\b\w*\b", "mincharnum": 1}, {"max_gram_length": 1}), ({"separators": ["-*"]}, {})]):
        operator(f"Tokenizer {k}", [("Tokenizer", "x", "t", {"mark": 0, "pad_value": "\x7f", "mincharnum": 1, **cut}), ("Flatten", "t", "f"), ("TfIdfVectorizer", "f", "y", {**count, **how})])
    operator("TfIdfVectorizer of columns", [("TfIdfVectorizer", "x", "y", {**count, "max_skip_count": 3})], rows=["the", "cat", "the", "b", "a", "the", "", "cat", "the"], width=3)
    operator("TfIdfVectorizer of numbers", [("TfIdfVectorizer", "x", "y", {"mode": "TF", "min_gram_length": 1, "max_gram_length": 2, "max_skip_count": 2, "ngram_counts": [0, 3],
             "ngram_indexes": [0, 2, 1, 5], "pool_int64s": [3, -1, 2**40, 3, 3]})], rows=[3, 3, -1, 2**40, 3, 7, 3, 9], width=4)
    operator("MurmurHash3", [("MurmurHash3", "x", "h", {"positive": 0}), ("Cast", "h", "y", {"to": T.INT64})], T.INT64)
    operator("MurmurHash3 positive", [("MurmurHash3", "x", "h", {"seed": 17}), ("Cast", "h", "y", {"to": T.INT64})], T.INT64)


def iris():
    d = datasets.load_iris()
    return d.data.astype(np.float32), d.target


def catboost():
    x, y = iris()
    holes = make_sklearn.holes(x)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    how = dict(iterations=15, depth=4, verbose=0, allow_writing_files=False, random_seed=0, thread_count=1)
    for name, model, data, target in (("binary", CatBoostClassifier(**how), x, (y == 1).astype(int)), ("binary_text", CatBoostClassifier(**how), x, np.where(y == 1, "yes", "no")),
                                      ("multiclass", CatBoostClassifier(**how), x, y), ("multiclass_text", CatBoostClassifier(**how), x, names),
                                      ("multiclass_missing", CatBoostClassifier(**how, loss_function="MultiClass"), holes, y),
                                      ("onevsall", CatBoostClassifier(**how, loss_function="MultiClassOneVsAll"), x, y),
                                      ("regressor", CatBoostRegressor(**how), x[:, :3], x[:, 3]), ("regressor_missing", CatBoostRegressor(**how), holes[:, :3], x[:, 3]),
                                      ("regressor_mae", CatBoostRegressor(**how, loss_function="MAE"), x[:, :3], x[:, 3]), ("poisson", CatBoostRegressor(**how, loss_function="Poisson"), x[:, :3], x[:, 3]),
                                      ("multirmse", CatBoostRegressor(**how, loss_function="MultiRMSE"), x[:, :2], x[:, 2:]), ("ranker", CatBoostRanker(**how, bootstrap_type="No"), x[:, :3], y)):
        fit = {"group_id": np.arange(len(y)) // 10} if name == "ranker" else {}
        try:
            model.fit(data, target, **fit)
            with tempfile.TemporaryDirectory() as folder:
                model.save_model(folder + "/m.onnx", format="onnx")
                file = open(folder + "/m.onnx", "rb").read()
        except Exception as e:
            print(f"FAILED catboost_{name}: {str(e)[:150]}")
            continue
        rows = make_sklearn.sample(data)
        frame = [model.predict(rows).reshape(-1), model.predict_proba(rows)] if hasattr(model, "predict_proba") else [model.predict(rows)]
        if hasattr(model, "predict_proba") and name == "onevsall":
            frame[1] = None  # the file has the classes' scores scaled otherwise
        record("catboost_" + name, file, {"features": rows}, frame, 1e-5)


def boosters():
    x, y = iris()
    groups = np.full(15, 10)
    kinds = [("features", Floats([None, 4]))]
    rows = make_sklearn.sample(x)
    few = dict(n_estimators=6, max_depth=3, n_jobs=1)
    for name, model, target, fit in (("binary", XGBClassifier(**few), y == 1, {}), ("multiclass", XGBClassifier(**few), y, {}), ("regressor", XGBRegressor(**few), x[:, 0], {}),
                                     ("poisson", XGBRegressor(**few, objective="count:poisson"), y, {})):
        model.fit(x, target, **fit)
        file = convert_xgboost(model, initial_types=kinds, target_opset=15)
        record("xgboost_" + name, file, {"features": rows}, [model.predict(rows)] + ([model.predict_proba(rows)] if hasattr(model, "predict_proba") else []), 1e-5)
    few.update(verbose=-1, min_child_samples=5)
    for name, model, target, fit in (("binary", LGBMClassifier(**few), (y == 1).astype(int), {}), ("multiclass", LGBMClassifier(**few), y, {}), ("regressor", LGBMRegressor(**few), x[:, 0], {}),
                                     ("ranker", LGBMRanker(**few), y, {"group": groups})):
        model.fit(x, target, **fit)
        try:
            file = convert_lightgbm(model, initial_types=kinds, target_opset=15, zipmap=False)
        except Exception as e:
            print(f"FAILED lightgbm_{name}: {str(e)[:150]}")
            continue
        record("lightgbm_" + name, file, {"features": rows}, [model.predict(rows)] + ([model.predict_proba(rows)] if hasattr(model, "predict_proba") else []), 1e-5)


def frames():
    """Passengers: a class of each kind of column, with missing values, and a text of a few words."""
    for model, name, shape, converter, options in (
            (XGBClassifier, "XGBClassifier", calculate_linear_classifier_output_shapes, xgboost_converter, {"nocl": [True, False], "zipmap": [True, False, "columns"]}),
            (XGBRegressor, "XGBRegressor", calculate_linear_regressor_output_shapes, xgboost_converter, {}),
            (LGBMClassifier, "LGBMClassifier", calculate_linear_classifier_output_shapes, lightgbm_converter, {"nocl": [True, False], "zipmap": [True, False, "columns"]}),
            (LGBMRegressor, "LGBMRegressor", calculate_linear_regressor_output_shapes, lightgbm_converter, {"split": None})):
        update_registered_converter(model, name, shape, converter, options=options)
    r, n = np.random.default_rng(2), 300
    title = r.choice(["Mr", "Mrs", "Miss", "Dr"], n)
    frame = pd.DataFrame({"pclass": r.integers(1, 4, n), "sex": r.choice(["male", "female"], n), "age": np.where(r.random(n) < 0.2, np.nan, r.integers(1, 80, n)).astype(np.float32),
                          "fare": r.exponential(30, n).astype(np.float32), "embarked": r.choice(["S", "C", "Q", ""], n), "alone": r.integers(0, 2, n),
                          "name": [f"{t}. {a} {b}" for t, a, b in zip(title, r.choice(["John", "Anna", "Emile", "Mary-Ann"], n), r.choice(["Smith", "Brown", "O'Neil"], n))]})
    y = ((frame.sex == "female") ^ (frame.pclass == 3) ^ (title == "Dr")).astype(int).to_numpy()
    shown = frame.iloc[:12].copy()
    shown.iloc[3, 1] = "unknown"
    shown.iloc[4, 6] = ""
    kinds = {"pclass": Int64TensorType, "sex": StringTensorType, "age": FloatTensorType, "fare": FloatTensorType, "embarked": StringTensorType, "alone": Int64TensorType, "name": StringTensorType}
    feed = {c: shown[c].to_numpy({StringTensorType: object, Int64TensorType: np.int64, FloatTensorType: np.float32}[kinds[c]]).reshape(-1, 1) for c in frame}
    words = lambda: feature_extraction.text.TfidfVectorizer(ngram_range=(1, 2), min_df=3, token_pattern="[a-zA-Z0-9_]+")
    number = lambda: P(impute.SimpleImputer(strategy="median"), preprocessing.StandardScaler())
    port = lambda: P(impute.SimpleImputer(strategy="constant", fill_value="S", missing_values=""), preprocessing.OneHotEncoder(handle_unknown="ignore"))
    coded = lambda: preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    logistic = lambda: linear_model.LogisticRegression(max_iter=500)
    def prepare(text=True, encode=None):
        parts = [("number", number(), ["age", "fare"]), ("port", port(), ["embarked"]), ("sex", encode or preprocessing.OneHotEncoder(handle_unknown="ignore"), ["sex", "pclass"]), ("rest", "passthrough", ["alone"])]
        if encode is not None:
            parts[2] = ("sex", encode, ["sex"])
        return compose.ColumnTransformer(parts + ([("name", words(), "name")] if text else []))
    few = dict(n_estimators=8, max_depth=3, n_jobs=1)
    for name, model, more in (
            ("logistic", logistic(), {}), ("svc", svm.SVC(probability=False, random_state=0), {"tolerance": 1e-3}),
            ("forest", ensemble.RandomForestClassifier(8, max_depth=4, random_state=0), {}), ("hist", ensemble.HistGradientBoostingClassifier(max_iter=8), {"dense": True}),
            ("voting", ensemble.VotingClassifier([("a", logistic()), ("b", ensemble.RandomForestClassifier(4, max_depth=3, random_state=0))], voting="soft", flatten_transform=False), {}),
            ("stacking", ensemble.StackingClassifier([("a", logistic()), ("b", ensemble.ExtraTreesClassifier(4, max_depth=3, random_state=0))], cv=2), {}),
            ("calibrated", calibration.CalibratedClassifierCV(linear_model.SGDClassifier(random_state=0), cv=2), {}),
            ("xgboost", XGBClassifier(**few), {"encode": coded()}), ("lightgbm", LGBMClassifier(**few, verbose=-1, min_child_samples=5), {"encode": coded()})):
        text = name not in ("hist",)
        whole = P(prepare(text, more.get("encode")), *([preprocessing.FunctionTransformer()] if more.get("dense") else []), model)
        used = [c for c in frame if text or c != "name"]
        if more.get("encode") is not None:
            used.remove("pclass")
        try:
            whole.fit(frame, y)
            vectorizer = [t for _, t, _ in whole.steps[0][1].transformers_ if isinstance(t, feature_extraction.text.TfidfVectorizer)]
            options = {id(v): {"locale": "C"} for v in vectorizer}
            if hasattr(model, "predict_proba"):
                options[id(model)] = {"zipmap": False}
            file = to_onnx(whole, initial_types=[(c, kinds[c]([None, 1])) for c in used], options=options, target_opset={"": 17, "ai.onnx.ml": 3})
            frame_of = [whole.predict(shown), whole.predict_proba(shown) if hasattr(model, "predict_proba") else None]
            record("titanic_" + name, file, {c: feed[c] for c in used}, frame_of, more.get("tolerance", 1e-5))
        except Exception as e:
            print(f"FAILED titanic_{name}: {type(e).__name__} {str(e)[:300]}")


if __name__ == "__main__":
    for family in (texts, catboost, boosters, frames):
        family()
    with open(f"{HERE}/pipelines.json", "w") as f:
        f.write("[" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "]\n")
    with open(f"{HERE}/sql/titanic.onnx", "wb") as f:
        f.write(next(zlib.decompress(base64.b64decode(c["model"])) for c in cases if c["name"] == "titanic_logistic"))
    print(f"{len(cases)} cases")
