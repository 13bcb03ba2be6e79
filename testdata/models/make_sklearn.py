#!/usr/bin/env python3
"""Makes sklearn.json: a small pipeline of every kind that skl2onnx exports, with rows of inputs, what ONNX Runtime gives
for them ("outputs") and what scikit-learn gives ("framework"). Every model is trained here, on the data sets that ship with
scikit-learn. It prints what the converter does not export, and where ONNX Runtime and scikit-learn disagree: there the
framework's values are left out ("differs" says by how much). It needs requirements.txt without torch; arguments choose cases.
"""
import base64, json, sys, warnings, zlib

import numpy as np
import onnxruntime as ort
import pandas as pd
from sklearn import (calibration, cluster, compose, covariance, cross_decomposition, datasets, decomposition, discriminant_analysis, dummy, ensemble,
                     feature_extraction, feature_selection, gaussian_process, impute, kernel_approximation, linear_model, mixture, model_selection,
                     multiclass, multioutput, naive_bayes, neighbors, neural_network, pipeline, preprocessing, random_projection, svm, tree)
from skl2onnx import to_onnx
from skl2onnx.common import _container
from skl2onnx.common.data_types import BooleanTensorType, DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType

from arrays import HERE, plain

# onnx takes no truth values for the integers that the converter of HistGradientBoosting gives as such.
made = _container.make_node
_container.make_node = lambda *a, **k: made(*a, **{n: v.astype(int) if isinstance(v, np.ndarray) and v.dtype == bool else [int(i) if isinstance(i, (bool, np.bool_)) else i for i in v]
                                                  if isinstance(v, list) else v for n, v in k.items()})

warnings.filterwarnings("ignore")
ROWS = 12
P = pipeline.make_pipeline
cases, failed = [], []
chosen = sys.argv[1:]


def sample(x, rows=ROWS):
    return x[:: max(1, len(x) // rows)][:rows]


class Data:
    """Features as f32 values, labels, and the rows of the fixture. Training takes every third row: kept points are few."""
    def __init__(self, load, columns=None):
        d = load()
        x = d.data.astype(np.float32)
        x = x if columns is None else x[:, columns]
        self.x, self.y, self.rows = x[::3], d.target[::3], sample(x)


IRIS, WINE = Data(datasets.load_iris), Data(datasets.load_wine)
CANCER = Data(datasets.load_breast_cancer, slice(0, 6))
DIABETES = Data(datasets.load_diabetes)
DIGITS = Data(datasets.load_digits)
names = lambda y: np.array(["setosa", "versicolor", "virginica"])[y]
two = lambda y: (y > 0).astype(int)
NO_ZIPMAP = (mixture.GaussianMixture, mixture.BayesianGaussianMixture, feature_selection.RFE)
holes = lambda x: np.where(np.arange(x.size).reshape(x.shape) % 7 == 3, np.float32("nan"), x)


def record(name, file, feed, frame, tolerance):
    """Runs the file and keeps the case."""
    raw = file if isinstance(file, bytes) else file.SerializeToString()
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    outputs = {}
    for o, v in zip(session.get_outputs(), session.run(None, feed)):
        if isinstance(v, list) and v and isinstance(v[0], dict):  # ZipMap: a dictionary a row
            v = np.array([[row[k] for k in row] for row in v], np.float32)
        if isinstance(v, list) and v and isinstance(v[0], np.ndarray):  # a sequence: each element is an output
            outputs.update({f"{o.name}_{i}": x for i, x in enumerate(v)})
            continue
        v, rows = np.asarray(v), len(next(iter(feed.values())))
        outputs[o.name] = v if len(v) == rows else v.reshape(rows, -1)  # some give the labels as a row
    doc = {"name": name, "model": base64.b64encode(zlib.compress(raw, 9)).decode(), "inputs": {k: plain(v) for k, v in feed.items()},
           "outputs": {k: plain(v) for k, v in outputs.items()}, "framework": {}, "tolerance": tolerance}
    for (k, got), want in zip(outputs.items(), frame):
        if want is None:
            continue
        want = np.asarray(want.toarray() if hasattr(want, "toarray") else want)
        if want.size != got.size:
            doc.setdefault("differs", {})[k] = f"shape {got.shape}, scikit-learn has {want.shape}"
        elif want.dtype.kind in "OUS":
            bad = np.mean(got.reshape(-1).astype(str) != want.reshape(-1).astype(str))
            if bad:
                doc.setdefault("differs", {})[k] = f"{bad:.0%} of the values"
        else:
            a, b = got.reshape(len(got), -1).astype(float), want.reshape(len(got), -1).astype(float)
            with np.errstate(invalid="ignore"):
                off = np.nanmax(np.abs(a - b) / np.maximum(np.abs(b).max(1, keepdims=True), 1e-2), initial=0)
            if off > tolerance or (np.isnan(a) != np.isnan(b)).any():
                doc.setdefault("differs", {})[k] = f"{off:.1e}"
        if k not in doc.get("differs", {}):
            doc["framework"][k] = plain(want.astype(object) if want.dtype.kind in "US" else want)
    for k, v in doc.get("differs", {}).items():
        print(f"DIFFERS {name}: {k} by {v}")
    cases.append(doc)


def case(name, model, data=IRIS, target=None, rows=None, kind=FloatTensorType, types=None, feed=None, fit=None, tolerance=1e-5, options=None,
         zipmap=False, methods=None, more=None, **how):
    """Trains, exports and records one pipeline. methods give scikit-learn's values of the outputs in order."""
    if chosen and not any(c in name for c in chosen):
        return
    try:
        x, y = (data.x, data.y) if fit is None else fit
        y = y if target is None else target(y)
        shown = data.rows if rows is None else rows(data.rows)
        if kind is not FloatTensorType:
            dtype = {DoubleTensorType: np.float64, Int64TensorType: np.int64, StringTensorType: object, BooleanTensorType: bool}[kind]
            x, shown = x.astype(dtype), shown.astype(dtype)
        model.fit(x, y)
        last = model.steps[-1][1] if isinstance(model, pipeline.Pipeline) else model
        opts = dict(options or {})
        if zipmap is not None and hasattr(last, "predict_proba") and not isinstance(last, NO_ZIPMAP):
            opts["zipmap"] = zipmap
        types = types or [("x", kind([None, x.shape[1]]))]
        file = to_onnx(model, initial_types=types, options={**({id(last): opts} if opts else {}), **(more or {})} or None, **how)
        asked = shown if feed is None else feed[1]
        if methods is None:
            methods = ["transform"] if not hasattr(model, "predict") else ["predict"]
            if hasattr(model, "predict_proba"):
                methods.append("decision_function" if opts.get("raw_scores") else "predict_proba")
            elif hasattr(model, "decision_function"):
                methods.append("decision_function")
        frame = [None if m is None else m(model, asked) if callable(m) else getattr(model, m)(asked) for m in methods]
        record(name, file, {"x": shown} if feed is None else feed[0], frame, tolerance)
    except Exception as e:
        text = str(e).strip().split("\n")[0][:150]
        print(f"FAILED {name}: {type(e).__name__}: {text}")
        failed.append(name)


def linear():
    lm = linear_model
    for m in (lm.LinearRegression(), lm.Ridge(), lm.Lasso(), lm.ElasticNet(), lm.Lars(), lm.LassoLars(), lm.BayesianRidge(), lm.ARDRegression(), lm.HuberRegressor(),
              lm.OrthogonalMatchingPursuit(), lm.PassiveAggressiveRegressor(random_state=0), lm.RANSACRegressor(random_state=0), lm.SGDRegressor(random_state=0),
              lm.TheilSenRegressor(random_state=0, max_subpopulation=100), lm.PoissonRegressor(), lm.GammaRegressor(), lm.TweedieRegressor(power=1.5),
              lm.QuantileRegressor(solver="highs"), lm.RidgeCV(), lm.LassoCV(), svm.LinearSVR(random_state=0)):
        case(type(m).__name__, m, DIABETES)
    case("LinearRegression_f64", lm.LinearRegression(), DIABETES, kind=DoubleTensorType)
    case("LinearRegression_int", lm.LinearRegression(), DIGITS, kind=Int64TensorType)
    for m in (lm.MultiTaskLasso(), lm.MultiTaskElasticNet(), lm.LinearRegression()):
        case(type(m).__name__ + "_targets", m, DIABETES, target=lambda y: np.stack([y, -2 * y + 1], 1))
    logistic = lambda **k: lm.LogisticRegression(max_iter=2000, **k)
    case("LogisticRegression", logistic())
    case("LogisticRegression_names", logistic(), target=names)
    case("LogisticRegression_zipmap", logistic(), target=names, zipmap=True)
    case("LogisticRegression_columns", logistic(), target=names, zipmap="columns", methods=["predict"] + [lambda m, x, i=i: m.predict_proba(x)[:, i] for i in range(3)])
    case("LogisticRegression_binary", logistic(), CANCER)
    case("LogisticRegression_binary_zipmap", logistic(), CANCER, zipmap=True)
    case("LogisticRegression_raw", logistic(), options={"raw_scores": True})
    case("LogisticRegression_binary_raw", logistic(), CANCER, options={"raw_scores": True}, methods=["predict", None])
    case("LogisticRegression_int", logistic(), DIGITS, kind=Int64TensorType)
    case("LogisticRegression_bool", logistic(), fit=(IRIS.x > 2, IRIS.y), rows=lambda x: x > 2, kind=BooleanTensorType)
    case("LogisticRegressionCV", lm.LogisticRegressionCV(Cs=2, cv=2, max_iter=1000))
    for m in (lm.Perceptron(), lm.PassiveAggressiveClassifier(random_state=0), lm.RidgeClassifier(), lm.RidgeClassifierCV(), svm.LinearSVC()):
        case(type(m).__name__, m, methods=["predict", "decision_function"])
        case(type(m).__name__ + "_binary", m, target=two, methods=["predict", None])
    for loss in ("hinge", "log_loss", "modified_huber"):
        case(f"SGDClassifier_{loss}", P(preprocessing.StandardScaler(), lm.SGDClassifier(loss=loss, random_state=0)))
        case(f"SGDClassifier_{loss}_binary", P(preprocessing.StandardScaler(), lm.SGDClassifier(loss=loss, random_state=0)), CANCER,
             methods=["predict", None if loss == "hinge" else "predict_proba"])
    case("SGDOneClassSVM", lm.SGDOneClassSVM(random_state=0), methods=["predict", "decision_function"])


def scaling():
    pp = preprocessing
    for m in (pp.StandardScaler(), pp.StandardScaler(with_mean=False), pp.MinMaxScaler(), pp.MinMaxScaler((-1, 2), clip=True), pp.MaxAbsScaler(), pp.RobustScaler(), pp.Normalizer("l1"),
              pp.Normalizer("l2"), pp.Normalizer("max"), pp.Binarizer(threshold=2), pp.PolynomialFeatures(3), pp.PolynomialFeatures(2, interaction_only=True, include_bias=False),
              pp.PowerTransformer(), pp.PowerTransformer("box-cox"), pp.FunctionTransformer(), pp.QuantileTransformer(n_quantiles=10), pp.SplineTransformer(), pp.KernelCenterer()):
        tag = "_".join(str(v) for k, v in m.get_params().items() if k in ("norm", "clip", "interaction_only", "method", "with_mean", "n_quantiles") and v)
        case(type(m).__name__ + ("_" + tag if tag else ""), m, rows=(lambda x: x * 2 - 3) if getattr(m, "clip", 0) else None,
             tolerance=1e-4 if isinstance(m, pp.PowerTransformer) else 1e-5)
    for encode in ("onehot", "onehot-dense", "ordinal"):
        for strategy in ("uniform", "quantile", "kmeans"):
            case(f"KBinsDiscretizer_{encode}_{strategy}", pp.KBinsDiscretizer(4, encode=encode, strategy=strategy, quantile_method="averaged_inverted_cdf"))
    for strategy in ("mean", "median", "most_frequent", "constant"):
        case(f"SimpleImputer_{strategy}", impute.SimpleImputer(strategy=strategy), rows=holes)
    case("SimpleImputer_f64", impute.SimpleImputer(), rows=holes, kind=DoubleTensorType)
    case("SimpleImputer_number", impute.SimpleImputer(missing_values=1.4), fit=(IRIS.x.round(1), IRIS.y))
    case("SimpleImputer_indicator", impute.SimpleImputer(add_indicator=True), fit=(holes(IRIS.x), IRIS.y), rows=holes)
    words = np.array([["a"], ["b"], ["a"], [""]], object)
    case("SimpleImputer_text", impute.SimpleImputer(strategy="most_frequent", missing_values=""), fit=(words, None), kind=StringTensorType,
         feed=({"x": words}, words))
    case("MissingIndicator", impute.MissingIndicator(), fit=(holes(IRIS.x), IRIS.y), rows=holes)
    case("KNNImputer", impute.KNNImputer(n_neighbors=2), fit=(holes(IRIS.x), IRIS.y), rows=holes)
    case("IterativeImputer_like", P(impute.SimpleImputer(), pp.RobustScaler(), linear_model.LogisticRegression()), rows=holes)


def encoding():
    pp = preprocessing
    text = np.array([["red", "s"], ["green", "m"], ["blue", "l"], ["red", "m"], ["green", "s"], ["blue", "m"]] * 3, object)
    ints = np.array([[1, 10], [2, 20], [3, 10], [5, 30], [1, 20], [2, 30]] * 3, np.int64)
    y = np.arange(18) % 3
    unseen = np.array([["red", "m"], ["pink", "s"], ["blue", ""], ["green", "l"], ["rot", "ll"]], object)
    unseen_ints = np.array([[1, 10], [4, 20], [5, 11], [-1, 30]], np.int64)
    ignore = dict(handle_unknown="ignore", sparse_output=False)
    for tag, x, kind, odd in (("text", text, StringTensorType, unseen), ("int", ints, Int64TensorType, unseen_ints)):
        case(f"OneHotEncoder_{tag}", pp.OneHotEncoder(**ignore), fit=(x, y), kind=kind, feed=({"x": odd}, odd))
        case(f"OneHotEncoder_{tag}_sparse", pp.OneHotEncoder(handle_unknown="ignore"), fit=(x, y), kind=kind, feed=({"x": odd}, odd))
        case(f"OneHotEncoder_{tag}_error", pp.OneHotEncoder(sparse_output=False), fit=(x, y), kind=kind, feed=({"x": x[:6]}, x[:6]))
        case(f"OneHotEncoder_{tag}_drop", pp.OneHotEncoder(drop="first", sparse_output=False), fit=(x, y), kind=kind, feed=({"x": x[:6]}, x[:6]))
        case(f"OneHotEncoder_{tag}_infrequent", pp.OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=5, sparse_output=False), fit=(x[:10], y[:10]), kind=kind, feed=({"x": x[:6]}, x[:6]))
        case(f"OrdinalEncoder_{tag}", pp.OrdinalEncoder(), fit=(x, y), kind=kind, feed=({"x": x[:6]}, x[:6]))
        case(f"OrdinalEncoder_{tag}_unknown", pp.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), fit=(x, y), kind=kind, feed=({"x": odd}, odd))
        case(f"TargetEncoder_{tag}", pp.TargetEncoder(random_state=0, cv=2), fit=(x, y % 2), kind=kind, feed=({"x": odd}, odd))
        case(f"OneHot_logistic_{tag}", P(pp.OneHotEncoder(**ignore), linear_model.LogisticRegression()), fit=(x, y), kind=kind, feed=({"x": odd}, odd))
    for tag, labels, kind in (("text", text[:6, 0], StringTensorType), ("int", ints[:6, 0], Int64TensorType)):
        labelled(tag, pp.LabelEncoder(), labels, kind)
        labelled(tag, pp.LabelBinarizer(), labels, kind)
    case("OneHotEncoder_floats", pp.OneHotEncoder(**ignore), fit=(ints.astype(np.float32), y), feed=({"x": unseen_ints.astype(np.float32)}, unseen_ints.astype(np.float32)))
    case("FeatureHasher", feature_extraction.FeatureHasher(8, input_type="string"), fit=(text, y), kind=StringTensorType, feed=({"x": unseen}, unseen))


def labelled(tag, encoder, labels, kind):
    """Encoders of labels fit and transform one vector."""
    name = f"{type(encoder).__name__}_{tag}"
    if chosen and not any(c in name for c in chosen):
        return
    try:
        encoder.fit(labels)
        column = labels.reshape(-1, 1)
        record(name, to_onnx(encoder, initial_types=[("x", kind([None, 1]))]), {"x": column}, [encoder.transform(labels)], 1e-6)
    except Exception as e:
        print(f"FAILED {name}: {type(e).__name__}: {str(e)[:300]}")
        failed.append(name)


def columns():
    """Data frames: one input a column."""
    pp, CT = preprocessing, compose.ColumnTransformer
    rng = np.random.default_rng(0)
    n = 90
    frame = pd.DataFrame({"age": rng.integers(18, 80, n).astype(np.float32), "fare": rng.exponential(30, n).astype(np.float32),
                          "sex": rng.choice(["male", "female"], n), "port": rng.choice(["C", "Q", "S"], n), "class": rng.integers(1, 4, n)})
    y = ((frame.sex == "female") ^ (frame.age > 60)).astype(int).to_numpy()
    shown = frame.iloc[:ROWS].copy()
    shown.loc[2, "port"] = "unseen"
    shown.loc[5, "age"] = np.nan
    kinds = {"age": FloatTensorType, "fare": FloatTensorType, "sex": StringTensorType, "port": StringTensorType, "class": Int64TensorType}
    types = [(c, kinds[c]([None, 1])) for c in frame]
    feed = {c: shown[c].to_numpy(object if kinds[c] is StringTensorType else np.int64 if c == "class" else np.float32).reshape(-1, 1) for c in frame}
    number = P(impute.SimpleImputer(strategy="median"), pp.StandardScaler())
    hot = pp.OneHotEncoder(handle_unknown="ignore")
    prepare = lambda **k: CT([("num", number, ["age", "fare"]), ("cat", hot, ["sex", "port", "class"])], **k)
    go = lambda name, model, **k: case(name, model, fit=(frame, y), types=types, feed=(feed, shown), **k)
    go("ColumnTransformer_titanic", P(prepare(), linear_model.LogisticRegression()))
    go("ColumnTransformer_titanic_zipmap", P(prepare(), linear_model.LogisticRegression()), target=lambda y: np.where(y, "yes", "no"), zipmap=True)
    go("ColumnTransformer_titanic_forest", P(prepare(), ensemble.RandomForestClassifier(5, max_depth=3, random_state=0)))
    go("ColumnTransformer_titanic_svc", P(prepare(), svm.SVC(probability=True, random_state=0)), tolerance=1e-3)
    go("ColumnTransformer_drop", P(CT([("num", number, ["age", "fare"]), ("cat", hot, ["sex"]), ("rest", "drop", ["port", "class"])]), linear_model.LogisticRegression()))
    go("ColumnTransformer_passthrough", P(CT([("cat", hot, ["sex", "port"]), ("class", "passthrough", ["class"])]), linear_model.LogisticRegression()))
    go("ColumnTransformer_ordinal", P(CT([("num", number, ["age", "fare"]), ("cat", pp.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["sex", "port"])]),
       tree.DecisionTreeClassifier(max_depth=4, random_state=0)))
    go("ColumnTransformer_target", P(CT([("num", number, ["age", "fare"]), ("cat", pp.TargetEncoder(random_state=0, cv=2), ["sex", "port"])]), linear_model.LogisticRegression()))
    go("ColumnTransformer_only", prepare(sparse_threshold=0))
    union = pipeline.make_union
    case("FeatureUnion", P(union(pp.StandardScaler(), decomposition.PCA(2), pp.MinMaxScaler()), linear_model.LogisticRegression()))
    case("FeatureUnion_weights", pipeline.FeatureUnion([("a", pp.StandardScaler()), ("b", pp.MinMaxScaler())], transformer_weights={"a": 2, "b": 0.5}))
    for m in (feature_selection.SelectKBest(k=2), feature_selection.VarianceThreshold(0.3), feature_selection.SelectPercentile(percentile=50), feature_selection.GenericUnivariateSelect(),
              feature_selection.SelectFpr(), feature_selection.SelectFdr(), feature_selection.SelectFwe(), feature_selection.RFE(linear_model.LogisticRegression(), n_features_to_select=2),
              feature_selection.RFECV(linear_model.LogisticRegression()), feature_selection.SelectFromModel(linear_model.LogisticRegression())):
        case(type(m).__name__, m)
    for m in (model_selection.GridSearchCV(linear_model.LogisticRegression(), {"C": [0.1, 1]}), model_selection.RandomizedSearchCV(svm.SVC(), {"C": [0.1, 1]}, n_iter=2)):
        case(type(m).__name__, m, methods=["predict"])


def vectors():
    for kernel in ("linear", "poly", "rbf", "sigmoid"):
        kw = dict(kernel=kernel, gamma=0.002, coef0=0.1) if kernel == "sigmoid" else dict(kernel=kernel, gamma=0.1, coef0=0.5)
        case(f"SVC_{kernel}", svm.SVC(probability=True, random_state=0, **kw), tolerance=1e-3)
        case(f"SVC_{kernel}_raw", svm.SVC(decision_function_shape="ovo", **kw), methods=["predict", "decision_function"], tolerance=1e-3)
        case(f"SVC_{kernel}_binary", svm.SVC(probability=True, random_state=0, **kw), target=two, tolerance=1e-3)
        case(f"SVR_{kernel}", svm.SVR(**kw), DIABETES, tolerance=1e-3)
        case(f"OneClassSVM_{kernel}", svm.OneClassSVM(nu=0.3, **kw), methods=["predict", "decision_function"], tolerance=1e-3)
    case("SVC_ovr", svm.SVC(), methods=["predict", "decision_function"])
    case("SVC_binary_raw", svm.SVC(), target=two, methods=["predict", None])
    case("SVC_names", svm.SVC(probability=True, random_state=0), target=names, tolerance=1e-3)
    case("SVC_zipmap", svm.SVC(probability=True, random_state=0), target=names, zipmap=True, tolerance=1e-3)
    case("SVC_ids_binary", svm.SVC(), target=lambda y: np.where(y > 0, 7, 10), methods=["predict", None])
    case("SVC_f64", svm.SVC(probability=True, random_state=0), kind=DoubleTensorType, tolerance=1e-3)
    case("SVC_digits", svm.SVC(gamma=0.001), DIGITS, fit=(DIGITS.x[:150], DIGITS.y[:150]), methods=["predict", "decision_function"])
    case("SVR_f64", svm.SVR(), DIABETES, kind=DoubleTensorType)
    for m in (svm.NuSVC(probability=True, random_state=0, nu=0.3), svm.NuSVR(), svm.LinearSVC(), svm.LinearSVR(random_state=0)):
        case(type(m).__name__, m, DIABETES if "SVR" in type(m).__name__ else IRIS, tolerance=1e-3)


def near():
    nb = neighbors
    for metric in ("euclidean", "manhattan", "minkowski", "chebyshev", "cosine"):
        extra = {"p": 3} if metric == "minkowski" else {}
        case(f"KNeighborsClassifier_{metric}", nb.KNeighborsClassifier(3, metric=metric, algorithm="brute", **extra))
    case("KNeighborsClassifier_distance", nb.KNeighborsClassifier(5, weights="distance"), tolerance=1e-3)
    case("KNeighborsClassifier_names", nb.KNeighborsClassifier(3), target=names)
    case("KNeighborsClassifier_cdist", nb.KNeighborsClassifier(3), options={"optim": "cdist"}, target_opset={"": 18, "ai.onnx.ml": 3, "com.microsoft": 1})
    case("KNeighborsClassifier_f64", nb.KNeighborsClassifier(3), kind=DoubleTensorType)
    case("KNeighborsClassifier_targets", nb.KNeighborsClassifier(3), target=lambda y: np.stack([y, two(y)], 1), methods=["predict"])
    case("KNeighborsRegressor", nb.KNeighborsRegressor(3), DIABETES)
    case("KNeighborsRegressor_cdist", nb.KNeighborsRegressor(3), DIABETES, options={"optim": "cdist"}, target_opset={"": 18, "ai.onnx.ml": 3, "com.microsoft": 1})
    case("KNeighborsRegressor_distance", nb.KNeighborsRegressor(3, weights="distance"), DIABETES, tolerance=1e-3)
    case("KNeighborsRegressor_targets", nb.KNeighborsRegressor(3), DIABETES, target=lambda y: np.stack([y, -y], 1))
    case("KNeighborsTransformer", nb.KNeighborsTransformer(n_neighbors=2), methods=[None])
    case("NearestNeighbors", nb.NearestNeighbors(n_neighbors=2), methods=[lambda m, x: m.kneighbors(x)[1], lambda m, x: m.kneighbors(x)[0]], tolerance=1e-3)
    case("RadiusNeighborsClassifier", nb.RadiusNeighborsClassifier(1.5), methods=["predict"])
    case("RadiusNeighborsRegressor", nb.RadiusNeighborsRegressor(2.0), IRIS)
    case("NearestCentroid", nb.NearestCentroid(), methods=["predict"])
    case("NeighborhoodComponentsAnalysis", nb.NeighborhoodComponentsAnalysis(2, random_state=0))
    case("LocalOutlierFactor", nb.LocalOutlierFactor(novelty=True), methods=["predict", None])
    for m in (cluster.KMeans(3, n_init=1, random_state=0), cluster.MiniBatchKMeans(3, n_init=1, random_state=0), cluster.BisectingKMeans(3, random_state=0), cluster.Birch(n_clusters=3)):
        case(type(m).__name__, m, methods=["predict", "transform"])


def probability():
    nb, mx = naive_bayes, mixture
    counts = lambda d: np.floor(d.x)
    for m in (nb.GaussianNB(), nb.BernoulliNB(binarize=2.0), nb.MultinomialNB(), nb.ComplementNB(), nb.CategoricalNB(min_categories=10)):
        kind = Int64TensorType if "Categorical" in type(m).__name__ else FloatTensorType
        case(type(m).__name__, m, kind=kind)
        case(type(m).__name__ + "_binary", m, target=two, kind=kind)
    for cov in ("full", "tied", "diag", "spherical"):
        case(f"GaussianMixture_{cov}", mx.GaussianMixture(3, covariance_type=cov, random_state=0), tolerance=1e-3)
    case("BayesianGaussianMixture", mx.BayesianGaussianMixture(n_components=3, random_state=0), tolerance=1e-3)
    da = discriminant_analysis
    case("LDA", da.LinearDiscriminantAnalysis())
    case("LDA_binary", da.LinearDiscriminantAnalysis(), target=two)
    case("QDA", da.QuadraticDiscriminantAnalysis(), tolerance=1e-3)
    gp, k = gaussian_process, gaussian_process.kernels
    small = DIABETES.x[:40], DIABETES.y[:40]
    for tag, kernel in (("rbf", k.RBF(0.2)), ("matern", k.Matern(0.3, nu=1.5)), ("rational", k.RationalQuadratic()), ("dot", k.DotProduct()), ("sine", k.ExpSineSquared()),
                        ("sum", k.ConstantKernel(2) * k.RBF(0.3) + k.WhiteKernel(0.1))):
        case(f"GaussianProcessRegressor_{tag}", gp.GaussianProcessRegressor(kernel, optimizer=None, alpha=1.0), DIABETES, fit=small, tolerance=1e-3)
        case(f"GaussianProcessRegressor_{tag}_f64", gp.GaussianProcessRegressor(kernel, optimizer=None, alpha=1.0), DIABETES, fit=small, kind=DoubleTensorType)
    case("GaussianProcessClassifier", gp.GaussianProcessClassifier(optimizer=None), target=two, tolerance=1e-3)
    case("DummyClassifier", dummy.DummyClassifier())
    case("DummyRegressor", dummy.DummyRegressor(), DIABETES)
    case("EllipticEnvelope", covariance.EllipticEnvelope(random_state=0), methods=["predict"])


def networks():
    nn = neural_network
    for act in ("identity", "logistic", "tanh", "relu"):
        kw = dict(hidden_layer_sizes=(8, 5), activation=act, max_iter=200, random_state=0)
        case(f"MLPClassifier_{act}", nn.MLPClassifier(**kw))
        case(f"MLPClassifier_{act}_binary", nn.MLPClassifier(**kw), target=two)
        case(f"MLPRegressor_{act}", nn.MLPRegressor(**kw), DIABETES)
    case("MLPClassifier_names", nn.MLPClassifier((8,), max_iter=200, random_state=0), target=names, zipmap=True)
    case("MLPClassifier_multilabel", nn.MLPClassifier((8,), max_iter=200, random_state=0), target=lambda y: np.stack([y == 0, y > 1], 1).astype(int))
    case("BernoulliRBM", nn.BernoulliRBM(2))


def projection():
    dc = decomposition
    for m in (dc.PCA(2), dc.PCA(2, whiten=True), dc.IncrementalPCA(2), dc.TruncatedSVD(2), dc.KernelPCA(2, kernel="rbf", gamma=0.1), dc.KernelPCA(2, kernel="poly"),
              dc.KernelPCA(2, kernel="linear"), dc.KernelPCA(2, kernel="sigmoid", gamma=0.001), dc.KernelPCA(2, kernel="cosine"), dc.FastICA(2, random_state=0), dc.FactorAnalysis(2),
              dc.NMF(2), dc.SparsePCA(2, random_state=0), dc.LatentDirichletAllocation(2), dc.DictionaryLearning(2), cross_decomposition.PLSRegression(2), cross_decomposition.CCA(1), cross_decomposition.PLSCanonical(1),
              random_projection.GaussianRandomProjection(2, random_state=0), random_projection.SparseRandomProjection(2, random_state=0), kernel_approximation.RBFSampler(random_state=0, n_components=8),
              kernel_approximation.Nystroem(random_state=0, n_components=8), kernel_approximation.AdditiveChi2Sampler(), kernel_approximation.PolynomialCountSketch(n_components=8, random_state=0)):
        tag = "_" + m.kernel if isinstance(m, dc.KernelPCA) else "_whiten" if getattr(m, "whiten", False) is True else ""
        pls = "PLS" in type(m).__name__ or "CCA" in type(m).__name__
        case(type(m).__name__ + tag, m, DIABETES if pls else IRIS, tolerance=1e-3)
    case("PCA_logistic", P(preprocessing.StandardScaler(), dc.PCA(3), linear_model.LogisticRegression()), WINE)
    case("Nystroem_SGD", P(kernel_approximation.Nystroem(random_state=0, n_components=20), linear_model.SGDClassifier(random_state=0)), methods=["predict"])


def trees():
    en = ensemble
    for kind, cls in (("Classifier", True), ("Regressor", False)):
        data = IRIS if cls else DIABETES
        made = [(f"DecisionTree{kind}", getattr(tree, f"DecisionTree{kind}")(max_depth=4, random_state=0)), (f"ExtraTree{kind}", getattr(tree, f"ExtraTree{kind}")(max_depth=4, random_state=0))]
        for name in ("RandomForest", "ExtraTrees"):
            made.append((name + kind, getattr(en, name + kind)(5, max_depth=3, random_state=0)))
        made += [(f"GradientBoosting{kind}", getattr(en, f"GradientBoosting{kind}")(n_estimators=5, max_depth=2, random_state=0)),
                 (f"HistGradientBoosting{kind}", getattr(en, f"HistGradientBoosting{kind}")(max_iter=5, max_depth=2, random_state=0)),
                 (f"AdaBoost{kind}", getattr(en, f"AdaBoost{kind}")(getattr(tree, f"DecisionTree{kind}")(max_depth=2), n_estimators=4, random_state=0)),
                 (f"Bagging{kind}", getattr(en, f"Bagging{kind}")(getattr(tree, f"DecisionTree{kind}")(max_depth=2), n_estimators=4, random_state=0))]
        for name, m in made:
            case(name, m, data, tolerance=1e-3)
            if cls:
                case(name + "_binary", m, data, target=two, tolerance=1e-3)
                case(name + "_names", m, data, target=names, zipmap=True, tolerance=1e-3)
    case("RandomForestClassifier_f64", en.RandomForestClassifier(5, max_depth=3, random_state=0), kind=DoubleTensorType)
    case("DecisionTreeRegressor_targets", tree.DecisionTreeRegressor(max_depth=3, random_state=0), DIABETES, target=lambda y: np.stack([y, -y], 1))
    case("DecisionTreeClassifier_targets", tree.DecisionTreeClassifier(max_depth=3, random_state=0), target=lambda y: np.stack([y, two(y)], 1), methods=["predict"])
    case("HistGradientBoostingClassifier_missing", en.HistGradientBoostingClassifier(max_iter=5, max_depth=2, random_state=0), fit=(holes(IRIS.x), IRIS.y), rows=holes)
    case("AdaBoostClassifier_logistic", en.AdaBoostClassifier(linear_model.LogisticRegression(), n_estimators=3, random_state=0))
    case("BaggingClassifier_logistic", en.BaggingClassifier(linear_model.LogisticRegression(), n_estimators=3, max_features=2, random_state=0))
    case("BaggingRegressor_ridge", en.BaggingRegressor(linear_model.Ridge(), n_estimators=3, max_features=4, random_state=0), DIABETES)
    case("IsolationForest", en.IsolationForest(n_estimators=5, max_samples=16, random_state=0), target_opset={"": 18, "ai.onnx.ml": 3}, methods=["predict", "decision_function"])
    case("RandomTreesEmbedding", en.RandomTreesEmbedding(n_estimators=3, max_depth=2, random_state=0))


def combined():
    logistic, gauss = linear_model.LogisticRegression(max_iter=500), naive_bayes.GaussianNB()
    for method in ("sigmoid", "isotonic"):
        case(f"CalibratedClassifierCV_{method}", calibration.CalibratedClassifierCV(gauss, method=method, cv=2), tolerance=1e-3)
        case(f"CalibratedClassifierCV_{method}_binary", calibration.CalibratedClassifierCV(gauss, method=method, cv=2), target=two, tolerance=1e-3)
    case("CalibratedClassifierCV_svc", calibration.CalibratedClassifierCV(svm.LinearSVC(), cv=2), tolerance=1e-3)
    case("CalibratedClassifierCV_forest", calibration.CalibratedClassifierCV(ensemble.RandomForestClassifier(3, max_depth=2, random_state=0), cv=2), tolerance=1e-3)
    for voting in ("hard", "soft"):
        case(f"VotingClassifier_{voting}", ensemble.VotingClassifier([("a", logistic), ("b", gauss)], voting=voting, flatten_transform=False, weights=np.array([2, 1])),
             methods=["predict", "predict_proba"] if voting == "soft" else ["predict", None])
    case("VotingClassifier_binary", ensemble.VotingClassifier([("a", logistic), ("b", gauss)], voting="soft", flatten_transform=False), target=two)
    case("VotingRegressor", ensemble.VotingRegressor([("a", linear_model.Ridge()), ("b", linear_model.Lasso())], weights=np.array([1, 3])), DIABETES)
    case("StackingClassifier", ensemble.StackingClassifier([("a", logistic), ("b", gauss)], cv=2))
    case("StackingClassifier_passthrough", ensemble.StackingClassifier([("a", logistic), ("b", gauss)], cv=2, passthrough=True), target=two)
    case("StackingRegressor", ensemble.StackingRegressor([("a", linear_model.Ridge()), ("b", linear_model.Lasso())], cv=2), DIABETES)
    case("MultiOutputRegressor", multioutput.MultiOutputRegressor(linear_model.Ridge()), DIABETES, target=lambda y: np.stack([y, -2 * y + 1], 1))
    case("MultiOutputClassifier", multioutput.MultiOutputClassifier(logistic), target=lambda y: np.stack([two(y), (y == 1).astype(int)], 1), methods=["predict", None])
    case("RegressorChain", multioutput.RegressorChain(linear_model.Ridge()), DIABETES, target=lambda y: np.stack([y, -2 * y + 1], 1))
    case("ClassifierChain", multioutput.ClassifierChain(logistic), target=lambda y: np.stack([two(y), (y == 1).astype(int)], 1), methods=["predict"])
    case("OneVsRestClassifier", multiclass.OneVsRestClassifier(logistic))
    case("OneVsRestClassifier_multilabel", multiclass.OneVsRestClassifier(logistic), target=lambda y: np.stack([two(y), (y == 1).astype(int)], 1))
    case("OneVsOneClassifier", multiclass.OneVsOneClassifier(logistic), methods=["predict", "decision_function"])
    case("OutputCodeClassifier", multiclass.OutputCodeClassifier(logistic, random_state=0), methods=["predict"])
    case("TransformedTargetRegressor", compose.TransformedTargetRegressor(linear_model.Ridge(), transformer=preprocessing.StandardScaler()), DIABETES)
    case("TunedThresholdClassifierCV", model_selection.TunedThresholdClassifierCV(logistic), target=two, methods=["predict"])


def text():
    tx = feature_extraction.text
    docs = np.array(["the cat sat on the mat", "the dog ate the cat", "a dog and a log", "mats and logs", "the end", "cat cat dog", "nothing known here", "", "The CAT!"], object)
    y = np.array([0, 1, 1, 0, 0, 1, 0, 0, 1])
    locale = lambda m: {"more": {id(m): {"locale": "C"}}}  # the default, en_US, is not on every machine
    for name, m in (("CountVectorizer", tx.CountVectorizer()), ("CountVectorizer_binary", tx.CountVectorizer(binary=True)), ("CountVectorizer_bigrams", tx.CountVectorizer(ngram_range=(1, 2))),
                    ("CountVectorizer_chars", tx.CountVectorizer(analyzer="char", ngram_range=(1, 2))), ("TfidfVectorizer", tx.TfidfVectorizer()), ("TfidfVectorizer_l1", tx.TfidfVectorizer(norm="l1", sublinear_tf=False)),
                    ("TfidfVectorizer_pattern", tx.TfidfVectorizer(token_pattern="[a-zA-Z]+")), ("HashingVectorizer", tx.HashingVectorizer(n_features=16))):
        case(name, m, fit=(docs, y), types=[("x", StringTensorType([None, 1]))], feed=({"x": docs.reshape(-1, 1)}, docs), **locale(m))
    m = tx.TfidfVectorizer()
    case("TfidfVectorizer_logistic", P(m, linear_model.LogisticRegression()), fit=(docs, y), types=[("x", StringTensorType([None, 1]))], feed=({"x": docs.reshape(-1, 1)}, docs), **locale(m))
    case("TfidfTransformer", tx.TfidfTransformer(), fit=(np.floor(IRIS.x), IRIS.y), rows=np.floor)
    case("TfidfTransformer_sublinear", tx.TfidfTransformer(sublinear_tf=True, norm="l1"), fit=(np.floor(IRIS.x), IRIS.y), rows=lambda x: np.floor(x) + 1)


if __name__ == "__main__":
    for family in (linear, scaling, encoding, columns, vectors, near, probability, networks, projection, trees, combined, text):
        family()
    if not chosen:
        with open(f"{HERE}/sklearn.json", "w") as f:
            f.write("[" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "]\n")
    print(f"{len(cases)} cases, {len(failed)} not exported")
