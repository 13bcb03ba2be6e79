#!/usr/bin/env python3
"""Makes the model fixtures of this directory.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python make.py

Every model is trained here, on data sets that ship with scikit-learn. NAME.onnx is the model; NAME.json holds some rows of
inputs, what ONNX Runtime gives for them ("outputs") and what the framework itself gives ("framework", where the names
match). classifier.onnx with iris.csv is the demo's.
"""
import csv, json, os, warnings

import numpy as np
import onnx
import onnxruntime as ort
import pandas as pd
from onnx import TensorProto, helper, numpy_helper
from sklearn import datasets
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import VotingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, PoissonRegressor, Ridge, RidgeClassifier, SGDClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (Binarizer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, PolynomialFeatures,
                                   PowerTransformer, RobustScaler, StandardScaler)
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType

from arrays import HERE, plain

warnings.filterwarnings("ignore")
ROWS = 24


def data(load):
    """Features, labels and the spread-out rows that go into the fixture."""
    d = load()
    x = d.data.astype(np.float32)
    return x, d.target, x[:: max(1, len(x) // ROWS)][:ROWS]


def save(name, model, inputs, framework=None):
    """Writes the model and, from a run of ONNX Runtime, its expected outputs."""
    raw = model if isinstance(model, bytes) else model.SerializeToString()
    session = ort.InferenceSession(raw, providers=["CPUExecutionProvider"])
    got = session.run(None, inputs)
    outputs = {}
    for o, v in zip(session.get_outputs(), got):
        if isinstance(v, list):  # ZipMap: a dictionary a row
            v = np.array([[row[k] for k in row] for row in v], np.float32)
        outputs[o.name] = plain(v)
    with open(f"{HERE}/{name}.onnx", "wb") as f:
        f.write(raw)
    doc = {"inputs": {k: plain(v) for k, v in inputs.items()}, "outputs": outputs}
    doc["framework"] = {k: plain(v) for k, v in (framework or {}).items()}
    with open(f"{HERE}/{name}.json", "w") as f:
        json.dump(doc, f, separators=(",", ":"))
        f.write("\n")


# -- the demo --------------------------------------------------------------------------------------------------------------

def demo():
    x, y, rows = data(datasets.load_iris)
    fit = LogisticRegression(max_iter=1000).fit(x, y)
    w, b = fit.coef_.T.astype(np.float32), fit.intercept_.astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["x", "w", "b"], ["scores"], name="linear"),
         helper.make_node("ArgMax", ["scores"], ["class"], name="decide", axis=1, keepdims=0)],
        "classifier", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 4])],
        [helper.make_tensor_value_info("class", TensorProto.INT64, ["N"])],
        [numpy_helper.from_array(w, "w"), numpy_helper.from_array(b, "b")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="make.py")
    helper.set_model_props(model, {"feature_names": "c1,c2,c3,c4"})
    save("classifier", model, {"x": rows}, {"class": fit.predict(rows)})
    with open(f"{HERE}/iris.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["id", "real_class", "c1", "c2", "c3", "c4"])
        for i, (row, label) in enumerate(zip(x, y), 1):
            out.writerow([i, label, *[str(v) for v in row]])


# -- scikit-learn ----------------------------------------------------------------------------------------------------------

def sklearn(name, model, load, target=None, rows=None, kind=FloatTensorType, zipmap=None, input_name="x", **options):
    x, y, sample = data(load)
    y = y if target is None else target(y)
    sample = sample if rows is None else rows(sample)
    model.fit(x.astype(np.float64) if kind is DoubleTensorType else x, y)
    if kind is DoubleTensorType:
        sample = sample.astype(np.float64)
    opts = {} if zipmap is None else {id(model): {"zipmap": zipmap, **options}}
    file = to_onnx(model, initial_types=[(input_name, kind([None, x.shape[1]]))], options=opts)
    names = [o.name for o in file.graph.output]
    frame = {names[0]: np.asarray(model.predict(sample))}
    if options.get("raw_scores"):
        frame[names[1]] = model.decision_function(sample)
    elif len(names) > 1 and hasattr(model, "predict_proba"):
        frame[names[1]] = np.asarray(model.predict_proba(sample))
    save(name, file, {input_name: sample}, frame)


def all_sklearn():
    iris, wine, cancer, diabetes, digits = (datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer,
                                            datasets.load_diabetes, datasets.load_digits)
    species = lambda y: np.array(["setosa", "versicolor", "virginica"])[y]
    logistic = lambda: LogisticRegression(max_iter=5000)
    sklearn("sk_linreg_diabetes", LinearRegression(), diabetes)
    sklearn("sk_linreg_f64_diabetes", LinearRegression(), diabetes, kind=DoubleTensorType)
    sklearn("sk_ridge_two_targets_diabetes", Ridge(), diabetes, target=lambda y: np.stack([y, -2 * y + 1], 1))
    sklearn("sk_scaled_ridge_diabetes", make_pipeline(StandardScaler(), Ridge()), diabetes)
    sklearn("sk_logreg_iris", logistic(), iris)
    sklearn("sk_logreg_iris_array", logistic(), iris, zipmap=False)
    sklearn("sk_logreg_iris_names", logistic(), iris, target=species, zipmap=False)
    sklearn("sk_logreg_iris_raw", logistic(), iris, zipmap=False, raw_scores=True)
    sklearn("sk_logreg_cancer", make_pipeline(StandardScaler(), logistic()), cancer)
    sklearn("sk_logreg_cancer_names", make_pipeline(StandardScaler(), logistic()), cancer, target=lambda y: np.array(["bad", "good"])[y])
    sklearn("sk_logreg_ids_cancer", make_pipeline(StandardScaler(), logistic()), cancer, target=lambda y: np.array([10, 7])[y])
    for scaler in (StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), Normalizer("l1"), Normalizer("l2"), Normalizer("max")):
        tag = type(scaler).__name__.lower().replace("scaler", "") + getattr(scaler, "norm", "")
        sklearn(f"sk_{tag}_logreg_wine", make_pipeline(scaler, logistic()), wine)
    sklearn("sk_clip_minmax_logreg_wine", make_pipeline(MinMaxScaler(clip=True), logistic()), wine)
    sklearn("sk_binarizer_logreg_digits", make_pipeline(Binarizer(threshold=7), LogisticRegression(max_iter=300)), digits)
    holes = lambda x: np.where(np.arange(x.size).reshape(x.shape) % 7 == 3, np.float32("nan"), x)
    sklearn("sk_imputer_logreg_wine", make_pipeline(SimpleImputer(), StandardScaler(), logistic()), wine, rows=holes)
    sklearn("sk_lda_wine", LinearDiscriminantAnalysis(), wine)
    sklearn("sk_ridge_classifier_iris", RidgeClassifier(), iris)
    sklearn("sk_sgd_iris", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)), iris)
    mlp = lambda kind, act, *hidden: kind(hidden_layer_sizes=hidden, activation=act, max_iter=300, random_state=0)
    sklearn("sk_mlp_relu_digits", make_pipeline(StandardScaler(), mlp(MLPClassifier, "relu", 24)), digits)
    sklearn("sk_mlp_tanh_iris", mlp(MLPClassifier, "tanh", 8, 6), iris, zipmap=False)
    sklearn("sk_mlp_logistic_cancer", make_pipeline(StandardScaler(), mlp(MLPClassifier, "logistic", 10)), cancer)
    sklearn("sk_mlp_names_iris", mlp(MLPClassifier, "relu", 8), iris, target=species)
    sklearn("sk_mlp_regressor_diabetes", make_pipeline(MinMaxScaler(), mlp(MLPRegressor, "relu", 16, 8)), diabetes)
    sklearn("sk_pca_logreg_wine", make_pipeline(StandardScaler(), PCA(3, whiten=True), logistic()), wine)
    sklearn("sk_polynomial_logreg_iris", make_pipeline(PolynomialFeatures(2), StandardScaler(), logistic()), iris)
    sklearn("sk_power_logreg_iris", make_pipeline(PowerTransformer(), logistic()), iris)
    sklearn("sk_bins_logreg_iris", make_pipeline(KBinsDiscretizer(4, encode="onehot-dense", quantile_method="averaged_inverted_cdf"), logistic()), iris)
    sklearn("sk_calibrated_iris", CalibratedClassifierCV(logistic()), iris)
    sklearn("sk_gaussian_bayes_iris", GaussianNB(), iris)
    sklearn("sk_bernoulli_bayes_iris", BernoulliNB(binarize=2.0), iris)
    sklearn("sk_poisson_diabetes", PoissonRegressor(), diabetes)
    sklearn("sk_voting_diabetes", VotingRegressor([("ridge", Ridge()), ("lasso", Lasso())]), diabetes)
    sklearn("sk_kmeans_iris", KMeans(3, n_init=1, random_state=0), iris)
    columns(logistic())
    mixed(logistic())


def columns(model):
    """One input [N,1] a column, as skl2onnx makes of a data frame."""
    x, y, rows = data(datasets.load_iris)
    names = ["sepal_length", "sepal_width", "petalLength", "PetalWidth"]
    pipe = make_pipeline(ColumnTransformer([("scale", StandardScaler(), [0, 1]), ("range", MinMaxScaler(), [2, 3])]), model).fit(x, y)
    file = to_onnx(pipe, initial_types=[(n, FloatTensorType([None, 1])) for n in names])
    out = [o.name for o in file.graph.output]
    save("sk_columns_iris", file, {n: rows[:, i:i + 1] for i, n in enumerate(names)},
         {out[0]: pipe.predict(rows), out[1]: pipe.predict_proba(rows)})


def mixed(model):
    """Text, integer and float columns: one-hot encoding beside scaling."""
    x, y, rows = data(datasets.load_wine)
    def split(a):
        return {"shade": np.array([["light", "medium", "dark"][min(2, int(v) // 4)] for v in a[:, 9]], object).reshape(-1, 1),
                "acid": a[:, 1:2].astype(np.int64), "rest": a[:, 2:6]}
    parts = split(x)
    whole = np.concatenate([parts["shade"], parts["acid"].astype(object), parts["rest"].astype(object)], 1)
    pipe = make_pipeline(ColumnTransformer([("hot", OneHotEncoder(handle_unknown="ignore", sparse_output=False), [0]),
                                            ("count", OneHotEncoder(handle_unknown="ignore", sparse_output=False), [1]),
                                            ("scale", StandardScaler(), [2, 3, 4, 5])]), model)
    frame = pd.DataFrame({"shade": parts["shade"][:, 0], "acid": parts["acid"][:, 0], **{f"f{i}": parts["rest"][:, i] for i in range(4)}})
    pipe.fit(frame, y)
    file = to_onnx(pipe, initial_types=[("shade", StringTensorType([None, 1])), ("acid", Int64TensorType([None, 1]))] +
                   [(f"f{i}", FloatTensorType([None, 1])) for i in range(4)])
    sample = split(rows)
    sample["shade"][3] = "unseen"
    feed = {"shade": sample["shade"], "acid": sample["acid"], **{f"f{i}": sample["rest"][:, i:i + 1] for i in range(4)}}
    save("sk_mixed_wine", file, feed)


# -- PyTorch ---------------------------------------------------------------------------------------------------------------

def all_torch():
    import torch
    from torch import nn

    def train(net, x, y, loss, steps=150):
        opt = torch.optim.Adam(net.parameters(), 0.01)
        net.train()
        for _ in range(steps):
            opt.zero_grad()
            loss(net(x), y).backward()
            opt.step()
        return net.eval()

    def export(name, net, rows, names=("y",)):
        rows = rows if isinstance(rows, tuple) else (rows,)
        inputs = ("x", "z")[:len(rows)]
        with torch.no_grad():
            want = net(*rows)
        want = want if isinstance(want, tuple) else (want,)
        for style in ("script", "dynamo"):
            path = f"{HERE}/pt_{name}_{style}.onnx"
            if style == "script":
                torch.onnx.export(net, rows, path, input_names=inputs, output_names=names, dynamo=False, opset_version=17,
                                  dynamic_axes={n: {0: "batch"} for n in (*inputs, *names)})
            else:
                torch.onnx.export(net, rows, path, input_names=inputs, output_names=names, dynamo=True, external_data=False, verbose=False,
                                  dynamic_shapes=tuple({0: torch.export.Dim("batch")} for _ in rows))
            file = onnx.load(path)
            for node in file.graph.node:  # traces of the exporter's own source files
                del node.metadata_props[:]
                node.doc_string = ""
            del file.graph.metadata_props[:]
            for v in list(file.graph.value_info) + list(file.graph.input) + list(file.graph.output) + list(file.graph.initializer):
                del v.metadata_props[:]
            save(f"pt_{name}_{style}", file, {n: r.numpy() for n, r in zip(inputs, rows)}, {n: w.numpy() for n, w in zip(names, want)})

    torch.manual_seed(0)
    tensors = {}
    for key, load in (("iris", datasets.load_iris), ("cancer", datasets.load_breast_cancer), ("diabetes", datasets.load_diabetes), ("digits", datasets.load_digits)):
        x, y, rows = data(load)
        tensors[key] = torch.tensor(x), torch.tensor(y), torch.tensor(rows)
    ce = nn.CrossEntropyLoss()

    class Standard(nn.Module):
        """Standardises with the training set's mean and deviation."""
        def __init__(self, x):
            super().__init__()
            self.register_buffer("mean", x.mean(0)), self.register_buffer("std", x.std(0))
        def forward(self, x):
            return (x - self.mean) / self.std

    x, y, rows = tensors["iris"]
    export("linear_iris", train(nn.Linear(4, 3), x, y, ce), rows)
    export("mlp_iris", train(nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 3)), x, y, ce), rows)
    export("tanh_softmax_iris", nn.Sequential(train(nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)), x, y, ce), nn.Softmax(dim=1)), rows)
    export("batchnorm_iris", train(nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 3), nn.LogSoftmax(dim=-1)), x, y, nn.NLLLoss()), rows)

    class Labelled(nn.Module):
        """Two outputs: the label and the probabilities."""
        def __init__(self, net):
            super().__init__()
            self.net = net
        def forward(self, x):
            z = self.net(x)
            return z.argmax(1), torch.softmax(z, 1)
    export("labelled_iris", Labelled(train(nn.Sequential(Standard(x), nn.Linear(4, 8), nn.Sigmoid(), nn.Linear(8, 3)), x, y, ce)), rows, ("label", "probabilities"))
    for tag, act in (("gelu", nn.GELU()), ("gelu_tanh", nn.GELU(approximate="tanh")), ("silu", nn.SiLU()), ("elu", nn.ELU(0.7)), ("leaky", nn.LeakyReLU(0.2)), ("selu", nn.SELU()),
                     ("softplus", nn.Softplus()), ("hardswish", nn.Hardswish()), ("hardsigmoid", nn.Hardsigmoid()), ("relu6", nn.ReLU6()), ("prelu", nn.PReLU()),
                     ("mish", nn.Mish()), ("celu", nn.CELU(0.6)), ("softsign", nn.Softsign()), ("hardtanh", nn.Hardtanh(-0.5, 2.0))):
        export(f"{tag}_iris", train(nn.Sequential(nn.Linear(4, 5), act, nn.Linear(5, 3)), x, y, ce, 40), rows)
    export("layernorm_iris", train(nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(6), nn.ReLU(), nn.Linear(6, 3)), x, y, ce), rows)

    class Residual(nn.Module):
        """Two inputs, and a connection around a layer."""
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(4, 4), nn.Linear(7, 2)
        def forward(self, x, z):
            return self.b(torch.cat([x + torch.relu(self.a(x)), z], 1))
    export("residual_iris", Residual().eval(), (rows, rows[:, :3] * 2))

    class Nearest(nn.Module):
        """The nearest of some points, as k-means has it, and the squared distances."""
        def __init__(self, points):
            super().__init__()
            self.register_buffer("points", points)
        def forward(self, x):
            d = ((nn.functional.normalize(x, dim=1)[:, None, :] - self.points) ** 2).sum(-1)
            return d.argmin(1), d
    export("nearest_iris", Nearest(nn.functional.normalize(x[::50], dim=1)), rows, ("nearest", "distances"))

    class Decided(nn.Module):
        """A decision as an integer, with a column of ones for the bias."""
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([[-9.0], [0.5], [1.5], [0.2], [-0.3]]))
        def forward(self, x):
            return (torch.sigmoid(torch.cat([torch.ones(x.shape[0], 1), x], 1) @ self.w) > 0.3).long().squeeze(1)
    export("decided_iris", Decided().eval(), rows, ("decision",))

    x, y, rows = tensors["cancer"]
    class Squeezed(nn.Module):
        """A probability of shape [N]."""
        def __init__(self, net):
            super().__init__()
            self.net = net
        def forward(self, x):
            return torch.sigmoid(self.net(x)).squeeze(-1)
    export("binary_cancer", train(Squeezed(nn.Sequential(Standard(x), nn.Linear(30, 8), nn.ReLU(), nn.Linear(8, 1))), x, y.float(), nn.BCELoss()), rows, ("probability",))

    x, y, rows = tensors["diabetes"]
    export("regressor_diabetes", train(nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 1)), x, y.float()[:, None], nn.MSELoss(), 300), rows, ("progression",))

    x, y, rows = tensors["digits"]
    x, rows = x.reshape(-1, 1, 8, 8), rows.reshape(-1, 1, 8, 8)
    export("flatten_digits", train(nn.Sequential(nn.Flatten(), nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10)), x, y, ce), rows)

    class Viewed(nn.Module):
        """Flattens by a shape computed from the batch size, pools rows of pixels, cuts and joins."""
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(64, 12), nn.Linear(16, 10)
        def forward(self, x):
            n = x.size(0)
            pooled = x.mean(dim=3).view(n, -1)
            z = torch.relu(self.a(x.view(n, -1) / 16.0))
            left, right = z.chunk(2, dim=1)
            return self.b(torch.cat([left * right, z[:, 2:4], pooled.clamp(0, 10)], 1)[:, :16])
    export("view_digits", train(Viewed(), x, y, ce), rows)

    class Steps(nn.Module):
        """Reads an image line by line and classifies by what pick makes of the states."""
        def __init__(self, layer, width, pick, batch_first):
            super().__init__()
            self.layer, self.last, self.pick, self.batch_first = layer, nn.Linear(width, 10), pick, batch_first

        def forward(self, x):
            x = (x / 16).reshape(-1, 8, 8)
            y, h = self.layer(x if self.batch_first else x.transpose(0, 1))
            return self.last(self.pick(y, h[0] if isinstance(h, tuple) else h))

    export("lstm_digits", train(Steps(nn.LSTM(8, 16, num_layers=2, batch_first=True), 16, lambda y, h: y[:, -1], True), x, y, ce), rows)


if __name__ == "__main__":
    demo()
    all_sklearn()
    all_torch()
